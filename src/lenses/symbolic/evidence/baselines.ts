import type { Baseline } from "../../../claims/card.ts";
import { UserError } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import { call, constant, type Expression, variable } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { leastSquares } from "../../../stats/least-squares.ts";
import { quantile } from "../../../stats/quantile.ts";
import type { SearchProblem } from "../search/contract.ts";
import { determinationOn, type Split } from "./held-out.ts";
import { randomExpression } from "./random-expression.ts";

/**
 * The two mandatory baselines of an equation, by R² on held-out rows: random formulas of the same complexity, each with
 * the best factor and offset on the training rows (the value that 5 % of `draws` beat), and the linear least-squares fit
 * in the columns.
 * @param own the formula that a search on the training rows alone chose
 * @throws UserError if the linear fit cannot be made for another reason than too few rows.
 */
export function baselines(
  own: Expression,
  problem: SearchProblem,
  split: Split,
  options: { complexity: number; draws: number; operators: OperatorSet; random: Random },
): Baseline[] {
  const { complexity, draws, operators, random } = options;
  const rows = split.inside;
  const score = (expression: Expression) =>
    determinationOn(expression, problem, { train: split.train, rows, operators });
  const measure = `R² on ${rows.length} rows held out from the search`;
  const base = { measure, unit: "", better: "higher" as const, own: finite(score(own)) };
  const random5 = Array.from({ length: draws }, () => {
    const tree = randomExpression(complexity, problem.columns.length, operators, random);
    const fitted = scaled(tree, problem, split.train, operators);
    return finite(fitted === undefined ? -Infinity : score(fitted));
  });
  const out: Baseline[] = [
    { ...base, name: "random formulas", role: "random claim", score: quantile(random5, 0.95), draws },
  ];
  const line = linear(problem, split.train);
  if (line !== undefined) {
    out.push({ ...base, name: "linear fit", role: "classical", score: finite(score(line)), draws: 1 });
  }
  return out;
}

/** An R² that a card can hold. */
const finite = (value: number) => Math.max(-1e6, Number.isFinite(value) ? value : -1e6);

/** a + b·f with the best a and b on the rows. */
function scaled(
  f: Expression,
  problem: SearchProblem,
  rows: readonly number[],
  operators: OperatorSet,
): Expression | undefined {
  const columns = problem.columns.map((column) => Float64Array.from(rows, (i) => column[i]!));
  const values = evaluateRows(f, columns, operators);
  if (!values.every(Number.isFinite)) return undefined;
  const fit = fitted([values], problem, rows);
  return fit && call("add", constant(fit[0]!), call("mul", constant(fit[1]!), f));
}

/** c₀ + Σ cᵢ·xᵢ by least squares on the rows; undefined where there are too few rows or columns that depend. */
export function linear(problem: SearchProblem, rows: readonly number[]): Expression | undefined {
  const columns = problem.columns.map((column) => Float64Array.from(rows, (i) => column[i]!));
  const fit = fitted(columns, problem, rows);
  return fit
    ?.slice(1)
    .reduce<Expression>(
      (sum, c, i) => call("add", sum, call("mul", constant(c), variable(i))),
      constant(fit[0]!),
    );
}

function fitted(
  columns: readonly Float64Array[],
  { target, weights }: SearchProblem,
  rows: readonly number[],
): number[] | undefined {
  const p = columns.length + 1;
  if (rows.length <= p) return undefined;
  const design = matrix(rows.length, p);
  rows.forEach((_, k) => {
    design.data[k * p] = 1;
    columns.forEach((column, j) => {
      design.data[k * p + j + 1] = column[k]!;
    });
  });
  const y = Float64Array.from(rows, (i) => target[i]!);
  try {
    const options = weights === undefined ? {} : { weights: Float64Array.from(rows, (i) => weights[i]!) };
    return [...leastSquares(design, y, options).coefficients];
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
