import type { Random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";

/**
 * Embeddings with a helix that is known: along a random direction the token number rises over a length of `pitch`,
 * along two others it circles `turns` times with radius 1, and every coordinate gets normal noise of standard deviation
 * `noise`. The directions are independent normals of variance 1/width, nearly orthogonal for large widths.
 */
export function plantedHelix(
  rows: number,
  width: number,
  options: { turns: number; pitch?: number; noise?: number },
  random: Random,
): Matrix {
  const { turns, pitch = 5, noise = 0.02 } = options;
  const [along, across, up] = [0, 1, 2].map(() =>
    Float64Array.from({ length: width }, () => random.normal() / Math.sqrt(width)),
  );
  const out = matrix(rows, width);
  for (let i = 0; i < rows; i++) {
    const t = i / (rows - 1);
    const angle = 2 * Math.PI * turns * t;
    for (let j = 0; j < width; j++) {
      out.data[i * width + j] =
        pitch * t * along![j]! +
        Math.cos(angle) * across![j]! +
        Math.sin(angle) * up![j]! +
        noise * random.normal();
    }
  }
  return out;
}
