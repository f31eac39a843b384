import { UserError } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { leastSquares } from "../../stats/least-squares.ts";
import type { MassFormula } from "./liquid-drop.ts";
import type { Nuclei } from "./nuclides.ts";
import { termValues } from "./terms.ts";

/** Nuclei with their binding energies. */
export interface BindingData extends Nuclei {
  /** Total binding energy, keV. */
  binding: ArrayLike<number>;
  /** One standard deviation, keV; needed to weight by. */
  uncertainty?: ArrayLike<number>;
}

/** A mass formula fitted to data. */
export interface FormulaFit {
  formula: MassFormula;
  /** MeV, in the order of the formula's parts. */
  coefficients: Float64Array;
  /** One standard deviation of each coefficient, MeV, from the scatter of the residuals. */
  standardErrors: Float64Array;
  covariance: Matrix;
  /**
   * Root mean square residual over the fitted nuclei, keV, each nucleus counting the same. `formulaBinding` is a little
   * better where the sum is negative, which it takes as 0; that happens for a few unbound light nuclei only.
   */
  rms: number;
  nuclei: number;
}

/**
 * The least-squares coefficients of `formula`. Every coefficient is free.
 * @param options.weights "none": each nucleus counts the same. "uncertainty": weight 1/(σ² + modelError²).
 * @param options.modelError what the formula itself is taken to miss, keV. At 0 the few nuclei whose masses are known
 * to an electronvolt decide the fit, which is rarely wanted of a formula that is wrong by a megaelectronvolt.
 * @throws UserError for a binding energy that is not a number and, when weighted, for a nucleus without uncertainty.
 */
export function fitMassFormula(
  formula: MassFormula,
  data: BindingData,
  options: { weights?: "none" | "uncertainty"; modelError?: number } = {},
): FormulaFit {
  const { weights = "none", modelError = 0 } = options;
  const rows = data.z.length;
  const design = formulaDesign(formula, data);
  const weight = weights === "uncertainty" ? uncertaintyWeights(data, modelError) : undefined;
  const y = Float64Array.from(data.binding, (keV) => keV / 1000);
  const names = formula.parts.map((part) => part.symbol);
  const fit = leastSquares(design, y, { names, ...(weight ? { weights: weight } : {}) });
  const { coefficients, standardErrors, covariance } = fit;
  return { formula, coefficients, standardErrors, covariance, rms: 1000 * fit.rms, nuclei: rows };
}

/** The terms of `formula` at every nucleus with their signs, nuclei × parts: B in MeV is this times the coefficients. */
export function formulaDesign(formula: MassFormula, nuclei: Nuclei): Matrix {
  const cols = formula.parts.length;
  const design = matrix(nuclei.z.length, cols);
  formula.parts.forEach(({ term, sign }, j) => {
    termValues(term, nuclei).forEach((value, i) => {
      design.data[i * cols + j] = sign * value;
    });
  });
  return design;
}

/** Root mean square of predicted − actual. @throws UserError for lengths that differ and for none. */
export function rmsError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (predicted.length !== actual.length || predicted.length === 0) {
    throw new UserError(`rmsError: ${predicted.length} predictions for ${actual.length} values`);
  }
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) sum += (predicted[i]! - actual[i]!) ** 2;
  return Math.sqrt(sum / predicted.length);
}

function uncertaintyWeights({ z, n, uncertainty }: BindingData, modelError: number): Float64Array {
  if (!(modelError >= 0 && modelError < Infinity)) {
    throw new UserError(`fitMassFormula: modelError ${modelError} keV; expected a number of at least 0`);
  }
  return Float64Array.from({ length: z.length }, (_, i) => {
    const sigma = uncertainty?.[i];
    const variance = (sigma ?? Number.NaN) ** 2 + modelError ** 2;
    if (variance > 0 && variance < Infinity) return 1e6 / variance;
    throw new UserError(
      `fitMassFormula: nucleus Z = ${z[i]}, N = ${n[i]} has uncertainty ${sigma} keV and the formula ${modelError} keV; weighting needs one above 0: leave it out or give modelError`,
    );
  });
}
