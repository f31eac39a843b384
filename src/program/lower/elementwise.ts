import type { Graph, GraphDType, Ref } from "../onnx/graph.ts";
import { alignView, reshapeRef, transposeRef, type View } from "./view.ts";

/**
 * Applies an elementwise function to views that are broadcast against each other to `shape`. Repeated axes are not
 * written out, and the result keeps the axis order of the largest operand, so that transposing stays free.
 */
export function elementwise(
  graph: Graph,
  operands: readonly View[],
  shape: readonly number[],
  emit: (refs: Ref[], shape: readonly number[]) => Ref,
): View {
  const views = operands.map((view) => alignView(view, shape));
  const leader = views.reduce((best, view) => (realSize(view) > realSize(best) ? view : best));
  const real = shape.flatMap((_, i) => (views.some((view) => view.axes[i] !== null) ? [i] : []));
  const place = (i: number) => leader.axes[i] ?? -1;
  // Logical axes in the order in which the leader stores them; axes that it repeats come first, in logical order.
  const order = real.toSorted((a, b) => place(a) - place(b) || a - b);
  const refs = views.map((view) => inOrder(graph, view, order));
  const out = emit(
    refs,
    order.map((i) => shape[i]!),
  );
  return { base: out, shape, axes: shape.map((_, i) => (order.includes(i) ? order.indexOf(i) : null)) };
}

/** The values of `view` with its axes in `order`, extent 1 where it repeats, leading ones dropped. */
function inOrder(graph: Graph, view: View, order: readonly number[]): Ref {
  const used = order.filter((i) => view.axes[i] !== null);
  const real = used.map((i) => view.axes[i]!);
  const { base } = view;
  const rest = base.shape.flatMap((_, i) => (real.includes(i) ? [] : [i]));
  const perm = [...real, ...rest];
  const wide = perm.filter((i) => base.shape[i] !== 1);
  const sorted = wide.every((axis, k) => k === 0 || axis > wide[k - 1]!);
  const ordered = sorted ? base : transposeRef(graph, base, perm);
  const first = order.findIndex((i) => view.axes[i] !== null);
  const shape = first < 0 ? [] : order.slice(first).map((i) => (view.axes[i] === null ? 1 : view.shape[i]!));
  return reshapeRef(graph, ordered, shape);
}

function realSize(view: View): number {
  return view.axes.reduce((size: number, axis, i) => (axis === null ? size : size * view.shape[i]!), 1);
}

/** A unary node that leaves shape and axes as they are. */
export function unary(graph: Graph, op: string, view: View, dtype: GraphDType = view.base.dtype): View {
  return { ...view, base: graph.node(op, [view.base], view.base.shape, dtype) };
}
