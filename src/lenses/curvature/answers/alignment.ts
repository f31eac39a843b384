import { UserError } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { demandRows, rowNorms, rowProducts } from "./rows.ts";

/**
 * Alignment a_k(x) = r(x)·v_k/‖r(x)‖ of the reinforcing gradients r (of the loss under the model's own prediction) with
 * directions v_k, in −1 to 1; 0 where ‖r‖ < 1e-20. Along a path in x the sign of a_1 flips at the decision boundary.
 * Source: Sabanayagam, Behrens, Adomaityte & Dawid, arXiv:2306.07104.
 * @param gradients r, t × d @param vectors unit vectors, k × d @returns t × k
 */
export function alignment(gradients: Matrix, vectors: Matrix): Matrix {
  demandRows("alignment", "the gradients", gradients, vectors.cols);
  demandRows("alignment", "the directions", vectors, vectors.cols);
  const lengths = rowNorms(gradients);
  const unit = rowNorms(vectors);
  const out = rowProducts(gradients, vectors);
  for (let i = 0; i < out.data.length; i++) {
    const over = lengths[Math.floor(i / out.cols)]! * unit[i % out.cols]!;
    out.data[i] = lengths[Math.floor(i / out.cols)]! < 1e-20 || over === 0 ? 0 : out.data[i]! / over;
  }
  return out;
}

/**
 * The generalisation measure G_θ over ε: the share of eigenvectors along which the training gradients' largest (or
 * mean) |alignment| exceeds ε. Lower is a simpler boundary. One ε is fragile, so it comes as a curve.
 * Source: Sabanayagam et al., arXiv:2306.07104.
 * @param alignments a_k(x_i) of the training points with all eigenvectors, n × k @param thresholds ε
 */
export function generalisationMeasure(
  alignments: Matrix,
  thresholds: ArrayLike<number>,
  over: "largest" | "mean" = "largest",
): Float64Array {
  const { rows, cols, data } = alignments;
  if (rows === 0 || cols === 0) {
    throw new UserError(
      `generalisationMeasure: alignments of ${rows}×${cols}; expected points and eigenvectors`,
    );
  }
  const sizes = new Float64Array(cols);
  for (let i = 0; i < data.length; i++) {
    const k = i % cols;
    const size = Math.abs(data[i]!);
    sizes[k] = over === "largest" ? Math.max(sizes[k]!, size) : sizes[k]! + size / rows;
  }
  return Float64Array.from(thresholds, (epsilon) => sizes.filter((size) => size > epsilon).length / cols);
}

/**
 * What alignment chance gives: the least and the mean, over `directions` random unit vectors, of the gradients' largest
 * |alignment|. A threshold ε for {@link generalisationMeasure}.
 */
export function chanceAlignment(
  gradients: Matrix,
  { directions = 5, random }: { directions?: number; random: Random },
): { least: number; mean: number } {
  if (!Number.isInteger(directions) || directions < 1) {
    throw new UserError(`chanceAlignment: ${directions} directions; expected a whole number of at least 1`);
  }
  const vectors = matrix(directions, gradients.cols);
  for (let i = 0; i < vectors.data.length; i++) vectors.data[i] = random.normal();
  const aligned = alignment(gradients, vectors);
  const largest = new Float64Array(directions);
  for (let i = 0; i < aligned.data.length; i++) {
    largest[i % directions] = Math.max(largest[i % directions]!, Math.abs(aligned.data[i]!));
  }
  return {
    least: largest.reduce((a, b) => Math.min(a, b), Infinity),
    mean: largest.reduce((a, b) => a + b, 0) / directions,
  };
}
