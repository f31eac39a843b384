import { usageError } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { qr } from "../../linalg/qr.ts";
import { solveLowerRows } from "../../linalg/solve-lower.ts";
import { transpose } from "../../linalg/transpose.ts";
import {
  fitRidge,
  type NormalEquations,
  normalEquations,
  type RidgeFit,
  ridgeDeviation,
  ridgeMean,
} from "../../stats/ridge.ts";
import { type BindingData, formulaDesign } from "./fits.ts";
import type { MassFormula } from "./liquid-drop.ts";
import { innerSplit, leastError, type MassBaseline } from "./mass-baseline.ts";
import type { Nuclei } from "./nuclides.ts";

/** The ridge strengths that are tried; at 1 a constant is drawn to zero as by one nucleus that says so. */
export const ridgeGrid: readonly number[] = [1e-3, 1e-2, 0.03, 0.1, 0.3, 1, 3, 10];

/**
 * A mass formula with one more constant for every Z and for every N, B = formula + c_Z[Z] + c_N[N], all fitted
 * together: the formula's coefficients by least squares, the constants with a ridge penalty chosen on a fifth of the
 * training nuclei held out once more. A Z or N that did not train has no constant. The factorisation of Jaffe (1969),
 * as Richardson, Trifinopoulos & Williams (arXiv:2508.08370) use it.
 */
export function additiveBaseline(
  formula: MassFormula,
  options: { ridges?: readonly number[] } = {},
): MassBaseline {
  const { ridges = ridgeGrid } = options;
  if (ridges.length === 0) throw usageError("additiveBaseline: no ridge strength to choose from");
  return {
    name: `${formula.name}_additive`,
    title: `${formula.title} + c(Z) + c(N)`,
    help: `${formula.title} with one more constant for every Z and every N, fitted together with a ridge penalty on the constants`,
    citation: `${formula.citation}; Richardson, Trifinopoulos & Williams, arXiv:2508.08370 (2025)`,
    async predict({ train, nuclei, random }) {
      const ridge =
        ridges.length === 1 ? ridges[0]! : await chooseRidge(ridges, formula, train, random.fork("inner"));
      const fit = additiveEquations(formula, train).fit(ridge);
      return { binding: fit.mean(nuclei), sigma: fit.deviation(nuclei), chosen: { ridge } };
    },
  };
}

/**
 * Fits the formula and its constants to `data` for several strengths of the ridge: returns a function of the strength,
 * whose `mean` and `deviation` are in keV at any nuclei.
 * @throws UserError for a ridge that is not positive: the constants repeat the volume term exactly.
 */
export function additiveEquations(formula: MassFormula, data: BindingData) {
  const basis = additiveBasis(formula, data);
  const equations: NormalEquations = normalEquations(basis.design(data), data.binding);
  return {
    fit(ridge: number) {
      if (!(ridge > 0 && ridge < Infinity)) {
        throw usageError(`additiveEquations: ridge ${ridge}; expected a positive number`);
      }
      const free = formula.parts.length;
      const penalties = Float64Array.from({ length: basis.size }, (_, j) => (j < free ? 0 : ridge));
      const fitted: RidgeFit = fitRidge(equations, penalties);
      return {
        mean: (nuclei: Nuclei) => ridgeMean(fitted, basis.design(nuclei)),
        deviation: (nuclei: Nuclei) => ridgeDeviation(fitted, basis.design(nuclei)),
      };
    },
  };
}

/** The columns: the formula's terms, orthonormal on `train`, then one for each Z and each N that trains. */
function additiveBasis(
  formula: MassFormula,
  train: Nuclei,
): { size: number; design(nuclei: Nuclei): Matrix } {
  const p = formula.parts.length;
  const lower = transpose(qr(formulaDesign(formula, train)).r);
  const ofZ = new Map([...new Set(Array.from(train.z))].map((z, j) => [z, p + j]));
  const ofN = new Map([...new Set(Array.from(train.n))].map((n, j) => [n, p + ofZ.size + j]));
  const size = p + ofZ.size + ofN.size;
  return {
    size,
    design(nuclei) {
      const terms = solveLowerRows(lower, formulaDesign(formula, nuclei));
      const design = matrix(nuclei.z.length, size);
      for (let i = 0; i < design.rows; i++) {
        design.data.set(terms.data.subarray(i * p, (i + 1) * p), i * size);
        for (const place of [ofZ.get(nuclei.z[i]!), ofN.get(nuclei.n[i]!)]) {
          if (place !== undefined) design.data[i * size + place] = 1;
        }
      }
      return design;
    },
  };
}

async function chooseRidge(
  ridges: readonly number[],
  formula: MassFormula,
  train: BindingData,
  random: Parameters<typeof innerSplit>[1],
): Promise<number> {
  const { fit, check } = innerSplit(train, random);
  const equations = additiveEquations(formula, fit);
  const { candidate } = await leastError(ridges, (ridge) =>
    equations
      .fit(ridge)
      .mean(check)
      .map((value, i) => value - check.binding[i]!),
  );
  return candidate;
}
