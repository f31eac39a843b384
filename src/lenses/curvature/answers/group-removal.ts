import { UserError } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { checkLocalModel, checkMembers, type LocalModel } from "./newton-removal.ts";
import { demandRows, rowProducts, type Solve, solveRows } from "./rows.ts";

/** (1/n) Σ_{i∈U} ∇²ℓ_i · v for every row v of `vectors`: the part of H that the samples of U make. */
export type GroupCurvature = (members: readonly number[], vectors: Matrix) => Matrix | Promise<Matrix>;

export interface GroupRemovalInput {
  /** g_i, n × d, without the regulariser. */
  gradients: Matrix;
  groups: readonly (readonly number[])[];
  solve: Solve;
  /** Gives the second-order term; without it `second` is absent. */
  curvature?: GroupCurvature;
}

/**
 * The change of the parameters when the samples of each group U are taken out together (weights to 0, 1/n and ridge
 * stay), groups × d: `first` Δθ₁ = (1/n) H⁻¹ Σ_U g_i, the sum over singles; `second` Δθ₂ = Δθ₁ + H⁻¹ H_U Δθ₁, which
 * adds that the group's curvature leaves as well: the two first terms of (H − H_U)⁻¹ and, third derivatives of the loss
 * left out, the second order in the weight of U. First order falls short as groups grow.
 * Source: Basu, You & Feizi, ICML 2020, equations 13–15, written for a fixed 1/n (theirs divides by what is left).
 * @throws UserError for shapes that do not fit and for groups that are empty or name no sample.
 */
export async function groupRemoval({
  gradients,
  groups,
  solve,
  curvature,
}: GroupRemovalInput): Promise<{ first: Matrix; second?: Matrix }> {
  const where = "groupRemoval";
  const { rows: n, cols: d } = gradients;
  demandRows(where, "the training gradients", gradients, d);
  const sums = matrix(groups.length, d);
  groups.forEach((members, g) => {
    for (const i of checkMembers(where, members, g, n)) {
      for (let j = 0; j < d; j++) sums.data[g * d + j]! += gradients.data[i * d + j]! / n;
    }
  });
  const first = await solveRows(where, solve, sums);
  if (!curvature) return { first };
  const bent = matrix(groups.length, d);
  for (let g = 0; g < groups.length; g++) {
    const row = await curvature(groups[g]!, matrix(1, d, first.data.slice(g * d, (g + 1) * d)));
    demandRows(where, `the curvature of group ${g}`, row, d);
    bent.data.set(row.data, g * d);
  }
  const second = await solveRows(where, solve, bent);
  for (let i = 0; i < second.data.length; i++) second.data[i]! += first.data[i]!;
  return { first, second };
}

/**
 * The Gauss–Newton part of a group's curvature, (1/n) Σ_{i∈U} J_iᵀ S_i J_i v, from the samples' local model.
 * @param count n, the number of training samples
 */
export function gaussNewtonOf(points: LocalModel, count: number): GroupCurvature {
  checkLocalModel("gaussNewtonOf", points);
  if (!(count >= 1))
    throw new UserError(`gaussNewtonOf: count ${count}; expected the number of training samples`);
  const { jacobian, slopes, curvatures } = points;
  const outputs = slopes.cols;
  const d = jacobian.cols;
  return (members, vectors) => {
    const out = matrix(vectors.rows, d);
    for (const i of members) {
      const j = matrix(outputs, d, jacobian.data.subarray(i * outputs * d, (i + 1) * outputs * d));
      const along = rowProducts(vectors, j);
      for (let v = 0; v < vectors.rows; v++) {
        for (let a = 0; a < outputs; a++) {
          let weight = 0;
          for (let b = 0; b < outputs; b++) {
            weight += curvatures.data[(i * outputs + a) * outputs + b]! * along.data[v * outputs + b]!;
          }
          weight /= count;
          for (let k = 0; k < d; k++) out.data[v * d + k]! += weight * j.data[a * d + k]!;
        }
      }
    }
    return out;
  };
}
