import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { print } from "../../expressions/print.ts";
import { nullRequests } from "../../lenses/symbolic/evidence/null-fronts.ts";
import type { SearchProblem } from "../../lenses/symbolic/search/contract.ts";
import { exceedancePValue } from "../../stats/exceedance.ts";
import { problemFor, searchVariant } from "./cell-job.ts";
import { type LawId, lawIds, variants } from "./variants.ts";

/** One table of pure noise. */
export interface NullJob {
  index: number;
  seed: number;
  evaluations: number;
  /** Reruns on permuted targets. */
  rounds: number;
}

export interface NullResult {
  index: number;
  variant: LawId;
  /** The formula that was chosen for the noise. */
  text: string;
  /** Nats saved against a constant. */
  saved: number;
  p: number;
  /** Would the formula have been believed? */
  believed: boolean;
  /** Searches that were made. */
  searches: number;
}

/**
 * The columns of a variant with a target of normal noise that has nothing to do with them, put through the whole
 * procedure: search, choice, and the same on permuted targets. Where the choice is a constant nothing is claimed, and the
 * reruns, all of which save at least as much, are not made.
 */
export async function searchNull(job: NullJob, task: Task): Promise<NullResult> {
  const { index, seed, evaluations, rounds } = job;
  const variant = lawIds[index % lawIds.length]!;
  const stream = random(seed, "oscillator", "null", index);
  const { columns, names, target } = problemFor(variant, 0, 1000 + index);
  const problem: SearchProblem = { columns, names, target: target.map(() => stream.normal()) };
  const own = await searchVariant(variant, problem, { seed: stream.int(2 ** 31 - 1), evaluations, task });
  const text = print(own.front[own.chosen]!.expression, { names: variants[variant].inputs, digits: 4 });
  if (own.saved === 0) return { index, variant, text, saved: 0, p: 1, believed: false, searches: 1 };
  const settings = { operators: [], islands: 4, population: 64, maxComplexity: 15, evaluations, stopAt: 0 };
  const draws: number[] = [];
  for (const request of nullRequests(problem, settings, { rounds, random: stream })) {
    const rerun = await searchVariant(variant, request.problem, { seed: request.seed, evaluations, task });
    draws.push(rerun.saved);
  }
  const p = exceedancePValue(own.saved, Float64Array.from(draws));
  return { index, variant, text, saved: own.saved, p, believed: p <= 0.05, searches: 1 + rounds };
}
