import { UserError } from "../core/errors.ts";
import { call, constant, type Expression, nodes } from "./expression.ts";
import { type OperatorSet, operatorNamed } from "./operator.ts";
import { standardOperators } from "./standard-operators.ts";

/** What to derive by: variable i, or the i-th constant from the left. */
export type DeriveBy = { variable: number } | { constant: number };

/**
 * ∂f/∂x or ∂f/∂c as an expression, by the chain rule with the operators' partial derivatives; products with 0 and 1
 * and sums with 0 are left out, nothing else is simplified (see `simplify`). Constants of f keep their values.
 * @throws UserError for a constant that the expression does not have, or an operator without derivatives.
 */
export function derivative(
  expression: Expression,
  by: DeriveBy,
  operators: OperatorSet = standardOperators,
): Expression {
  let count = 0;
  if ("constant" in by) {
    const all = [...nodes(expression)].filter(({ kind }) => kind === "constant").length;
    if (!(by.constant >= 0 && by.constant < all)) {
      throw new UserError(`derivative: there is no constant ${by.constant}; the expression has ${all}.`);
    }
  }
  const visit = (node: Expression): Expression => {
    if (node.kind === "variable") return constant("variable" in by && node.index === by.variable ? 1 : 0);
    if (node.kind === "constant") return constant("constant" in by && count++ === by.constant ? 1 : 0);
    const inner = node.args.map(visit);
    if (inner.every((d) => isNumber(d, 0))) return constant(0);
    const operator = operatorNamed(operators, node.operator, "derivative");
    const partials = operator.derivatives?.(node.args, node);
    if (partials === undefined) {
      throw new UserError(
        `derivative: operator '${node.operator}' has no derivatives; give them in its definition.`,
      );
    }
    return inner.map((d, i) => times(partials[i]!, d)).reduce(plus);
  };
  return visit(expression);
}

const isNumber = (e: Expression, value: number) => e.kind === "constant" && e.value === value;

function times(a: Expression, b: Expression): Expression {
  if (isNumber(a, 0) || isNumber(b, 0)) return constant(0);
  if (isNumber(a, 1)) return b;
  if (isNumber(b, 1)) return a;
  if (a.kind === "constant" && b.kind === "constant") return constant(a.value * b.value);
  if (isNumber(a, -1)) return call("neg", b);
  return isNumber(b, -1) ? call("neg", a) : call("mul", a, b);
}

function plus(a: Expression, b: Expression): Expression {
  if (isNumber(a, 0)) return b;
  return isNumber(b, 0) ? a : call("add", a, b);
}
