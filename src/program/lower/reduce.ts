import { sizeOf } from "../dtype.ts";
import type { Graph } from "../onnx/graph.ts";
import { filled } from "./value.ts";
import type { View } from "./view.ts";

/** ONNX operators that reduce axes. */
export type Reduction = "ReduceSum" | "ReduceProd" | "ReduceMin" | "ReduceMax";

/** Reduces the logical axes `axes` of `view` (removed from its shape). Repeated axes cost nothing or one scalar. */
export function reduceView(graph: Graph, view: View, axes: readonly number[], op: Reduction): View {
  if (axes.length === 0) return view;
  const isReduced = new Set(axes);
  const real = axes.flatMap((i) => (view.axes[i] === null ? [] : [view.axes[i]!])).toSorted((a, b) => a - b);
  const repeats = sizeOf(axes.filter((i) => view.axes[i] === null).map((i) => view.shape[i]!));
  let base = view.base;
  if (real.length > 0) {
    const shape = base.shape.filter((_, i) => !real.includes(i));
    base =
      op === "ReduceSum"
        ? graph.node(op, [base, graph.integers(real)], shape, base.dtype, { keepdims: 0 })
        : graph.node(op, [base], shape, base.dtype, { axes: real, keepdims: 0 });
  }
  if (repeats > 1 && op === "ReduceSum") {
    base = graph.node("Mul", [base, filled(graph, base.dtype, repeats, [])], base.shape, base.dtype);
  } else if (repeats > 1 && op === "ReduceProd") {
    base = graph.node("Pow", [base, filled(graph, base.dtype, repeats, [])], base.shape, base.dtype);
  }
  const kept = view.shape.flatMap((_, i) => (isReduced.has(i) ? [] : [i]));
  const renumber = (axis: number) => axis - real.filter((r) => r < axis).length;
  return {
    base,
    shape: kept.map((i) => view.shape[i]!),
    axes: kept.map((i) => (view.axes[i] === null ? null : renumber(view.axes[i]!))),
  };
}
