import { sizeOf } from "../dtype.ts";
import type { Graph, Ref } from "../onnx/graph.ts";
import { elementwise } from "./elementwise.ts";
import { reduceView } from "./reduce.ts";
import { filled } from "./value.ts";
import { arrange, reshapeRef, type View } from "./view.ts";

/**
 * Σ over the logical axes `summed` of x·y, two views of one shape. Axes that are real in both and kept are batch, in
 * one of them M or N, summed in both K: one (batched) matrix product, with transposed factors handed to Gemm where
 * there is no batch. Axes that only one factor has are summed before the product.
 */
export function contract(graph: Graph, x: View, y: View, summed: readonly number[]): View {
  const isSummed = new Set(summed);
  let [a, b] = [x, y];
  const only = (first: View, second: View) =>
    summed.filter((i) => first.axes[i] !== null && second.axes[i] === null);
  a = sumKeeping(graph, a, only(a, b));
  b = sumKeeping(graph, b, only(b, a));
  let repeats = 1;
  for (const i of summed) if (x.axes[i] === null && y.axes[i] === null) repeats *= x.shape[i]!;

  const kept = x.shape.flatMap((_, i) => (isSummed.has(i) ? [] : [i]));
  const shape = kept.map((i) => x.shape[i]!);
  const inX = (i: number) => a.axes[i] !== null;
  const inY = (i: number) => b.axes[i] !== null;
  const batch = kept.filter((i) => inX(i) && inY(i));
  const m = kept.filter((i) => inX(i) && !inY(i));
  const n = kept.filter((i) => !inX(i) && inY(i));
  const k = summed.filter((i) => inX(i) && inY(i));
  const extent = (axes: readonly number[]) => sizeOf(axes.map((i) => x.shape[i]!));

  let result: View;
  if (k.length === 0 || useMultiply(extent(batch), extent(m), extent(n), extent(k))) {
    const product = elementwise(graph, [a, b], squeezedShape(a, b, isSummed), (refs, out) =>
      graph.node("Mul", refs, out, refs[0]!.dtype),
    );
    result = dropAxes(reduceView(graph, product, k, "ReduceSum"), k, summed);
  } else {
    const order = [...batch, ...m, ...n];
    const out = matrixProduct(graph, a, b, { batch, m, n, k });
    const base = reshapeRef(
      graph,
      out,
      order.map((i) => x.shape[i]!),
    );
    result = { base, shape, axes: kept.map((i) => (order.includes(i) ? order.indexOf(i) : null)) };
  }
  result = { ...result, shape };
  if (repeats === 1) return result;
  const factor = filled(graph, result.base.dtype, repeats, []);
  return { ...result, base: graph.node("Mul", [result.base, factor], result.base.shape, result.base.dtype) };
}

/** Tiny products under a large batch are faster as a multiplication and a sum than as many calls of a kernel. */
function useMultiply(batch: number, m: number, n: number, k: number): boolean {
  if (m === 1 && n === 1) return true;
  return batch > 1 && m * n * k <= 64;
}

interface Roles {
  batch: readonly number[];
  m: readonly number[];
  n: readonly number[];
  k: readonly number[];
}

function matrixProduct(graph: Graph, a: View, b: View, { batch, m, n, k }: Roles): Ref {
  const extent = (axes: readonly number[]) => sizeOf(axes.map((i) => a.shape[i]!));
  const [B, M, N, K] = [extent(batch), extent(m), extent(n), extent(k)];
  const dtype = a.base.dtype;
  if (batch.length === 0) {
    const left = factor(graph, a, m, k);
    const right = factor(graph, b, k, n);
    if (dtype === "int32" || (!left.transposed && !right.transposed)) {
      const l = left.transposed ? swap(graph, left.ref) : left.ref;
      const r = right.transposed ? swap(graph, right.ref) : right.ref;
      return graph.node("MatMul", [l, r], [M, N], dtype);
    }
    return graph.node("Gemm", [left.ref, right.ref], [M, N], dtype, {
      transA: Number(left.transposed),
      transB: Number(right.transposed),
    });
  }
  const axesOf = (view: View, logical: readonly number[]) => logical.map((i) => view.axes[i]!);
  const left = reshapeRef(graph, arrange(graph, a.base, axesOf(a, [...batch, ...m, ...k])), [B, M, K]);
  const right = reshapeRef(graph, arrange(graph, b.base, axesOf(b, [...batch, ...k, ...n])), [B, K, N]);
  return graph.node("MatMul", [left, right], [B, M, N], dtype);
}

/** A factor as a matrix rows × cols, or as its transpose where the base lies that way already. */
function factor(
  graph: Graph,
  view: View,
  rows: readonly number[],
  cols: readonly number[],
): { ref: Ref; transposed: boolean } {
  const axesOf = (logical: readonly number[]) => logical.map((i) => view.axes[i]!);
  const extent = (logical: readonly number[]) => sizeOf(logical.map((i) => view.shape[i]!));
  const straight = [...axesOf(rows), ...axesOf(cols)];
  const turned = [...axesOf(cols), ...axesOf(rows)];
  if (!isSorted(straight) && isSorted(turned)) {
    const ref = reshapeRef(graph, arrange(graph, view.base, turned), [extent(cols), extent(rows)]);
    return { ref, transposed: true };
  }
  const ref = reshapeRef(graph, arrange(graph, view.base, straight), [extent(rows), extent(cols)]);
  return { ref, transposed: false };
}

function swap(graph: Graph, ref: Ref): Ref {
  return graph.node("Transpose", [ref], [ref.shape[1]!, ref.shape[0]!], ref.dtype, { perm: [1, 0] });
}

function isSorted(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > values[i - 1]!);
}

/** Sums real axes of `view` but keeps them in its logical shape as repetitions, so that axes keep their numbers. */
function sumKeeping(graph: Graph, view: View, axes: readonly number[]): View {
  if (axes.length === 0) return view;
  const reduced = reduceView(graph, view, axes, "ReduceSum");
  let next = 0;
  return {
    base: reduced.base,
    shape: view.shape,
    axes: view.shape.map((_, i) => (axes.includes(i) ? null : reduced.axes[next++]!)),
  };
}

/** The common shape, with summed axes that neither factor has any more at extent 1. */
function squeezedShape(a: View, b: View, summed: ReadonlySet<number>): number[] {
  return a.shape.map((extent, i) =>
    summed.has(i) && (a.axes[i] === null || b.axes[i] === null) ? 1 : extent,
  );
}

/** Removes the summed axes that `done` has not removed already. */
function dropAxes(view: View, done: readonly number[], summed: readonly number[]): View {
  const remaining = summed.filter((i) => !done.includes(i)).map((i) => i - done.filter((d) => d < i).length);
  const keep = view.shape.map((_, i) => !remaining.includes(i));
  return {
    base: view.base,
    shape: view.shape.filter((_, i) => keep[i]),
    axes: view.axes.filter((_, i) => keep[i]),
  };
}
