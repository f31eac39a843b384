import { type Evaluator, evaluator, withStandard } from "../../../expressions/evaluator.ts";
import { constantsOf, type Expression, withConstants } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { toPostfix } from "../../../expressions/postfix.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import type { SearchProblem } from "../search/contract.ts";
import { fitConstants } from "../search/fit.ts";

/** Whole numbers up to this size are taken as part of a form; larger ones are constants like others. */
const largestWhole = 10;

/** Whether a number is a small whole one, such as a form has. */
export const isWhole = (value: number): boolean => Number.isInteger(value) && Math.abs(value) <= largestWhole;

/** Whether a constant counts as fitted. */
export const isFitted = (value: number): boolean => !isWhole(value);

/** Fits the constants of expressions to one problem, from their values; small whole numbers stay as they are. */
export type Refit = (expression: Expression, weights?: Float64Array) => Expression | undefined;

/**
 * A refit on a problem, its columns copied once (or in `engine` already). The result is undefined where the expression
 * is not finite on the rows.
 */
export function refitter(
  { columns, target, weights: given }: SearchProblem,
  operators: OperatorSet = standardOperators,
  engine: Evaluator = evaluator(columns.length > 0 ? columns : [new Float64Array(target.length)], {
    operators,
  }),
): Refit {
  const all = withStandard(operators);
  return (expression, weights = given) => {
    const values = constantsOf(expression);
    let free = 0;
    const tied = Int32Array.from(values, (value) => (isFitted(value) ? free++ : -1));
    const fit = fitConstants({ evaluator: engine, target, weights }, toPostfix(expression, all), {
      steps: 60,
      tied,
    });
    return fit?.constants.every(Number.isFinite) ? withConstants(expression, fit.constants) : undefined;
  };
}
