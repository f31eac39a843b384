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

/**
 * Whether every operator of the expression is inside its domain at `values`: 1/exp(1/x) is finite towards 0 and not
 * defined there. An operator without a stated domain is taken to be defined where its value is finite.
 */
export function inDomain(expression: Expression, values: ArrayLike<number>, operators: OperatorSet): boolean {
  const visit = (node: Expression): number => {
    if (node.kind !== "call") return evaluate(node, values, operators);
    const args = node.args.map(visit);
    if (args.some(Number.isNaN)) return Number.NaN;
    const { domain, evaluate: apply } = operatorNamed(operators, node.operator, "inDomain");
    const value = apply(...args);
    return Number.isFinite(value) && (domain === undefined || domain(...args)) ? value : Number.NaN;
  };
  return Number.isFinite(visit(expression));
}
