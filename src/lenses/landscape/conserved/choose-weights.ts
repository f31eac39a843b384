import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";

/**
 * The `count` coordinates of `among` with the smallest (or largest) score, best first; of equal ones the smaller number.
 * A score that is no number is refused. @throws UserError where `among` has fewer than `count`.
 */
export function chooseWeights(
  scores: ArrayLike<number>,
  options: { among: ArrayLike<number>; count: number; by: "smallest" | "largest" },
): Int32Array {
  const { among, count, by } = options;
  demand(
    Number.isInteger(count) && count >= 1 && count <= among.length,
    () => `chooseWeights: ${count} of ${among.length} weights; expected a whole number from 1 to that`,
  );
  const sign = by === "smallest" ? 1 : -1;
  const order = Array.from(among).sort((i, j) => compare(sign * scores[i]!, sign * scores[j]!) || i - j);
  const bad = order.find((i) => Number.isNaN(scores[i]!));
  demand(bad === undefined, () => `chooseWeights: the score of weight ${bad} is NaN`);
  return Int32Array.from(order.slice(0, count));
}

/** A random set of `count` of the coordinates in `among`, in rising order. */
export function randomSet(among: ArrayLike<number>, count: number, random: Random): Int32Array {
  return Int32Array.from(random.permutation(among.length).subarray(0, count), (i) => among[i]!).sort();
}

/** |A ∩ B|/|A ∪ B| of two sets of coordinates; 1 for two empty ones. */
export function jaccard(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const left = new Set(Array.from(a));
  const right = new Set(Array.from(b));
  let both = 0;
  for (const i of left) if (right.has(i)) both++;
  const either = left.size + right.size - both;
  return either === 0 ? 1 : both / either;
}

/** Infinite scores are equal to each other, which a difference would not say. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
