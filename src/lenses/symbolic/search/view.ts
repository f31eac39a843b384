import { call, type Expression, substitute, variable } from "../../../expressions/expression.ts";

/**
 * A way of looking at a problem: evolution sees the values of `inputs` as its columns and, where there is a prefactor
 * P, target/P with weights w·P², so that its squared error is the problem's. g in the view stands for P·g(inputs).
 */
export interface View {
  name: string;
  inputs: readonly Expression[];
  prefactor?: Expression;
  /** Whether the inputs and the target keep their dimensions; else all are pure numbers. */
  dimensions: boolean;
}

/** The problem as it is. */
export const plainView = (columns: number): View => ({
  name: "plain",
  inputs: Array.from({ length: columns }, (_, i) => variable(i)),
  dimensions: true,
});

/** An expression of the view in the problem's own columns. */
export function fromView(view: View, inner: Expression): Expression {
  const outer = substitute(inner, view.inputs);
  return view.prefactor === undefined ? outer : call("mul", view.prefactor, outer);
}
