import type { Graph } from "../onnx/graph.ts";
import { elementwise } from "./elementwise.ts";
import { filled } from "./value.ts";
import { alignView, type View } from "./view.ts";

/**
 * Sums and products that need no node, or a cheaper one. Differentiation leaves many: a tangent of zeros, a factor of
 * one, x minus its own stopped value. A product with a zero that is written in the program is zero, whatever the other factor.
 */
export function foldAdd(graph: Graph, a: View, b: View, shape: readonly number[]): View | undefined {
  if (uniformValue(a) === 0) return alignView(b, shape);
  if (uniformValue(b) === 0) return alignView(a, shape);
  const [minusA, minusB] = [negated(graph, a), negated(graph, b)];
  if (a.stopped || b.stopped) {
    if (minusB && sameView(a, minusB)) return zeros(graph, a, shape);
    if (minusA && sameView(minusA, b)) return zeros(graph, b, shape);
  }
  if (minusB) return subtract(graph, a, minusB, shape);
  if (minusA) return subtract(graph, b, minusA, shape);
  return undefined;
}

/** The product where one factor is a constant 0, 1 or −1 that makes a node needless; else undefined. */
export function foldMul(graph: Graph, a: View, b: View, shape: readonly number[]): View | undefined {
  if (uniformValue(a) === 1) return alignView(b, shape);
  if (uniformValue(b) === 1) return alignView(a, shape);
  if (uniformValue(a) === 0 || uniformValue(b) === 0) return zeros(graph, a, shape);
  const half = uniformValue(b) === 0.5 ? a : uniformValue(a) === 0.5 ? b : undefined;
  const doubled = half && graph.source(half.base);
  if (half && doubled?.op === "Add" && doubled.inputs[0] === doubled.inputs[1]) {
    return alignView({ ...half, base: doubled.inputs[0]! }, shape);
  }
  return undefined;
}

export function foldNeg(graph: Graph, view: View): View | undefined {
  return negated(graph, view);
}

/** The one number that a constant view repeats. */
export function uniformValue(view: View): number | undefined {
  const { data } = view.base;
  return data?.length === 1 ? Number(data[0]) : undefined;
}

/** y, where the view is −y. */
function negated(graph: Graph, view: View): View | undefined {
  const source = graph.source(view.base);
  return source?.op === "Neg" ? { ...view, base: source.inputs[0]! } : undefined;
}

function sameView(a: View, b: View): boolean {
  return (
    a.base === b.base &&
    a.shape.length === b.shape.length &&
    a.shape.every((extent, i) => extent === b.shape[i] && a.axes[i] === b.axes[i])
  );
}

function zeros(graph: Graph, like: View, shape: readonly number[]): View {
  return { base: filled(graph, like.base.dtype, 0, []), axes: shape.map(() => null), shape };
}

function subtract(graph: Graph, a: View, b: View, shape: readonly number[]): View {
  return elementwise(graph, [a, b], shape, (refs, out) => graph.node("Sub", refs, out, a.base.dtype));
}
