import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Expression } from "../../expressions/expression.ts";
import { print } from "../../expressions/print.ts";
import { searchInvariant } from "../../lenses/symbolic/distil/search-invariant.ts";
import { weightedVariance } from "../../lenses/symbolic/runner.ts";
import type { FrontMember, SearchProblem } from "../../lenses/symbolic/search/contract.ts";
import { searchExpressions } from "../../lenses/symbolic/search/search.ts";
import { choose } from "../../lenses/symbolic/selection/choose.ts";
import { folderStore } from "../../runs/folder-store.ts";
import { type Judgement, judgeVariant } from "./accept.ts";
import { lawProblem, operatorsOf, orbitProblem, type VariantId, variants } from "./variants.ts";

/** One search: a variant at a noise level with a seed. */
export interface CellJob {
  variant: VariantId;
  noise: number;
  seed: number;
  evaluations: number;
  /** Folder of the run's checkpoints. */
  checkpoints?: string;
}

export interface CellResult {
  variant: VariantId;
  noise: number;
  seed: number;
  front: FrontMember[];
  /** Place of the chosen one in the front. */
  chosen: number;
  expression: Expression;
  text: string;
  judgement: Judgement;
  evaluations: number;
}

/** Searches one cell and judges what is chosen; one finished before an interruption is read from its checkpoint. */
export async function searchCell(job: CellJob, task: Task): Promise<CellResult> {
  const store = job.checkpoints === undefined ? undefined : folderStore(job.checkpoints);
  const key = `oscillator/${job.variant}-${job.noise}-${job.seed}-${job.evaluations}`;
  const kept = store?.read(key);
  if (kept) return JSON.parse(new TextDecoder().decode(kept)) as CellResult;
  const { variant, noise, seed, evaluations } = job;
  const { front, chosen, spent } = await searchVariant(variant, problemFor(variant, noise, seed), {
    seed,
    evaluations,
    task,
  });
  const { expression } = front[chosen]!;
  const result: CellResult = {
    ...{ variant, noise, seed, front, chosen, expression },
    text: print(expression, { names: variants[variant].inputs, digits: 5 }),
    judgement: judgeVariant(variant, expression),
    evaluations: spent,
  };
  store?.write(key, new TextEncoder().encode(JSON.stringify(result)));
  return result;
}

/** The data of a cell: the same for the same seed, whatever else is run. */
export function tableFor(variant: VariantId, noise: number, seed: number) {
  return variants[variant].table({ noise, random: random(seed, "oscillator", variant) });
}

export function problemFor(variant: VariantId, noise: number, seed: number): SearchProblem {
  const table = tableFor(variant, noise, seed);
  return variant === "d" ? orbitProblem(table) : lawProblem(variant, table);
}

/** Search and choice as one procedure, the same for data and null tables. */
export async function searchVariant(
  variant: VariantId,
  problem: SearchProblem,
  options: { seed: number; evaluations: number; task: Task },
): Promise<{ front: FrontMember[]; chosen: number; saved: number; spent: number }> {
  const operators = operatorsOf(variant);
  if (variant === "d") {
    const { columns, names, target } = problem;
    const found = await searchInvariant(columns, names, target, { ...options, operators });
    return { front: found.front, chosen: found.chosen, saved: 0, spent: found.evaluations };
  }
  const { front, evaluations: spent } = await searchExpressions(problem, {
    ...options,
    operators,
    maxComplexity: 15,
    stop: { loss: 1e-20 * weightedVariance(problem) },
  });
  options.task.check();
  const { candidates, chosen, saved } = choose(front, problem, { operators });
  return {
    front: candidates.map(({ expression, complexity, loss }) => ({ expression, complexity, loss })),
    ...{ chosen, saved, spent },
  };
}
