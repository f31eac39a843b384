import { breathe } from "../../../core/breathe.ts";
import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { takeRows } from "../../../linalg/rows.ts";
import { mean } from "../../../stats/describe.ts";
import { exceedancePValue } from "../../../stats/exceedance.ts";
import { chooseWeights, jaccard } from "./choose-weights.ts";
import { groupStatistics } from "./group-statistics.ts";

/** Do the halves of a group conserve the same weights, more than the halves of a group put together at random? */
export interface GroupOverlap {
  /** Mean Jaccard overlap of the conserved sets of two halves. */
  within: number;
  /** The same for each random group of as many minima. */
  random: Float64Array;
  /** (1 + #{random ≥ within})/(rounds + 1). */
  p: number;
}

/**
 * Splits a group into random halves and takes the Jaccard overlap of their conserved sets, mean over `splits`; the same
 * for `rounds` groups of as many minima drawn from all of the network, each aligned to its own lowest. Groups that
 * belong together keep their conserved weights when half of them is taken away.
 * @param align rows of these minima, aligned to the lowest of them
 * @param among coordinates that may be conserved @param count how many are
 * @throws UserError for a group of fewer than four minima.
 */
export async function groupOverlap(
  group: readonly number[],
  all: readonly number[],
  align: (minima: readonly number[]) => Matrix,
  options: {
    among: ArrayLike<number>;
    count: number;
    splits?: number;
    rounds: number;
    random: Random;
    task?: Task;
  },
): Promise<GroupOverlap> {
  const { rounds, random, task = quietTask } = options;
  demand(
    group.length >= 4 && all.length >= group.length,
    () => `groupOverlap: a group of ${group.length} of ${all.length} minima; expected at least 4`,
  );
  const within = halvesOverlap(align(group), { ...options, random: random.fork("group") });
  const drawn = new Float64Array(rounds);
  for (let b = 0; b < rounds; b++) {
    await breathe(task);
    const stream = random.fork("random group", b);
    const some = Array.from(stream.permutation(all.length).subarray(0, group.length), (i) => all[i]!);
    drawn[b] = halvesOverlap(align(some), { ...options, random: stream });
    task.report((b + 1) / rounds);
  }
  return { within, random: drawn, p: exceedancePValue(within, drawn) };
}

/** The mean Jaccard overlap of the conserved sets of random halves of the rows of `aligned`. */
export function halvesOverlap(
  aligned: Matrix,
  options: { among: ArrayLike<number>; count: number; splits?: number; random: Random },
): number {
  const { among, count, splits = 20, random } = options;
  const half = Math.floor(aligned.rows / 2);
  const setOf = (rows: Int32Array) =>
    chooseWeights(groupStatistics(takeRows(aligned, rows), { least: 2 }).cv, {
      among,
      count,
      by: "smallest",
    });
  return mean(
    Array.from({ length: splits }, () => {
      const order = random.permutation(aligned.rows);
      return jaccard(setOf(order.slice(0, half)), setOf(order.slice(half, 2 * half)));
    }),
  );
}
