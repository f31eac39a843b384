import { UserError } from "../../../core/errors.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import type { SearchOptions, SearchProblem } from "./contract.ts";

/** More columns than this cannot be searched by evolution within any budget that one waits for. */
const mostColumns = 40;

/**
 * @throws UserError naming the column and the line (counted from 1) of what cannot be searched: wrong lengths, values
 *   that are no numbers, constant and duplicate columns, a constant target, weights or errors that are not positive,
 *   dimensions that are missing, more columns than the budget can search, an operator undefined on all columns.
 */
export function checkProblem(problem: SearchProblem, options: SearchOptions): void {
  const { columns, names, target, weights, inputErrors, dimensions } = problem;
  const targetName = problem.targetName ?? "target";
  const complain = (what: string) => new UserError(`searchExpressions: ${what}`);
  const rows = target.length;
  if (rows < 3) throw complain(`'${targetName}' has ${rows} rows; expected at least 3.`);
  if (names.length !== columns.length) {
    throw complain(`${columns.length} columns, but ${names.length} names.`);
  }
  if (columns.length === 0) throw complain("no columns; expected at least one besides the target.");
  names.forEach((name, i) => {
    const first = names.indexOf(name);
    if (first !== i) throw complain(`columns ${first} and ${i} are both named '${name}'.`);
  });
  const checkNumbers = (name: string, values: Float64Array) => {
    if (values.length !== rows) {
      throw complain(
        `'${name}' has ${values.length} values, '${targetName}' has ${rows}; expected equal lengths.`,
      );
    }
    const bad = values.findIndex((v) => !Number.isFinite(v));
    if (bad >= 0) {
      throw complain(
        `'${name}' is ${values[bad]} in row ${bad + 1}; expected numbers. Leave the row out or fill it in.`,
      );
    }
  };
  const isConstant = (values: Float64Array) => values.every((v) => v === values[0]);
  checkNumbers(targetName, target);
  if (isConstant(target)) {
    throw complain(`'${targetName}' is ${target[0]} in all ${rows} rows: there is nothing to explain.`);
  }
  columns.forEach((column, i) => {
    checkNumbers(names[i]!, column);
    if (isConstant(column)) {
      throw complain(
        `column '${names[i]}' is ${column[0]} in all ${rows} rows; leave it out (its effect is in the constants).`,
      );
    }
    for (let j = 0; j < i; j++) {
      if (columns[j]!.every((v, row) => v === column[row])) {
        throw complain(`columns '${names[j]}' and '${names[i]}' are the same in every row; leave one out.`);
      }
    }
  });
  const checkPositive = (name: string, values: Float64Array, zero: boolean) => {
    checkNumbers(name, values);
    const bad = values.findIndex((v) => !(zero ? v >= 0 : v > 0));
    if (bad >= 0)
      throw complain(`'${name}' is ${values[bad]} in row ${bad + 1}; expected ${zero ? "≥ 0" : "> 0"}.`);
  };
  if (weights !== undefined) checkPositive("weights", weights, false);
  inputErrors?.forEach((errors, i) => {
    if (errors === undefined) return;
    if (weights === undefined) throw complain("inputErrors need weights (1/σ² of the target) beside them.");
    checkPositive(`inputErrors of '${names[i]}'`, errors, true);
  });
  if (dimensions !== undefined) {
    if (dimensions.columns.length !== columns.length) {
      throw complain(`${dimensions.columns.length} dimensions for ${columns.length} columns.`);
    }
    dimensions.columns.forEach((d, i) => {
      if (d.length !== dimensions.target.length) {
        throw complain(
          `the dimension of '${names[i]}' has ${d.length} powers, that of '${targetName}' ${dimensions.target.length}.`,
        );
      }
    });
  }
  if (columns.length > mostColumns) {
    const ranked = screen(problem).slice(0, 10);
    throw complain(
      `${columns.length} columns are more than a search can try (at most ${mostColumns}). Screen them first; by rank correlation with '${targetName}' the ten most related are ${ranked
        .map(({ column, correlation }) => `${names[column]} (${correlation.toFixed(2)})`)
        .join(
          ", ",
        )}. A relation that is not monotonic does not show there: also try a tree model's importances.`,
    );
  }
  checkOperators(problem, options);
  checkNumbersOf(options, complain);
}

const probes = [-2, -1, -0.5, 0, 0.5, 1, 2];

/** Operators of one argument that are defined nowhere, on the data or near zero, are mistakes. */
function checkOperators(problem: SearchProblem, { operators }: SearchOptions): void {
  if (operators.size === 0) {
    throw new UserError("searchExpressions: no operators; expected at least one, such as add, mul.");
  }
  for (const { operator, line, column, value } of undefinedOperators(problem, operators)) {
    if (probes.some((x) => Number.isFinite(operators.get(operator)!.evaluate(x)))) continue;
    throw new UserError(
      `searchExpressions: the operator '${operator}' is defined nowhere on the data, first not at ${value} of column '${column}' in row ${line}, nor between −2 and 2. Leave it out.`,
    );
  }
}

/**
 * Operators of one argument that are not defined on whole columns as they stand, each with the first place: the
 * search can still use them within their domain (arcsin of a ratio), and whoever chose them may want to know.
 */
export function undefinedOperators(
  { columns, names }: Pick<SearchProblem, "columns" | "names">,
  operators: OperatorSet,
): { operator: string; column: string; line: number; value: number }[] {
  const found: { operator: string; column: string; line: number; value: number }[] = [];
  for (const [name, { arity, evaluate }] of operators) {
    if (arity !== 1) continue;
    for (const [i, values] of columns.entries()) {
      const row = values.findIndex((v) => !Number.isFinite(evaluate(v)));
      if (row < 0) continue;
      found.push({ operator: name, column: names[i]!, line: row + 1, value: values[row]! });
      break;
    }
  }
  return found;
}

function checkNumbersOf(options: SearchOptions, complain: (what: string) => UserError): void {
  const least: [keyof SearchOptions, number][] = [
    ["islands", 1],
    ["population", 8],
    ["maxComplexity", 1],
    ["maxDepth", 1],
    ["threads", 0],
    ["rows", 3],
    ["evaluations", 1],
  ];
  for (const [name, low] of least) {
    const value = options[name];
    if (value === undefined) continue;
    const whole = name === "evaluations" || Number.isInteger(value);
    if (typeof value !== "number" || !(value >= low) || !whole) {
      throw complain(`option ${name} is ${value}; expected ${whole ? "a" : "a whole"} number from ${low}.`);
    }
  }
  if (options.seconds !== undefined && !(options.seconds > 0)) {
    throw complain(`option seconds is ${options.seconds}; expected more than 0.`);
  }
}

/** Columns by the size of their rank correlation with the target (Spearman), largest first. */
export function screen({ columns, target }: SearchProblem): { column: number; correlation: number }[] {
  const goal = ranks(target);
  return columns
    .map((values, column) => ({ column, correlation: Math.abs(correlation(ranks(values), goal)) }))
    .sort((a, b) => b.correlation - a.correlation || a.column - b.column);
}

function ranks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  const made = new Float64Array(values.length);
  order.forEach((row, rank) => {
    made[row] = rank;
  });
  return made;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const middle = (a.length - 1) / 2;
  let [sum, square] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    sum += (a[i]! - middle) * (b[i]! - middle);
    square += (a[i]! - middle) ** 2;
  }
  return sum / square;
}
