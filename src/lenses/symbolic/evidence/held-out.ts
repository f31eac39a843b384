import { UserError } from "../../../core/errors.ts";
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

/** A random share of the rows held out, at least one. */
export function randomSplit(rows: number, share: number, random: Random): Split {
  const count = Math.max(1, Math.round(share * rows));
  const order = Array.from(random.permutation(rows));
  const inside = order.slice(0, count).sort((a, b) => a - b);
  const train = order.slice(count).sort((a, b) => a - b);
  return { train, inside, outside: [], words: `${count} of ${rows} rows, drawn at random` };
}

/**
 * The extreme fifth of one column held out: the tenth of the rows with the lowest values and the tenth with the
 * highest, at least one each; of the rest a random `share`, so that errors inside and outside can be compared.
 * @throws UserError where too few rows would be left.
 */
export function extremeSplit(
  { columns, names }: Pick<SearchProblem, "columns" | "names">,
  column: number,
  share: number,
  random: Random,
): Split {
  const values = columns[column]!;
  const n = values.length;
  const tenth = Math.max(1, Math.round(n / 10));
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const middle = order.slice(tenth, n - tenth);
  const count = Math.max(1, Math.round(share * middle.length));
  if (middle.length - count < 2) {
    throw new UserError(`extremeSplit: ${n} rows leave ${middle.length - count} to search on; expected more`);
  }
  const drawn = random.permutation(middle.length);
  const inside = Array.from(drawn.slice(0, count), (k) => middle[k]!).sort((a, b) => a - b);
  const train = Array.from(drawn.slice(count), (k) => middle[k]!).sort((a, b) => a - b);
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
