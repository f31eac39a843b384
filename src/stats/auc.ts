import { ranks } from "./ranks.ts";

/**
 * Area under the receiver operating characteristic: the chance that a random positive item scores above a random
 * negative one, ties counting half. From the rank sum of the positives, AUC = (R₊ − n₊(n₊+1)/2)/(n₊·n₋)
 * (Hanley & McNeil, Radiology 143 (1982) 29). 0.5 is chance, 1 perfect.
 * @param scores one a item @param positive is item i a positive?
 * @throws RangeError if the lengths differ, a score is NaN, or one of the two classes is empty.
 */
export function auc(scores: ArrayLike<number>, positive: ArrayLike<boolean>): number {
  const n = scores.length;
  if (positive.length !== n) throw new RangeError(`auc: ${n} scores for ${positive.length} labels`);
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(scores[i]!)) throw new RangeError(`auc: score ${i} is NaN`);
  }
  const ranked = ranks(scores);
  let count = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (!positive[i]) continue;
    count++;
    sum += ranked[i]!;
  }
  if (count === 0 || count === n) {
    throw new RangeError(`auc: needs both classes, got ${count} positives among ${n} items`);
  }
  return (sum - (count * (count + 1)) / 2) / (count * (n - count));
}
