import { breathe } from "../../../core/breathe.ts";
import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { mean, variance } from "../../../stats/describe.ts";
import { chooseWeights, randomSet } from "./choose-weights.ts";
import { type Disturbance, type Disturbed, disturb } from "./disturb.ts";
import type { GroupStatistics } from "./group-statistics.ts";

/** The choices of weights that are disturbed, the conserved ones first. */
export const weightChoices = [
  "lowcv",
  "highratio",
  "highcv",
  "magnitude",
  "gradient",
  "slope",
  "rawvariance",
  "unaligned",
] as const;
export type WeightChoice = (typeof weightChoices)[number];

/** How each choice is printed. */
export const choiceNames: Readonly<Record<WeightChoice, string>> = {
  lowcv: "lowest CV (conserved)",
  highratio: "largest |μ|/(σ + ε max|μ|)",
  highcv: "highest CV",
  magnitude: "largest |w|",
  gradient: "largest |w·∂margin/∂w|",
  slope: "largest |∂margin/∂w|",
  rawvariance: "lowest σ",
  unaligned: "lowest CV, unaligned",
};

/** What the permutation test and its controls gave. */
export interface PermutationControls {
  /** The score of the untouched weights. */
  base: number;
  sets: Readonly<Record<WeightChoice, Int32Array>>;
  scores: Readonly<Record<WeightChoice, Readonly<Record<Disturbance, Disturbed>>>>;
  /** Random sets of as many weights: the mean score of each set, and mean and deviation over the sets. */
  random: Readonly<Record<Disturbance, { means: Float64Array; mean: number; sd: number }>>;
}

/**
 * The permutation test of a group's conserved weights: the values at the chosen weights of `weights` (the group's
 * bottom) are shuffled among themselves, and `score` is taken (the AUC on held-out data). Beside it as many weights
 * chosen otherwise: at random, by size, by |w·∂margin/∂w| and by |∂margin/∂w|, by the raw deviation, by the highest CV, and by the lowest CV
 * of a group that was not aligned; and zeroing and noise instead of shuffling.
 * @param options.rounds shuffles of each set, at least 200 where a result is to be believed
 * @throws UserError for fewer than 2 random sets, or fewer weights than `count`.
 */
export async function permutationControls(
  weights: Float64Array,
  score: (weights: Float64Array) => number,
  options: {
    /** Of the aligned group, and of the same group as symmetry happens to have left it. */
    group: Pick<GroupStatistics, "cv" | "sd" | "ratio">;
    unaligned: Pick<GroupStatistics, "cv">;
    /** The mean over data of |w·∂margin/∂w|, one a weight. */
    margin: ArrayLike<number>;
    /** Coordinates that take part, and how many of them are chosen. */
    among: ArrayLike<number>;
    count: number;
    rounds: number;
    /** Random sets; at least 40 where a result is to be believed. */
    randomSets: number;
    random: Random;
    task?: Task;
  },
): Promise<PermutationControls> {
  const { group, unaligned, margin, among, count, rounds, randomSets, random, task = quietTask } = options;
  demand(randomSets >= 2, () => `permutationControls: ${randomSets} random sets; expected at least 2`);
  const choose = (scores: ArrayLike<number>, by: "smallest" | "largest") =>
    chooseWeights(scores, { among, count, by });
  const sets: Record<WeightChoice, Int32Array> = {
    lowcv: choose(group.cv, "smallest"),
    highratio: choose(group.ratio, "largest"),
    highcv: choose(group.cv, "largest"),
    magnitude: choose(weights.map(Math.abs), "largest"),
    gradient: choose(margin, "largest"),
    slope: choose(
      weights.map((w, i) => (w === 0 ? 0 : margin[i]! / Math.abs(w))),
      "largest",
    ),
    rawvariance: choose(group.sd, "smallest"),
    unaligned: choose(unaligned.cv, "smallest"),
  };
  const hows = ["shuffled", "zeroed", "noise"] as const;
  const all = (set: Int32Array, stream: Random): Record<Disturbance, Disturbed> => {
    const one = (how: Disturbance) =>
      disturb(weights, set, score, { how, rounds, random: stream.fork(how), like: among });
    return { shuffled: one("shuffled"), zeroed: one("zeroed"), noise: one("noise") };
  };
  const steps = weightChoices.length + randomSets;
  const scores = {} as Record<WeightChoice, Record<Disturbance, Disturbed>>;
  for (const [k, choice] of weightChoices.entries()) {
    await breathe(task);
    scores[choice] = all(sets[choice], random.fork("choice", choice));
    task.report((k + 1) / steps);
  }
  const means = { shuffled: [], zeroed: [], noise: [] } as Record<Disturbance, number[]>;
  for (let s = 0; s < randomSets; s++) {
    await breathe(task);
    const stream = random.fork("random set", s);
    const found = all(randomSet(among, count, stream), stream);
    for (const how of hows) means[how].push(found[how].mean);
    task.report((weightChoices.length + s + 1) / steps);
  }
  const over = (how: Disturbance) => ({
    means: Float64Array.from(means[how]),
    mean: mean(means[how]),
    sd: Math.sqrt(variance(means[how])),
  });
  return {
    base: score(weights),
    sets,
    scores,
    random: { shuffled: over("shuffled"), zeroed: over("zeroed"), noise: over("noise") },
  };
}
