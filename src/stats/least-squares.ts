import { UserError } from "../core/errors.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import { applyQTransposed, qr, solveUpper } from "../linalg/qr.ts";

/** A linear least-squares fit and how far its coefficients can be trusted. */
export interface LeastSquares {
  coefficients: Float64Array;
  /** One standard deviation of each coefficient: the root of the covariance's diagonal. */
  standardErrors: Float64Array;
  /** The coefficients' covariance, p × p. */
  covariance: Matrix;
  /** y − X·coefficients. */
  residuals: Float64Array;
  /** Root mean square of the residuals, each row counting the same. */
  rms: number;
  /** Σ wᵢ rᵢ² / (n − p): with weights 1/σ², the reduced χ². */
  variance: number;
  degreesOfFreedom: number;
}

/**
 * The coefficients c that minimise Σ wᵢ (yᵢ − Σⱼ Xᵢⱼ cⱼ)², by QR of the weighted design with columns scaled to length
 * one. Covariance: s²(XᵀWX)⁻¹ with s² = Σ wᵢ rᵢ²/(n − p) (`errors: "scatter"`, the default: the residual scatter
 * stands for the error, also where the model is incomplete), or (XᵀWX)⁻¹ (`errors: "weights"`: the weights are 1/σ²
 * and believed). Source: Björck, Numerical Methods for Least Squares Problems (1996), ch. 2.
 * @param design n × p, n > p. @param y n values. @param options.names the columns' names, for messages.
 * @throws UserError for lengths that differ, values that are not finite, weights that are not positive, too few rows
 * and columns that depend on each other.
 */
export function leastSquares(
  design: Matrix,
  y: ArrayLike<number>,
  options: { weights?: ArrayLike<number>; errors?: "scatter" | "weights"; names?: readonly string[] } = {},
): LeastSquares {
  const { rows: n, cols: p } = design;
  const { weights, errors = "scatter" } = options;
  const name = (j: number) => options.names?.[j] ?? `column ${j}`;
  if (y.length !== n)
    throw new UserError(`leastSquares: ${y.length} values of y for ${n} rows of the design`);
  if (n <= p) throw new UserError(`leastSquares: ${n} rows for ${p} coefficients; expected more rows`);
  if (weights && weights.length !== n) {
    throw new UserError(`leastSquares: ${weights.length} weights for ${n} rows`);
  }
  const scale = new Float64Array(p);
  const weighted = matrix(n, p);
  const target = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const w = weights ? weights[i]! : 1;
    if (!(w > 0 && w < Infinity)) {
      throw new UserError(`leastSquares: weight of row ${i} is ${w}; expected a positive number`);
    }
    if (!Number.isFinite(y[i]!))
      throw new UserError(`leastSquares: y of row ${i} is ${y[i]}; expected a number`);
    const root = Math.sqrt(w);
    target[i] = root * y[i]!;
    for (let j = 0; j < p; j++) {
      const value = design.data[i * p + j]!;
      if (!Number.isFinite(value)) {
        throw new UserError(`leastSquares: ${name(j)} of row ${i} is ${value}; expected a number`);
      }
      weighted.data[i * p + j] = root * value;
      scale[j]! += (root * value) ** 2;
    }
  }
  for (let j = 0; j < p; j++) {
    scale[j] = Math.sqrt(scale[j]!);
    if (scale[j] === 0) throw new UserError(`leastSquares: ${name(j)} is zero in every row; leave it out`);
  }
  for (let i = 0; i < n * p; i++) weighted.data[i]! /= scale[i % p]!;
  const factors = qr(weighted);
  for (let j = 0; j < p; j++) {
    if (Math.abs(factors.r.data[j * p + j]!) < 1e-12) {
      throw new UserError(
        `leastSquares: ${name(j)} is a combination of the columns before it; leave one out`,
      );
    }
  }
  const scaled = solveUpper(factors.r, applyQTransposed(factors, target));
  const coefficients = scaled.map((value, j) => value / scale[j]!);

  const residuals = new Float64Array(n);
  let chi2 = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let fitted = 0;
    for (let j = 0; j < p; j++) fitted += design.data[i * p + j]! * coefficients[j]!;
    const residual = y[i]! - fitted;
    residuals[i] = residual;
    squares += residual ** 2;
    chi2 += (weights ? weights[i]! : 1) * residual ** 2;
  }
  const degreesOfFreedom = n - p;
  const variance = chi2 / degreesOfFreedom;
  const covariance = inverseGram(factors.r, scale, errors === "scatter" ? variance : 1);
  const standardErrors = Float64Array.from({ length: p }, (_, j) => Math.sqrt(covariance.data[j * p + j]!));
  const rms = Math.sqrt(squares / n);
  return { coefficients, standardErrors, covariance, residuals, rms, variance, degreesOfFreedom };
}

/** factor · D⁻¹ (RᵀR)⁻¹ D⁻¹ with D the diagonal matrix of `scale`. */
function inverseGram(r: Matrix, scale: Float64Array, factor: number): Matrix {
  const p = r.cols;
  const inverse = matrix(p, p);
  for (let j = 0; j < p; j++) {
    const unit = new Float64Array(p);
    unit[j] = 1;
    const column = solveUpper(r, unit);
    for (let i = 0; i < p; i++) inverse.data[i * p + j] = column[i]!;
  }
  const out = matrix(p, p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += inverse.data[i * p + k]! * inverse.data[j * p + k]!;
      out.data[i * p + j] = (factor * sum) / (scale[i]! * scale[j]!);
    }
  }
  return out;
}
