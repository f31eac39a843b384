import { breathe } from "../../core/breathe.ts";
import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { quantile } from "../../stats/quantile.ts";
import type { NullTest } from "../card.ts";

/** What a null test will cost, said before it runs. */
export interface NullCost {
  name: string;
  rounds: number;
  /** Undefined where nobody has said what a draw takes. */
  seconds: number | undefined;
  /** As a sentence. */
  text: string;
}

/** How a null test is made. */
export interface NullOptions {
  /** The null model: "random walk". */
  name: string;
  /** What the statistic is, in words. Large values speak for the claim. */
  statistic: string;
  observed: number;
  /** The statistic on draw `index` (0 … rounds−1) of the null model; `random` is a stream of its own. */
  draw(random: Random, index: number): number | Promise<number>;
  /** B. */
  rounds: number;
  random: Random;
  /** Where the null model is described. */
  reference: string;
  /** What one draw is made of, in words, and how long it takes if that is known. */
  cost: { each: string; seconds?: number };
  /**
   * "count" (default): a draw equal to the observed value has reached it; p is a little large where ties are common.
   * "random": among equals a seeded uniform decides, which makes p exactly uniform under the null.
   */
  ties?: "count" | "random";
  /** Draws that may be under way at once (default 1), for draws that wait on worker threads; no result depends on it. */
  parallel?: number;
  task?: Task;
  /** Hears what the test will cost before the first draw. */
  announce?: (cost: NullCost) => void;
}

/**
 * Draws `rounds` values of a statistic from a null model: p = (1 + exceedances)/(B + 1), valid at any B and never below
 * its floor 1/(B + 1) (Phipson & Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39). Every draw has its own random
 * stream, named by the null model and the draw's number, so that the draws do not depend on their order.
 * @returns the entry for the evidence card, and the values for a figure.
 * @throws UserError for rounds that are not a positive whole number and for a statistic that is not finite.
 * @throws Cancelled once the task has been told to stop.
 */
export async function runNull(options: NullOptions): Promise<{ test: NullTest; values: Float64Array }> {
  const { name, statistic, observed, rounds, random, reference, cost } = options;
  const { ties = "count", task = quietTask, announce, parallel = 1 } = options;
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new UserError(`runNull '${name}': ${rounds} rounds; expected a whole number from 1`);
  }
  if (!Number.isFinite(observed)) {
    throw new UserError(
      `runNull '${name}': the observed ${statistic} is ${observed}; expected a finite number`,
    );
  }
  announce?.(nullCost(name, rounds, cost));
  const values = new Float64Array(rounds);
  let started = 0;
  let finished = 0;
  let stopped = false;
  const draw = async (b: number) => {
    await breathe(task);
    task.report(finished / rounds, `null: ${name}`);
    const value = await options.draw(nullStream(random, name, b), b);
    if (!Number.isFinite(value)) {
      throw new UserError(
        `runNull '${name}': draw ${b} gave ${value} for ${statistic}; expected a finite number`,
      );
    }
    values[b] = value;
    finished++;
  };
  const lane = async () => {
    try {
      while (started < rounds && !stopped) await draw(started++);
    } finally {
      stopped = true;
    }
  };
  const lanes = await Promise.allSettled(
    Array.from({ length: Math.max(1, Math.min(parallel, rounds)) }, lane),
  );
  for (const result of lanes) if (result.status === "rejected") throw result.reason;
  task.report(1, `null: ${name}`);
  const exceedances = countReached(
    observed,
    values,
    ties === "random" ? random.fork("ties", name) : undefined,
  );
  const test: NullTest = {
    name,
    statistic,
    observed,
    rounds,
    exceedances,
    p: (1 + exceedances) / (rounds + 1),
    floor: 1 / (rounds + 1),
    median: quantile(values, 0.5),
    high: quantile(values, 0.95),
    cost: `${rounds} draws, each ${cost.each}`,
    reference,
  };
  return { test, values };
}

/** The random stream of one draw from a null model. */
export function nullStream(random: Random, name: string, index: number): Random {
  return random.fork("null", name, index);
}

/** How many of `values` reach `observed`; with `random`, equals reach it where their uniform beats its own. */
function countReached(observed: number, values: Float64Array, random: Random | undefined): number {
  const bar = random?.uniform() ?? 0;
  let reached = 0;
  for (const value of values) {
    if (value > observed || (value === observed && (!random || random.uniform() > bar))) reached++;
  }
  return reached;
}

/** What `rounds` draws will cost, for whoever has to say it before they start. */
export function nullCost(name: string, rounds: number, { each, seconds }: NullOptions["cost"]): NullCost {
  const total = seconds === undefined ? undefined : rounds * seconds;
  const time = total === undefined ? "" : `, about ${duration(total)}`;
  return { name, rounds, seconds: total, text: `null '${name}': ${rounds} draws, each ${each}${time}` };
}

function duration(seconds: number): string {
  if (seconds < 1) return "a second";
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
