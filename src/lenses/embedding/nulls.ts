import type { Random } from "../../core/random.ts";
import { cholesky } from "../../linalg/cholesky.ts";
import { matmul } from "../../linalg/matmul.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";

/** Embeddings without a helix: neighbours are close, and nothing else is. `rows`×`width`, drawn from `random`. */
export type NullModel = (rows: number, width: number, random: Random) => Matrix;

/** A random walk: each token is the one before plus a standard normal step in every dimension. */
export const randomWalk: NullModel = (rows, width, random) => {
  const out = matrix(rows, width);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) {
      out.data[i * width + j] = (i > 0 ? out.data[(i - 1) * width + j]! : 0) + random.normal();
    }
  }
  return out;
};

/**
 * Smooth random paths: every dimension is an independent Gaussian process over the token number with covariance
 * exp(−(i−j)²/(2·length²)), `length` in tokens. A ridge of 1e-8 keeps the covariance numerically positive.
 */
export function smoothPath(length: number): NullModel {
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
