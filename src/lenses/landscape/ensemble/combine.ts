import { demand } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { likeliest } from "./scores.ts";

/** The mean of the members' probabilities with one weight a member (default: all the same): items × classes. */
export function meanProbabilities(members: readonly Matrix[], weights?: ArrayLike<number>): Matrix {
  const count = members.length;
  demand(
    weights === undefined || weights.length === count,
    () => `meanProbabilities: ${weights!.length} weights for ${count} members`,
  );
  const sum = weights ? Array.from(weights).reduce((total, weight) => total + weight, 0) : count;
  const out = matrix(members[0]!.rows, members[0]!.cols);
  members.forEach((p, a) => {
    const share = (weights?.[a] ?? 1) / sum;
    for (let k = 0; k < out.data.length; k++) out.data[k]! += share * p.data[k]!;
  });
  return out;
}

/** The share of the members' votes for each class, every member voting for its likeliest: items × classes. */
export function majority(members: readonly Matrix[]): Matrix {
  const out = matrix(members[0]!.rows, members[0]!.cols);
  for (const p of members) {
    for (let i = 0; i < out.rows; i++) out.data[i * out.cols + likeliest(rowOf(p, i))]! += 1 / members.length;
  }
  return out;
}

/** The members' probabilities, mixed for each item in its own proportion. @param shares items × members. */
export function mixed(members: readonly Matrix[], shares: Matrix): Matrix {
  const out = matrix(members[0]!.rows, members[0]!.cols);
  for (let i = 0; i < out.rows; i++) {
    for (let a = 0; a < members.length; a++) {
      const share = shares.data[i * shares.cols + a]!;
      for (let c = 0; c < out.cols; c++) {
        out.data[i * out.cols + c]! += share * members[a]!.data[i * out.cols + c]!;
      }
    }
  }
  return out;
}
