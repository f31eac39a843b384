import { demand } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/**
 * Gradient × input, a_k(x) = x_k ∂f/∂x_k, for each row; exact for a function without constant that is linear. Shapes:
 * rows × features. Source: Shrikumar, Greenside, Shcherbina & Kundaje, arXiv:1605.01713 (2016).
 * @throws UserError for gradients of another shape.
 */
export function gradientTimesInput(gradients: Matrix, features: Matrix): Matrix {
  demand(
    gradients.rows === features.rows && gradients.cols === features.cols,
    () =>
      `gradientTimesInput: gradients ${gradients.rows}×${gradients.cols} for features ${features.rows}×${features.cols}; expected equal shapes`,
  );
  return matrix(
    features.rows,
    features.cols,
    features.data.map((x, i) => x * gradients.data[i]!),
  );
}

/** The mean size of each column of attributions: one number for each feature. */
export function meanSize({ rows, cols, data }: Matrix): Float64Array {
  const out = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < cols; k++) out[k]! += Math.abs(data[i * cols + k]!) / rows;
  }
  return out;
}
