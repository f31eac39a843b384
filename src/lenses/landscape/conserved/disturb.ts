import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { mean, variance } from "../../../stats/describe.ts";

/** What is done to the values of a set of weights. */
export type Disturbance = "shuffled" | "zeroed" | "noise";

/** A number over repeated disturbances of one set of weights. */
export interface Disturbed {
  mean: number;
  /** Over the rounds; 0 for zeroing, which has no chance in it. */
  sd: number;
  rounds: number;
}

/** `weights` with the values at `set` shuffled among themselves: the permutation test's disturbance. A copy. */
export function shuffled(weights: Float64Array, set: ArrayLike<number>, random: Random): Float64Array {
  const out = weights.slice();
  random.permutation(set.length).forEach((from, to) => {
    out[set[to]!] = weights[set[from]!]!;
  });
  return out;
}

/** `weights` with zeros at `set`. A copy. */
export function zeroed(weights: Float64Array, set: ArrayLike<number>): Float64Array {
  const out = weights.slice();
  for (let i = 0; i < set.length; i++) out[set[i]!] = 0;
  return out;
}

/** `weights` with normal numbers at `set`, of the mean and standard deviation that the values `like` have. A copy. */
export function withNoise(
  weights: Float64Array,
  set: ArrayLike<number>,
  like: ArrayLike<number>,
  random: Random,
): Float64Array {
  const out = weights.slice();
  const values = Array.from(like, (i) => weights[i]!);
  const centre = mean(values);
  const spread = Math.sqrt(variance(values, 0));
  for (let i = 0; i < set.length; i++) out[set[i]!] = centre + spread * random.normal();
  return out;
}

/**
 * The mean and standard deviation of `score` over `rounds` disturbances of the weights at `set`.
 * @param options.like coordinates that set the scale of the noise; default those of the set
 * @throws UserError for fewer than two weights, which cannot be shuffled.
 */
export function disturb(
  weights: Float64Array,
  set: ArrayLike<number>,
  score: (weights: Float64Array) => number,
  options: { how: Disturbance; rounds: number; random: Random; like?: ArrayLike<number> },
): Disturbed {
  const { how, random, like = set } = options;
  demand(set.length >= 2, () => `disturb: a set of ${set.length} weights; expected at least 2`);
  const rounds = how === "zeroed" ? 1 : options.rounds;
  const values = Float64Array.from({ length: rounds }, () => {
    if (how === "zeroed") return score(zeroed(weights, set));
    return score(how === "shuffled" ? shuffled(weights, set, random) : withNoise(weights, set, like, random));
  });
  return { mean: mean(values), sd: rounds > 1 ? Math.sqrt(variance(values)) : 0, rounds };
}
