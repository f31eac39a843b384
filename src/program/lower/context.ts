import type { Graph } from "../onnx/graph.ts";
import type { Lowered } from "./value.ts";
import { asView } from "./value.ts";
import type { View } from "./view.ts";

/** One equation of the traced program, as a lowering rule sees it. */
export interface Equation {
  readonly graph: Graph;
  readonly primitive: string;
  readonly inputs: readonly Lowered[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly outputs: readonly { shape: readonly number[]; dtype: import("../dtype.ts").DType }[];
}

/** Lowers one equation to values for its outputs. */
export type Rule = (equation: Equation) => Lowered | Lowered[];

/** Input `i` of the equation as a view. */
export function input(equation: Equation, i = 0): View {
  return asView(equation.graph, equation.inputs[i]!);
}

/** A view as the value of a variable. */
export function lowered(view: View): Lowered {
  return { kind: "view", view };
}

/** A parameter of the equation. */
export function param<T>(equation: Equation, name: string): T {
  return equation.params[name] as T;
}
