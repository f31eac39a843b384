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

/** The same formula with −a for −1·a and 0 − a, a − c for a + (−c), and a for 1·a. */
export function readable(expression: Expression): Expression {
  if (expression.kind !== "call") return expression;
  const args = expression.args.map(readable);
  const [a, b] = args as [Expression, Expression];
  const is = (node: Expression, value: number) => node.kind === "constant" && node.value === value;
  const negative = (node: Expression) => node.kind === "constant" && node.value < 0;
  const less = (node: Expression) => constant(node.kind === "constant" ? -node.value : 0);
  switch (expression.operator) {
    case "mul":
      if (is(a, -1)) return call("neg", b);
      if (is(b, -1)) return call("neg", a);
      return is(a, 1) ? b : is(b, 1) ? a : call("mul", a, b);
    case "add":
      if (negative(b)) return call("sub", a, less(b));
      return negative(a) ? call("sub", b, less(a)) : call("add", a, b);
    case "sub":
      if (is(a, 0)) return call("neg", b);
      return negative(b) ? call("add", a, less(b)) : call("sub", a, b);
    default:
      return { ...expression, args };
  }
}
