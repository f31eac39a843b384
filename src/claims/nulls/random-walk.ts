import type { Random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";

/** Draws rows × width vectors in which neighbouring rows are close, and nothing else is true of them. */
export type PathModel = (rows: number, width: number, random: Random) => Matrix;

/**
 * A random walk: each row is the one before plus a standard normal step in every dimension, the first row a step from
 * the origin. Its principal components are close to cosines of ½, 1, 1½ … periods whatever the data (Antognini &
 * Sohl-Dickstein, NeurIPS 2018), which is why a good fit by itself is no evidence of a helix.
 */
export const randomWalk: PathModel = (rows, width, random) => {
  const out = matrix(rows, width);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) {
      out.data[i * width + j] = (i > 0 ? out.data[(i - 1) * width + j]! : 0) + random.normal();
    }
  }
  return out;
};
