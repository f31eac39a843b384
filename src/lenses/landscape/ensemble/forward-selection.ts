import { demand } from "../../../core/errors.ts";

/** Members in the order in which they were taken, and the score after each. */
export interface Selection {
  members: number[];
  scores: number[];
}

/**
 * Greedy forward selection: starts with the best single member and adds the one that raises `score` most, until none
 * does or `most` are taken; of equal ones the first. A pool that complements itself is found by a score of the best
 * member for each item, a good average by a score of the mean.
 * @param score of a set of members, larger is better
 */
export function forwardSelection(
  count: number,
  score: (members: readonly number[]) => number,
  options: { most?: number /** Least gain; default 0. */; gain?: number } = {},
): Selection {
  const { most = count, gain = 0 } = options;
  demand(count >= 1 && most >= 1, () => `forwardSelection: ${most} of ${count} members; expected at least 1`);
  const out: Selection = { members: [], scores: [] };
  let held = -Infinity;
  while (out.members.length < most) {
    let [best, top] = [-1, -Infinity];
    for (let a = 0; a < count; a++) {
      if (out.members.includes(a)) continue;
      const value = score([...out.members, a]);
      if (value > top) [best, top] = [a, value];
    }
    if (best < 0 || !(top > held + gain)) break;
    out.members.push(best);
    out.scores.push(top);
    held = top;
  }
  return out;
}
