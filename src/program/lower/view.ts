import { sizeOf, type TypedArray, zeros } from "../dtype.ts";
import type { Graph, GraphDType, Ref } from "../onnx/graph.ts";

/**
 * A logical tensor over a base tensor, with no node behind it: transposing, broadcasting and adding or dropping axes
 * of extent 1 only change `axes`. Logical axis i is base axis `axes[i]`, or a repetition where that is null. Every
 * base axis of extent other than 1 appears exactly once.
 */
export interface View {
  readonly base: Ref;
  readonly axes: readonly (number | null)[];
  readonly shape: readonly number[];
  /** It came through stop_gradient: x minus its own stopped value is a zero that differentiation needs, no subtraction. */
  readonly stopped?: boolean;
}

/** The whole of `ref`, axis by axis. */
export function viewOf(ref: Ref): View {
  return { base: ref, axes: ref.shape.map((_, i) => i), shape: ref.shape };
}

/** The view with its axes in the order `perm`. */
export function transposeView(view: View, perm: readonly number[]): View {
  return { base: view.base, axes: perm.map((p) => view.axes[p]!), shape: perm.map((p) => view.shape[p]!) };
}

/** Broadcast to `shape`, the axes `inserted` being new. */
export function broadcastView(view: View, shape: readonly number[], inserted: readonly number[]): View {
  const isNew = new Set(inserted);
  let from = 0;
  const axes = shape.map((extent, i) => {
    if (isNew.has(i)) return null;
    const axis = view.axes[from]!;
    const old = view.shape[from++]!;
    return old === extent ? axis : null;
  });
  return { base: view.base, axes, shape };
}

/** Aligned with `shape` by NumPy's rule: from the last axis backwards, extents of 1 repeated. */
export function alignView(view: View, shape: readonly number[]): View {
  const lead = shape.length - view.shape.length;
  return {
    base: view.base,
    shape,
    axes: shape.map((extent, i) =>
      i < lead || view.shape[i - lead] !== extent ? null : view.axes[i - lead]!,
    ),
  };
}

/** The view under another shape, if the two differ only by axes of extent 1; else undefined. */
export function reshapeView(view: View, shape: readonly number[]): View | undefined {
  const wide = view.shape.flatMap((extent, i) => (extent === 1 ? [] : [i]));
  const wanted = shape.filter((extent) => extent !== 1);
  if (wide.length !== wanted.length || wide.some((i, k) => view.shape[i] !== wanted[k])) return undefined;
  let next = 0;
  const axes = shape.map((extent) => (extent === 1 ? null : view.axes[wide[next++]!]!));
  return { base: view.base, axes, shape };
}

/**
 * A tensor that holds the view's values with its real axes in logical order, and extent 1 where the view repeats:
 * ready for NumPy broadcasting. Leading repeated axes are dropped unless `keepRank`.
 */
export function compact(graph: Graph, view: View, keepRank = false): Ref {
  const real = view.axes.flatMap((axis) => (axis === null ? [] : [axis]));
  const ordered = arrange(graph, view.base, real);
  let shape = view.axes.map((axis, i) => (axis === null ? 1 : view.shape[i]!));
  if (!keepRank)
    shape = shape.slice(
      Math.max(
        0,
        view.axes.findIndex((axis) => axis !== null),
      ),
    );
  if (!keepRank && real.length === 0) shape = [];
  return reshapeRef(graph, ordered, shape);
}

/** A tensor that holds the whole view, repetitions written out. */
export function materialise(graph: Graph, view: View): Ref {
  const small = compact(graph, view, true);
  return expandRef(graph, small, view.shape);
}

/** `base` with its axes in the order `real` first-to-last; base axes of extent 1 that are not named are dropped. */
export function arrange(graph: Graph, base: Ref, real: readonly number[]): Ref {
  const rest = base.shape.flatMap((_, i) => (real.includes(i) ? [] : [i]));
  const perm = [...real, ...rest];
  const wideOrder = perm.filter((i) => base.shape[i] !== 1);
  const shape = real.map((i) => base.shape[i]!);
  if (wideOrder.every((axis, k) => k === 0 || axis > wideOrder[k - 1]!))
    return reshapeRef(graph, base, shape);
  return reshapeRef(graph, transposeRef(graph, base, perm), shape);
}

/** `ref` with its axes in the order `perm`; constants are rearranged here. */
export function transposeRef(graph: Graph, ref: Ref, perm: readonly number[]): Ref {
  const shape = perm.map((p) => ref.shape[p]!);
  if (ref.data && sizeOf(shape) <= foldLimit && ref.dtype !== "int64") {
    return graph.constant(ref.dtype, shape, permuted(ref.data as TypedArray, ref.shape, perm, ref.dtype));
  }
  return graph.node("Transpose", [ref], shape, ref.dtype, { perm });
}

/** `ref` under another shape of the same size. */
export function reshapeRef(graph: Graph, ref: Ref, shape: readonly number[]): Ref {
  if (sameShape(ref.shape, shape)) return ref;
  if (ref.data) return graph.constant(ref.dtype, shape, ref.data);
  // By itself a 0 in the shape would mean "as before".
  const attributes = shape.includes(0) ? { allowzero: 1 } : {};
  return graph.node("Reshape", [ref, graph.integers(shape)], shape, ref.dtype, attributes);
}

/** `ref` repeated to `shape`, which has the same rank. */
export function expandRef(graph: Graph, ref: Ref, shape: readonly number[]): Ref {
  if (sameShape(ref.shape, shape)) return ref;
  if (ref.data && sizeOf(shape) <= foldLimit && ref.dtype !== "int64") {
    return graph.constant(ref.dtype, shape, expanded(ref.data as TypedArray, ref.shape, shape, ref.dtype));
  }
  return graph.node("Expand", [ref, graph.integers(shape)], shape, ref.dtype);
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i]);
}

/** Constants are rearranged while lowering up to this many elements. */
const foldLimit = 1 << 20;

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

function walk(
  data: TypedArray,
  shape: readonly number[],
  strides: readonly number[],
  dtype: Exclude<GraphDType, "int64">,
) {
  const out = zeros(dtype, sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let offset = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[offset]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      offset -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

function permuted(
  data: TypedArray,
  shape: readonly number[],
  perm: readonly number[],
  dtype: Exclude<GraphDType, "int64">,
): TypedArray {
  const strides = stridesOf(shape);
  return walk(
    data,
    perm.map((p) => shape[p]!),
    perm.map((p) => strides[p]!),
    dtype,
  );
}

function expanded(
  data: TypedArray,
  from: readonly number[],
  to: readonly number[],
  dtype: Exclude<GraphDType, "int64">,
): TypedArray {
  const strides = stridesOf(from).map((stride, i) => (from[i] === 1 && to[i] !== 1 ? 0 : stride));
  return walk(data, to, strides, dtype);
}
