import { UserError } from "../core/errors.ts";
import type { Expression } from "./expression.ts";
import { type OperatorSet, operatorNamed } from "./operator.ts";

/**
 * The value of an expression, variable i being `values[i]`: plain recursion over the tree, the reference for the
 * vector kernels.
 * @throws UserError naming a variable without a value or an unknown operator.
 */
export function evaluate(expression: Expression, values: ArrayLike<number>, operators: OperatorSet): number {
  if (expression.kind === "constant") return expression.value;
  if (expression.kind === "variable") {
    const value = values[expression.index];
    if (value !== undefined) return value;
    throw new UserError(
      `evaluate: variable ${expression.index} has no value; ${values.length} were given (0 … ${values.length - 1}).`,
    );
  }
  const operator = operatorNamed(operators, expression.operator, "evaluate");
  return operator.evaluate(...expression.args.map((arg) => evaluate(arg, values, operators)));
}

/** The expression over columns of equal length, row by row. */
export function evaluateRows(
  expression: Expression,
  columns: readonly ArrayLike<number>[],
  operators: OperatorSet,
): Float64Array {
  const rows = columns[0]?.length ?? 1;
  const values = new Float64Array(columns.length);
  return Float64Array.from({ length: rows }, (_, row) => {
    columns.forEach((column, i) => {
      values[i] = column[row]!;
    });
    return evaluate(expression, values, operators);
  });
}
