import type { Values } from "../../core/params.ts";
import type { Random } from "../../core/random.ts";
import { substitute, variable } from "../../expressions/expression.ts";
import type { nature } from "./about.ts";
import type { RowKind } from "./evidence/deal.ts";
import type { Split } from "./evidence/held-out.ts";
import { nullRequests } from "./evidence/null-fronts.ts";
import { problemRows, withColumns } from "./rows.ts";
import type { SearchRequest, SearchSettings } from "./runner.ts";
import type { SearchProblem } from "./search/contract.ts";

/** What stands behind the first search: how often it is repeated, and on what. */
export interface Reruns {
  nulls: number;
  seeds: number;
  bootstraps: number;
  dummies: number;
  heldOut: Split;
  /** None where there are too few rows. */
  extreme: Split | undefined;
  /** What the null may deal out anew. */
  rows: RowKind;
}

/** Columns that cannot matter: copies of the columns, each in a random order. */
export interface Dummy {
  name: string;
  values: Float64Array;
  like: number;
}

/** Shuffled copies of the columns in turn, named dummy1, dummy2 … (or with more letters, if such a name is taken). */
export function dummyColumns({ columns, names }: SearchProblem, count: number, random: Random): Dummy[] {
  let stem = "dummy";
  while (names.some((name) => name.startsWith(stem))) stem += "_";
  return Array.from({ length: count }, (_, k) => {
    const like = k % columns.length;
    const order = random.fork("dummy", k).permutation(columns[like]!.length);
    return { name: `${stem}${k + 1}`, values: Float64Array.from(order, (i) => columns[like]![i]!), like };
  });
}

/** Rows on which the budget is counted; of a longer table an evaluation counts for more. */
const rowsCounted = 1000;

/**
 * The settings of every search of one analysis. The budget is meant for up to 1000 rows: with n rows a search has
 * evaluations·1000/n evaluations on all of them, so that its cost does not grow without end.
 */
export function settingsOf(
  options: Pick<
    Values<typeof nature.params>,
    "evaluations" | "maxComplexity" | "islands" | "population" | "stopAt"
  >,
  operators: readonly string[],
  rows: number,
  wanted: Pick<SearchSettings, "guesses" | "constraints" | "template"> = {},
): SearchSettings {
  const { evaluations, maxComplexity, islands, population, stopAt } = options;
  return {
    operators,
    evaluations: Math.ceil(evaluations * Math.min(1, rowsCounted / rows)),
    maxComplexity,
    islands,
    population,
    stopAt,
    ...wanted,
  };
}

/** The first search. */
export function mainRequest(problem: SearchProblem, settings: SearchSettings, random: Random): SearchRequest {
  return { name: "main", problem, settings, seed: seedOf(random, "main") };
}

/** Every search behind the first, by what it is for. All have the same settings and so the same budget. */
export function rerunRequests(
  problem: SearchProblem,
  settings: SearchSettings,
  {
    nulls,
    seeds,
    bootstraps,
    heldOut,
    extreme,
    dummies,
    rows,
  }: Omit<Reruns, "dummies"> & { dummies: Dummy[] },
  random: Random,
): Record<"nulls" | "seeds" | "bootstraps" | "heldOut" | "extreme" | "dummies", SearchRequest[]> {
  const request = (name: string, on: SearchProblem): SearchRequest => ({
    name,
    problem: on,
    settings,
    seed: seedOf(random, name),
  });
  return {
    nulls: nullRequests(problem, settings, { rounds: nulls, rows, random }),
    seeds: Array.from({ length: seeds }, (_, k) => request(`seed-${k}`, problem)),
    bootstraps: Array.from({ length: bootstraps }, (_, k) =>
      request(`bootstrap-${k}`, problemRows(problem, resampled(problem.target, random.fork("bootstrap", k)))),
    ),
    heldOut: [request("held-out", problemRows(problem, heldOut.train))],
    extreme: extreme === undefined ? [] : [request("extreme", problemRows(problem, extreme.train))],
    dummies:
      dummies.length === 0
        ? []
        : [
            {
              ...request("dummies", withColumns(problem, dummies)),
              settings: withMoreColumns(settings, problem.columns.length, dummies.length),
            },
          ],
  };
}

/** Settings for a problem with `more` columns behind its own: the parts of a template, which stand behind, move on. */
function withMoreColumns(settings: SearchSettings, columns: number, more: number): SearchSettings {
  const { template } = settings;
  if (template === undefined) return settings;
  const names = columns + template.parts.length;
  const moved = Array.from({ length: names }, (_, i) => variable(i < columns ? i : i + more));
  const parts = template.parts.map((part) =>
    part.columns === undefined
      ? part
      : { ...part, columns: [...part.columns, ...Array.from({ length: more }, (_, k) => columns + k)] },
  );
  return { ...settings, template: { form: substitute(template.form, moved), parts } };
}

const seedOf = (random: Random, name: string) => random.fork("search", name).int(2 ** 31 - 1);

/** As many rows with replacement; drawn again while the target would be constant. */
function resampled(target: Float64Array, random: Random): number[] {
  for (;;) {
    const rows = Array.from(target, () => random.int(target.length)).sort((a, b) => a - b);
    if (rows.some((i) => target[i] !== target[rows[0]!])) return rows;
  }
}
