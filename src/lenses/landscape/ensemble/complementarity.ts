import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { itemLosses } from "./pool.ts";
import { likeliest, type Scores, scoresOf } from "./scores.ts";

/** Where the members of a pool are right, and how differently. */
export interface Complementarity {
  /** Members × items: 1 where the likeliest class is the item's. */
  correct: Matrix;
  /** Members × members: share of items that one of the two gets right and the other wrong (Hamming distance). */
  apart: Matrix;
  /** Of each member alone. */
  members: Scores[];
  /** An oracle that takes for each item the member with the least loss there: an upper bound of any gate. */
  oracle: Scores;
  /** How often the oracle takes each member. */
  taken: Float64Array;
}

/** How the members of a pool complement each other on labelled items. @param members items × classes, one a member. */
export function complementarity(members: readonly Matrix[], labels: ArrayLike<number>): Complementarity {
  const [count, items] = [members.length, labels.length];
  const correct = matrix(count, items);
  members.forEach((p, a) => {
    for (let i = 0; i < items; i++)
      correct.data[a * items + i] = likeliest(rowOf(p, i)) === labels[i] ? 1 : 0;
  });
  const apart = matrix(count, count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let differ = 0;
      for (let i = 0; i < items; i++) {
        if (correct.data[a * items + i] !== correct.data[b * items + i]) differ++;
      }
      apart.data[a * count + b] = differ / items;
    }
  }
  const losses = itemLosses(members, labels);
  const best = Array.from({ length: items }, (_, i) => likeliest(rowOf(losses, i).map((loss) => -loss)));
  const taken = new Float64Array(count);
  for (const a of best) taken[a]! += 1 / items;
  return {
    ...{ correct, apart, taken },
    members: members.map((p) => scoresOf(p, labels)),
    oracle: scoresOf(selected(members, best), labels),
  };
}

/** For each item the probabilities of one member: items × classes. @param choice a member for each item. */
export function selected(members: readonly Matrix[], choice: ArrayLike<number>): Matrix {
  const first = members[0]!;
  const out = matrix(first.rows, first.cols);
  for (let i = 0; i < out.rows; i++) out.data.set(rowOf(members[choice[i]!]!, i), i * out.cols);
  return out;
}
