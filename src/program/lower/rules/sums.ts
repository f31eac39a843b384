import { sizeOf } from "../../dtype.ts";
import type { Graph, Ref } from "../../onnx/graph.ts";
import { elementTypeOf } from "../../onnx/graph.ts";
import { type Equation, input, lowered, param, type Rule } from "../context.ts";
import { contract } from "../contract.ts";
import { type Reduction, reduceView } from "../reduce.ts";
import { filled } from "../value.ts";
import { alignView, type View, viewOf } from "../view.ts";

const operators: Readonly<Record<string, Reduction>> = {
  Add: "ReduceSum",
  Mul: "ReduceProd",
  Min: "ReduceMin",
  Max: "ReduceMax",
};

const reduce: Rule = (equation) => {
  const { graph, inputs, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  const axes = param<number[]>(equation, "axis");
  const name = param<string>(equation, "op");
  const op = operators[name]!;
  const value = inputs[0]!;
  if (value.kind === "product" && op === "ReduceSum") {
    return lowered(contract(graph, value.product.x, value.product.y, axes));
  }
  const view = input(equation);
  if (sizeOf(view.shape) === 0) return lowered(viewOf(filled(graph, dtype, identity(op, dtype), shape)));
  if (dtype !== "bool") return lowered(reduceView(graph, view, axes, op));
  const asInt = { ...view, base: recast(graph, view.base, "int32") };
  const reduced = reduceView(
    graph,
    asInt,
    axes,
    op === "ReduceSum" || op === "ReduceMax" ? "ReduceMax" : "ReduceMin",
  );
  return lowered({ ...reduced, base: recast(graph, reduced.base, "bool") });
};

function recast(graph: Graph, ref: Ref, to: "int32" | "bool"): Ref {
  return graph.node("Cast", [ref], ref.shape, to, { to: elementTypeOf(to) });
}

function identity(op: Reduction, dtype: string): number {
  const isInt = dtype === "int32";
  if (op === "ReduceSum") return 0;
  if (op === "ReduceProd") return 1;
  if (dtype === "bool") return op === "ReduceMin" ? 1 : 0;
  if (op === "ReduceMin") return isInt ? 2 ** 31 - 1 : Number.POSITIVE_INFINITY;
  return isInt ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
}

/** dot(x, y) = Σ x·y over the last axis. A last axis of extent 1 makes an outer product, which is put off. */
const dot: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  const [x, y] = factors(equation);
  const last = x.shape.length - 1;
  if (x.shape[last] === 0) return lowered(viewOf(filled(graph, dtype, 0, shape)));
  if (x.shape[last] !== 1) return lowered(contract(graph, x, y, [last]));
  const drop = (view: View): View => ({ base: view.base, axes: view.axes.slice(0, -1), shape });
  return { kind: "product", product: { x: drop(x), y: drop(y), shape } };
};

function factors(equation: Equation): [View, View] {
  const x = input(equation, 0);
  const y = input(equation, 1);
  const last = Math.max(x.shape.at(-1) ?? 1, y.shape.at(-1) ?? 1);
  const empty = x.shape.at(-1) === 0 || y.shape.at(-1) === 0;
  const full = [...equation.outputs[0]!.shape, empty ? 0 : last];
  return [alignView(x, full), alignView(y, full)];
}

/** Rules of reductions and products. */
export const sumRules: Readonly<Record<string, Rule>> = { reduce, dot };
