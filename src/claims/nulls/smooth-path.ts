import { cholesky } from "../../linalg/cholesky.ts";
import { matmul } from "../../linalg/matmul.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { PathModel } from "./random-walk.ts";

/**
 * Smooth random paths: every dimension is an independent Gaussian process over the row number with covariance
 * exp(−(i−j)²/(2·length²)), `length` in rows. A ridge of 1e-8 keeps the covariance numerically positive. With the
 * length of the data ({@link autocorrelationLength}) this is smoothness-matched noise, the control for "phantom
 * oscillations" (Shinn, PNAS 120 (2023) e2311420120).
 */
export function smoothPath(length: number): PathModel {
  const factors = new Map<number, Matrix>();
  return (rows, width, random) => {
    let factor = factors.get(rows);
    if (!factor) {
      const covariance = matrix(rows, rows);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < rows; j++) {
          covariance.data[i * rows + j] =
            Math.exp(-((i - j) ** 2) / (2 * length * length)) + (i === j ? 1e-8 : 0);
        }
      }
      factor = cholesky(covariance);
      factors.set(rows, factor);
    }
    const normals = matrix(rows, width);
    for (let k = 0; k < normals.data.length; k++) normals.data[k] = random.normal();
    return matmul(factor, normals);
  };
}
