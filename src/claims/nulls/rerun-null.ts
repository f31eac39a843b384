import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { NullTest } from "../card.ts";
import { permuted, permutedWithin } from "./permuted.ts";
import { type NullCost, nullStream, runNull } from "./run-null.ts";

/** How many reruns each preset makes: p can reach 0.05 with the first and 0.01 with the second. */
export const rerunRounds = { quick: 19, full: 99 } as const;

const reference =
  "Permuted targets through the whole pipeline: Ojala & Garriga, J. Mach. Learn. Res. 11 (2010) 1833.";

/** The name of this null model; " within groups" is added where targets are dealt out within groups. */
export const rerunNullName = "permuted targets";

/** Targets dealt out anew, and the training seed that goes with them. */
export interface Rerun {
  targets: Float64Array;
  seed: number;
}

/** What to deal out: the targets, one an item, and the groups within which they stay. */
interface Dealing {
  targets: ArrayLike<number>;
  groups?: ArrayLike<string | number>;
  seed: number;
  random: Random;
}

/**
 * What the rounds of {@link rerunNull} with the same arguments will be run on, for a study that trains its networks
 * ahead of the test, several at a time.
 */
export function rerunsOf(options: Dealing & { rounds: number }): Rerun[] {
  return Array.from({ length: options.rounds }, (_, index) =>
    dealt(options, nullStream(options.random, nameOf(options), index), index),
  );
}

function dealt({ targets, groups, seed }: Omit<Dealing, "random">, random: Random, index: number): Rerun {
  return {
    targets: Float64Array.from(groups ? permutedWithin(targets, groups, random) : permuted(targets, random)),
    seed: seed + 1 + index,
  };
}

function nameOf({ groups }: Pick<Dealing, "groups">): string {
  return groups ? `${rerunNullName} within groups` : rerunNullName;
}

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
  const { pipeline, targets, seed, observed, groups: _, ...rest } = options;
  if (targets.length < 2) {
    throw new UserError(`rerunNull: ${targets.length} targets; expected at least two to deal out anew`);
  }
  return runNull({
    ...rest,
    name: nameOf(options),
    reference,
    observed: observed ?? (await pipeline(Float64Array.from(targets), seed)),
    draw: (random, index) => {
      const rerun = dealt(options, random, index);
      return pipeline(rerun.targets, rerun.seed);
    },
  });
}
