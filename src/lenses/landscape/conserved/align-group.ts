import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import type { Symmetry } from "../../../optim/landscape/landscape.ts";

/**
 * The minima of a group as rows of one matrix, each as its copy closest to `reference` under the landscape's symmetry:
 * only then are the weights of two minima the same weights. Without symmetry the rows are as they are. Shape: M × n.
 */
export function alignGroup(
  members: readonly Float64Array[],
  reference: Float64Array,
  symmetry?: Pick<Symmetry, "align">,
): Matrix {
  const out = matrix(members.length, reference.length);
  members.forEach((x, m) => {
    out.data.set(symmetry ? symmetry.align(reference, x).x : x, m * reference.length);
  });
  return out;
}
