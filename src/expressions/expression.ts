import { UserError } from "../core/errors.ts";

/** A number in an expression: a fitted parameter, or one that a rule has put there. */
export interface Constant {
  readonly kind: "constant";
  readonly value: number;
}

/** Column `index` of the data. Names belong to the data, and come in when an expression is printed or parsed. */
export interface Variable {
  readonly kind: "variable";
  readonly index: number;
}

/** An operator applied to arguments. */
export interface Call {
  readonly kind: "call";
  readonly operator: string;
  readonly args: readonly Expression[];
}

/** An expression: immutable plain data that can be stored as JSON and sent to a worker. */
export type Expression = Constant | Variable | Call;

export const constant = (value: number): Constant => ({ kind: "constant", value });

/**
 * The variable of column `index`.
 * @throws UserError unless `index` is a whole number from 0.
 */
export function variable(index: number): Variable {
  if (!Number.isInteger(index) || index < 0) {
    throw new UserError(`variable: the index ${index} is not a column; expected a whole number from 0.`);
  }
  return { kind: "variable", index };
}

/** Operator `operator` of `args`. Whether it exists is checked where an operator set is at hand. */
export const call = (operator: string, ...args: Expression[]): Call => ({ kind: "call", operator, args });

/** The expression itself and all expressions in it, arguments before their operator (postorder). */
export function* nodes(expression: Expression): Generator<Expression> {
  if (expression.kind === "call") for (const arg of expression.args) yield* nodes(arg);
  yield expression;
}

/** Number of nodes: constants, variables and operators. */
export function size(expression: Expression): number {
  if (expression.kind !== "call") return 1;
  let sum = 1;
  for (const arg of expression.args) sum += size(arg);
  return sum;
}

/** Nodes on the longest way from the top to a leaf. */
export function depth(expression: Expression): number {
  if (expression.kind !== "call") return 1;
  let most = 0;
  for (const arg of expression.args) most = Math.max(most, depth(arg));
  return most + 1;
}

/** The values of the constants, from left to right. */
export function constantsOf(expression: Expression): number[] {
  const found: number[] = [];
  for (const node of nodes(expression)) if (node.kind === "constant") found.push(node.value);
  return found;
}

/** The indices of the variables that occur, each once, ascending. */
export function variablesOf(expression: Expression): number[] {
  const found = new Set<number>();
  for (const node of nodes(expression)) if (node.kind === "variable") found.add(node.index);
  return [...found].sort((a, b) => a - b);
}

/** `expression` with the i-th leaf constant (from the left) replaced by `leaf(value, i)`; shared where unchanged. */
export function mapConstants(
  expression: Expression,
  leaf: (value: number, index: number) => Expression,
): Expression {
  let count = 0;
  const visit = (node: Expression): Expression => {
    if (node.kind === "variable") return node;
    if (node.kind === "constant") return leaf(node.value, count++);
    return { ...node, args: node.args.map(visit) };
  };
  return visit(expression);
}

/**
 * `expression` with `values` in place of its constants, from left to right.
 * @throws UserError if the numbers differ.
 */
export function withConstants(expression: Expression, values: ArrayLike<number>): Expression {
  const made = mapConstants(expression, (_, i) => constant(values[i] ?? Number.NaN));
  const count = constantsOf(expression).length;
  if (values.length !== count) {
    throw new UserError(`withConstants: the expression has ${count} constants, got ${values.length} values.`);
  }
  return made;
}

/** `expression` with expressions in place of its variables; a variable without one stays. */
export function substitute(expression: Expression, by: readonly (Expression | undefined)[]): Expression {
  if (expression.kind === "constant") return expression;
  if (expression.kind === "variable") return by[expression.index] ?? expression;
  return { ...expression, args: expression.args.map((arg) => substitute(arg, by)) };
}

/** Whether two expressions are the same tree, constants equal as numbers (NaN equals NaN). */
export function sameTree(a: Expression, b: Expression): boolean {
  if (a.kind === "constant") return b.kind === "constant" && Object.is(a.value, b.value);
  if (a.kind === "variable") return b.kind === "variable" && a.index === b.index;
  return (
    b.kind === "call" &&
    a.operator === b.operator &&
    a.args.length === b.args.length &&
    a.args.every((arg, i) => sameTree(arg, b.args[i]!))
  );
}
