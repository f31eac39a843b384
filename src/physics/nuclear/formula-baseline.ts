import { matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import { type BindingData, type FormulaFit, fitMassFormula, formulaDesign } from "./fits.ts";
import { formulaBinding, type MassFormula } from "./liquid-drop.ts";
import type { MassBaseline } from "./mass-baseline.ts";
import type { Nuclei } from "./nuclides.ts";

/** A mass formula with the coefficients it was published with. States no uncertainty. */
export function textbookBaseline(formula: MassFormula): MassBaseline {
  return {
    name: `${formula.name}_textbook`,
    title: `${formula.title}, textbook`,
    help: `${formula.title} with its published coefficients`,
    citation: formula.citation,
    async predict({ nuclei }) {
      const binding = formulaBinding(formula, nuclei);
      return { binding, sigma: new Float64Array(binding.length).fill(Number.NaN), chosen: {} };
    },
  };
}

/**
 * A mass formula fitted by least squares. Its uncertainty is the scatter of the residuals with that of the
 * coefficients, s²(1 + xᵀ(XᵀX)⁻¹x): as if the formula's errors were independent from one nucleus to the next.
 */
export function fittedBaseline(formula: MassFormula): MassBaseline {
  return {
    name: `${formula.name}_fitted`,
    title: `${formula.title}, fitted`,
    help: `${formula.title} with ${formula.parts.length} coefficients fitted by least squares`,
    citation: formula.citation,
    async predict({ train, nuclei }) {
      const fit = fitMassFormula(formula, train);
      const binding = formulaBinding(formula, nuclei, fit.coefficients);
      return { binding, sigma: formulaDeviation(fit, nuclei), chosen: {} };
    },
  };
}

/** What a fitted formula leaves of the binding energies `data`, keV. */
export function formulaResiduals(fit: FormulaFit, data: BindingData): Float64Array {
  return formulaBinding(fit.formula, data, fit.coefficients).map((value, i) => data.binding[i]! - value);
}

/** √(s² + xᵀ·covariance·x) in keV at each nucleus, x the terms of the formula. */
function formulaDeviation(fit: FormulaFit, nuclei: Nuclei): Float64Array {
  const { formula, covariance, nuclei: fitted } = fit;
  const design = formulaDesign(formula, nuclei);
  const p = design.cols;
  const scatter = (fit.rms / 1000) ** 2 * (fitted / (fitted - p));
  return Float64Array.from({ length: design.rows }, (_, i) => {
    const x = rowOf(design, i);
    let variance = scatter;
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) variance += x[a]! * covariance.data[a * p + b]! * x[b]!;
    }
    return 1000 * Math.sqrt(variance);
  });
}

/** Z and N of every nucleus as points in the plane, m×2. */
export function nuclidePoints(nuclei: Nuclei) {
  const points = matrix(nuclei.z.length, 2);
  for (let i = 0; i < points.rows; i++) {
    points.data[2 * i] = nuclei.z[i]!;
    points.data[2 * i + 1] = nuclei.n[i]!;
  }
  return points;
}
