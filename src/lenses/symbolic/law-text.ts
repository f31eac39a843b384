import { call, constant, type Expression } from "../../expressions/expression.ts";
import type { Language } from "../../expressions/operator.ts";
import { print } from "../../expressions/print.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import type { SymbolicAnalysis } from "./analyse.ts";

/** A formula in the names of the columns, its constants to four digits unless others are asked for. */
export function lawText(
  { problem, operators }: Pick<SymbolicAnalysis, "problem" | "operators">,
  expression: Expression,
  language: Language = "text",
  digits = 4,
): string {
  const all = new Map([...standardOperators, ...operators]);
  return print(readable(expression), { names: problem.names, operators: all, language, digits });
}

/** The same formula with −a for −1·a and 0 − a, the sign before products, a − c for a + (−c), and a for 1·a. */
export function readable(expression: Expression): Expression {
  if (expression.kind !== "call") return expression;
  const args = expression.args.map(readable);
  const [a, b] = args as [Expression, Expression];
  const is = (node: Expression, value: number) => node.kind === "constant" && node.value === value;
  const negative = (node: Expression) => node.kind === "constant" && node.value < 0;
  const less = (node: Expression) => constant(node.kind === "constant" ? -node.value : 0);
  switch (expression.operator) {
    case "mul":
      if (is(a, -1)) return minus(b);
      if (is(b, -1)) return minus(a);
      if (is(a, 1) || is(b, 1)) return is(a, 1) ? b : a;
      return signed("mul", a, b);
    case "div":
      return is(b, 1) ? a : signed("div", a, b);
    case "neg":
      return minus(a);
    case "add":
      if (negative(b)) return call("sub", a, less(b));
      return negative(a) ? call("sub", b, less(a)) : call("add", a, b);
    case "sub":
      if (is(a, 0)) return minus(b);
      return negative(b) ? call("add", a, less(b)) : call("sub", a, b);
    default:
      return { ...expression, args };
  }
}

const isMinus = (node: Expression) => node.kind === "call" && node.operator === "neg";
const inside = (node: Expression) => (node.kind === "call" ? node.args[0]! : node);
const minus = (node: Expression) => (isMinus(node) ? inside(node) : call("neg", node));

/** a·b or a/b with the signs of both before it. */
function signed(operator: "mul" | "div", a: Expression, b: Expression): Expression {
  const plain = call(operator, isMinus(a) ? inside(a) : a, isMinus(b) ? inside(b) : b);
  return isMinus(a) === isMinus(b) ? plain : call("neg", plain);
}
