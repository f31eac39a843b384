import type { Random } from "../../../core/random.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import type { Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { variance } from "../../../stats/describe.ts";
import type { SearchProblem } from "../search/contract.ts";
import { resolution } from "../selection/assess.ts";

/** Which rows are searched on and which are held out. */
export interface Split {
  train: number[];
  /** Held out at random, within the range of the training rows as far as chance goes. */
  inside: number[];
  /** Held out for their extreme values of one column; none in a random split. */
  outside: number[];
  /** The column, for an extreme split. */
  column?: number;
  /** "x below 1.2 and above 4.7". */
  words: string;
}

/**
 * A random share of the rows held out, at least one. Rows with the same values in all columns stay together: a row
 * with a twin among those searched on would test nothing.
 */
export function randomSplit(
  { columns }: Pick<SearchProblem, "columns">,
  share: number,
  random: Random,
): Split {
  const rows = columns[0]!.length;
  const { inside, train } = dealt(
    columns,
    Array.from({ length: rows }, (_, i) => i),
    share,
    random,
  );
  return { train, inside, outside: [], words: `${inside.length} of ${rows} rows, drawn at random` };
}

/** `among` parted into a random share and the rest, twins together, both ascending. */
function dealt(
  columns: readonly Float64Array[],
  among: readonly number[],
  share: number,
  random: Random,
): { inside: number[]; train: number[] } {
  const groups = new Map<string, number[]>();
  for (const i of among) {
    const key = columns.map((column) => column[i]).join();
    const found = groups.get(key);
    if (found) found.push(i);
    else groups.set(key, [i]);
  }
  const lists = [...groups.values()];
  const order = Array.from(random.permutation(lists.length), (k) => lists[k]!);
  const count = Math.max(1, Math.round(share * among.length));
  const inside: number[] = [];
  while (inside.length < count && order.length > 1) inside.push(...order.shift()!);
  const ascending = (list: number[]) => list.sort((a, b) => a - b);
  return { inside: ascending(inside), train: ascending(order.flat()) };
}

/**
 * The extreme fifth of one column held out: the tenth of the rows with the lowest values and the tenth with the
 * highest, at least one each; of the rest a random `share`, so that errors inside and outside can be compared.
 * Undefined where too few rows (fewer than 3, or one place alone) would be left.
 */
export function extremeSplit(
  { columns, names }: Pick<SearchProblem, "columns" | "names">,
  column: number,
  share: number,
  random: Random,
): Split | undefined {
  const values = columns[column]!;
  const n = values.length;
  const tenth = Math.max(1, Math.round(n / 10));
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const middle = order.slice(tenth, n - tenth);
  const { inside, train } = dealt(columns, middle, share, random);
  if (inside.length === 0 || train.length < 3) return undefined;
  const [low, high] = [values[middle[0]!]!, values[middle.at(-1)!]!];
  return {
    train,
    inside,
    outside: [...order.slice(0, tenth), ...order.slice(n - tenth)].sort((a, b) => a - b),
    column,
    words: `${names[column]} below ${short(low)} and above ${short(high)}`,
  };
}

/**
 * Root mean square of y − f over `rows`, in the target's unit; with stated errors, of (y − f)/σ. A row where f is not
 * finite makes it infinite. Not below `resolution` times the target's deviation (or 1e-8 σ): what is left of an exact
 * law is rounding, and a ratio of roundings says nothing.
 */
export function errorOn(
  expression: Expression,
  problem: SearchProblem,
  rows: readonly number[],
  operators: OperatorSet = standardOperators,
): number {
  const columns = problem.columns.map((column) => Float64Array.from(rows, (i) => column[i]!));
  const values = columns.length > 0 ? evaluateRows(expression, columns, operators) : undefined;
  let squares = 0;
  rows.forEach((i, k) => {
    const f = values?.[k] ?? evaluateRows(expression, [[0]], operators)[0]!;
    const r = problem.target[i]! - f;
    squares += (problem.weights?.[i] ?? 1) * (Number.isFinite(r) ? r * r : Infinity);
  });
  const floor = resolution * (problem.weights === undefined ? Math.sqrt(variance(problem.target, 0)) : 1);
  return Math.max(floor, Math.sqrt(squares / rows.length));
}

/** 1 − Σ w·(y − f)²/Σ w·(y − ȳ)² over `rows`, ȳ the mean of the training rows; at most 1 − 1e-12. */
export function determinationOn(
  expression: Expression,
  problem: SearchProblem,
  {
    train,
    rows,
    operators = standardOperators,
  }: { train: readonly number[]; rows: readonly number[]; operators?: OperatorSet },
): number {
  const w = (i: number) => problem.weights?.[i] ?? 1;
  const all = train.reduce((sum, i) => sum + w(i), 0);
  const mean = train.reduce((sum, i) => sum + w(i) * problem.target[i]!, 0) / all;
  const total = rows.reduce((sum, i) => sum + w(i) * (problem.target[i]! - mean) ** 2, 0);
  const error = errorOn(expression, problem, rows, operators) ** 2 * rows.length;
  return Math.min(1 - 1e-12, 1 - error / total);
}

const short = (value: number) => String(Number(value.toPrecision(3)));
