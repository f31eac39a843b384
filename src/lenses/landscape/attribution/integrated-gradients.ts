import { demand } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/** Attributions of each row, and how far they miss what they have to add up to. */
export interface IntegratedGradients {
  /** rows × features. */
  attributions: Matrix;
  /** Σ_k a_k(x) − (f(x) − f(x')) of each row: the error of the integral. */
  completeness: Float64Array;
}

/**
 * Integrated gradients a_k(x) = (x_k − x'_k) ∫₀¹ ∂f/∂x_k(x' + t(x − x')) dt by the midpoint rule in `steps` points.
 * Source: Sundararajan, Taly & Yan, ICML 2017.
 * @param value f of each row @param gradient ∂f/∂x of each row @param baseline x', one a feature
 * @throws UserError for a baseline of another length and for no steps.
 */
export function integratedGradients(
  value: (features: Matrix) => ArrayLike<number>,
  gradient: (features: Matrix) => Matrix,
  features: Matrix,
  baseline: ArrayLike<number>,
  options: { steps?: number } = {},
): IntegratedGradients {
  const { steps = 50 } = options;
  const { rows, cols, data } = features;
  demand(
    baseline.length === cols,
    () => `integratedGradients: a baseline of ${baseline.length} values for ${cols} features`,
  );
  demand(
    Number.isInteger(steps) && steps >= 1,
    () => `integratedGradients: ${steps} steps; expected at least 1`,
  );
  const from = matrix(
    rows,
    cols,
    data.map((_, i) => baseline[i % cols]!),
  );
  const sum = matrix(rows, cols);
  for (let s = 0; s < steps; s++) {
    const t = (s + 0.5) / steps;
    const slope = gradient(
      matrix(
        rows,
        cols,
        data.map((x, i) => from.data[i]! + t * (x - from.data[i]!)),
      ),
    );
    for (let i = 0; i < sum.data.length; i++) sum.data[i]! += slope.data[i]! / steps;
  }
  for (let i = 0; i < sum.data.length; i++) sum.data[i]! *= data[i]! - from.data[i]!;
  const [start, end] = [value(from), value(features)];
  const completeness = Float64Array.from({ length: rows }, (_, i) => {
    let total = 0;
    for (let k = 0; k < cols; k++) total += sum.data[i * cols + k]!;
    return total - (end[i]! - start[i]!);
  });
  return { attributions: sum, completeness };
}
