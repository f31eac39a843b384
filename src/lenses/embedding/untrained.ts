import type { Random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";

/**
 * Embeddings as they are before training: every number independent and uniform about zero. The width of that
 * distribution does not matter to the statistics of this lens, which are free of scale.
 */
export function untrainedRows(rows: number, width: number, random: Random): Matrix {
  const out = matrix(rows, width);
  for (let k = 0; k < out.data.length; k++) out.data[k] = 2 * random.uniform() - 1;
  return out;
}

/** Where that null is described. */
export const untrainedReference =
  "Weights without what was learned: Adebayo et al., NeurIPS 2018; here the distribution that training starts from.";
