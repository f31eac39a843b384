import type { Task } from "../../core/task.ts";
import type { Expression } from "../../expressions/expression.ts";
import { operatorSet } from "../../expressions/operator.ts";
import { pickOperators } from "../../expressions/standard-operators.ts";
import type { Constraints, FrontMember, SearchProblem, SearchResult, Template } from "./search/contract.ts";
import { searchExpressions } from "./search/search.ts";

/** The options of a search as plain data, so that it can run in another thread. */
export interface SearchSettings {
  /** Names of standard operators. */
  operators: readonly string[];
  islands: number;
  population: number;
  maxComplexity: number;
  /** The budget, in evaluations of an expression on all rows. */
  evaluations: number;
  /** The search ends at this share of the target's variance. */
  stopAt: number;
  constraints?: Constraints;
  template?: Template;
  /** Formulas to start from, over the columns; their constants are fitted. */
  guesses?: readonly Expression[];
}

/** One whole search. */
export interface SearchRequest {
  /** Unique among the requests of one analysis: its checkpoint is kept under it. */
  name: string;
  problem: SearchProblem;
  settings: SearchSettings;
  seed: number;
}

/** What the evidence needs of a search. */
export interface SearchOutcome {
  front: FrontMember[];
  evaluations: number;
  ended: SearchResult["ended"];
  reproducible: boolean;
}

/**
 * Runs searches, several at a time where it can, and resolves to their outcomes in the order of the requests. The
 * outcomes do not depend on how many run at once.
 */
export type SearchRunner = (requests: readonly SearchRequest[], task: Task) => Promise<SearchOutcome[]>;

/**
 * One request, by `searchExpressions`: a function for worker threads.
 * @throws Cancelled once the task has been told to stop.
 */
export async function searchJob(
  { problem, settings, seed }: SearchRequest,
  task: Task,
  more: { threads?: number } = {},
): Promise<SearchOutcome> {
  const { operators, islands, population, maxComplexity, evaluations, stopAt } = settings;
  const { constraints, template, guesses } = settings;
  const {
    front,
    evaluations: spent,
    ended,
    reproducible,
  } = await searchExpressions(problem, {
    operators: operatorSet(pickOperators([...operators])),
    seed,
    task,
    islands,
    population,
    maxComplexity,
    evaluations,
    threads: more.threads ?? 0,
    stop: { loss: stopAt * weightedVariance(problem) },
    ...(constraints === undefined ? {} : { constraints }),
    ...(template === undefined ? {} : { template }),
    ...(guesses === undefined ? {} : { guesses }),
  });
  task.check();
  return { front, evaluations: spent, ended, reproducible };
}

/** Runs the requests one after another in this thread. */
export const searchHere: SearchRunner = async (requests, task) => {
  const outcomes: SearchOutcome[] = [];
  for (const [i, request] of requests.entries()) {
    task.check();
    outcomes.push(await searchJob(request, task.part(i / requests.length, (i + 1) / requests.length)));
  }
  return outcomes;
};

/** Σ w·(y − ȳ)²/Σ w: the loss of the best constant. */
export function weightedVariance({ target, weights }: SearchProblem): number {
  let all = 0;
  let sum = 0;
  target.forEach((y, i) => {
    const w = weights?.[i] ?? 1;
    all += w;
    sum += w * y;
  });
  const mean = sum / all;
  return target.reduce((s, y, i) => s + ((weights?.[i] ?? 1) * (y - mean) ** 2) / all, 0);
}
