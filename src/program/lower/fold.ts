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
  const [left, right] = [scaled(graph, a), scaled(graph, b)];
  if (left && right && sameView(left.view, right.view)) {
    return scale(graph, alignView(left.view, shape), left.factor + right.factor);
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

/** −x where no node is needed: x is a zero, or itself a negative. */
export function foldNeg(graph: Graph, view: View): View | undefined {
  return uniformValue(view) === 0 ? view : negated(graph, view);
}

/** A choice between two equal things. */
export function foldWhere(x: View, y: View, shape: readonly number[]): View | undefined {
  const [a, b] = [alignView(x, shape), alignView(y, shape)];
  return sameView(a, b) ? a : undefined;
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

/** c and y, where the view is c·y with one number c. */
function scaled(graph: Graph, view: View): { view: View; factor: number } | undefined {
  const source = graph.source(view.base);
  if (source?.op !== "Mul") return undefined;
  const at = source.inputs.findIndex(({ shape, data }) => data && shape.length === 0);
  if (at < 0) return undefined;
  const rest = source.inputs[1 - at]!;
  if (rest.shape.length !== view.base.shape.length) return undefined;
  return { view: { ...view, base: rest }, factor: Number(source.inputs[at]!.data![0]) };
}

function scale(graph: Graph, view: View, factor: number): View {
  const constant = filled(graph, view.base.dtype, factor, []);
  if (Number(constant.data![0]) === 1) return view;
  return { ...view, base: graph.node("Mul", [view.base, constant], view.base.shape, view.base.dtype) };
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
