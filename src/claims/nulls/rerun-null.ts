import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { NullTest } from "../card.ts";
import { permuted, permutedWithin } from "./permuted.ts";
import { type NullCost, runNull } from "./run-null.ts";

/** How many reruns each preset makes: p can reach 0.05 with the first and 0.01 with the second. */
export const rerunRounds = { quick: 19, full: 99 } as const;

const reference =
  "Permuted targets through the whole pipeline: Ojala & Garriga, J. Mach. Learn. Res. 11 (2010) 1833.";

/**
 * The strictest null: everything again, from training to the claim's statistic, on targets dealt out anew. It answers
 * whether the pipeline finds the like where there is nothing to find; scanning many candidates inside the pipeline is
 * covered, because every rerun scans as many.
 * @param options.pipeline the whole pipeline: the claim's statistic, large values speaking for the claim, for these
 * targets and this seed (training seed and all)
 * @param options.targets one an item, in the order the pipeline knows them
 * @param options.groups deal only within items of the same group, for structure that must stay in the null
 * @param options.observed the statistic for the true targets, if it is known; otherwise the pipeline is run once more
 * @param options.rounds B, see {@link rerunRounds}
 * @throws UserError for no targets, and as {@link runNull}.
 */
export async function rerunNull(options: {
  pipeline: (targets: Float64Array, seed: number) => Promise<number>;
  targets: ArrayLike<number>;
  groups?: ArrayLike<string | number>;
  statistic: string;
  observed?: number;
  rounds: number;
  seed: number;
  random: Random;
  cost: { each: string; seconds?: number };
  ties?: "count" | "random";
  parallel?: number;
  task?: Task;
  announce?: (cost: NullCost) => void;
}): Promise<{ test: NullTest; values: Float64Array }> {
  const { pipeline, targets, groups, seed, observed, ...rest } = options;
  if (targets.length < 2) {
    throw new UserError(`rerunNull: ${targets.length} targets; expected at least two to deal out anew`);
  }
  return runNull({
    ...rest,
    name: groups ? "permuted targets within groups" : "permuted targets",
    reference,
    observed: observed ?? (await pipeline(Float64Array.from(targets), seed)),
    draw: (random, index) =>
      pipeline(
        Float64Array.from(groups ? permutedWithin(targets, groups, random) : permuted(targets, random)),
        seed + 1 + index,
      ),
  });
}
