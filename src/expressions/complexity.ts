import { type Expression, nodes } from "./expression.ts";
import { type OperatorSet, operatorNamed } from "./operator.ts";
import { standardOperators } from "./standard-operators.ts";

export interface ComplexityOptions {
  operators?: OperatorSet;
  /** Cost of a constant. Default 1. */
  constant?: number;
  /** Cost of a variable, or one for each. Default 1. */
  variable?: number | readonly number[];
}

/** Σ of the costs of all nodes: the node count where every cost is 1. */
export function complexity(expression: Expression, options: ComplexityOptions = {}): number {
  const { operators = standardOperators, constant = 1, variable = 1 } = options;
  let sum = 0;
  for (const node of nodes(expression)) {
    if (node.kind === "constant") sum += constant;
    else if (node.kind === "variable")
      sum += typeof variable === "number" ? variable : (variable[node.index] ?? 1);
    else sum += operatorNamed(operators, node.operator, "complexity").complexity ?? 1;
  }
  return sum;
}

/** The largest number of nodes of `operator` on one way from the top to a leaf: sin(sin(x)) nests sin twice. */
export function nesting(expression: Expression, operator: string): number {
  if (expression.kind !== "call") return 0;
  const inner = Math.max(0, ...expression.args.map((arg) => nesting(arg, operator)));
  return inner + (expression.operator === operator ? 1 : 0);
}
