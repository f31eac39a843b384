import type { Graph, Ref } from "../../onnx/graph.ts";
import { type Equation, input, lowered, param, type Rule } from "../context.ts";
import { filled } from "../value.ts";
import {
  broadcastView,
  materialise,
  reshapeRef,
  reshapeView,
  transposeView,
  type View,
  viewOf,
} from "../view.ts";

type Range = readonly [number, number];

/** Applies a change of axes to a value; on a product that is not formed yet, to both factors. */
function throughProduct(
  equation: Equation,
  change: (view: View) => View | undefined,
): ReturnType<Rule> | undefined {
  const value = equation.inputs[0]!;
  if (value.kind === "product") {
    const x = change(value.product.x);
    const y = change(value.product.y);
    if (x && y) return { kind: "product", product: { x, y, shape: equation.outputs[0]!.shape } };
  }
  const view = change(input(equation));
  return view && lowered(view);
}

const transpose: Rule = (equation) => {
  const perm = param<number[]>(equation, "perm");
  return throughProduct(equation, (view) => transposeView(view, perm))!;
};

const broadcast: Rule = (equation) => {
  const shape = param<number[]>(equation, "shape");
  const axis = param<number[]>(equation, "axis");
  return throughProduct(equation, (view) => broadcastView(view, shape, axis))!;
};

const reshape: Rule = (equation) => {
  const shape = param<number[]>(equation, "shape");
  const lazy = throughProduct(equation, (view) => reshapeView(view, shape));
  if (lazy) return lazy;
  const { graph } = equation;
  return lowered(viewOf(reshapeRef(graph, materialise(graph, input(equation)), shape)));
};

/** A part of a tensor, on the base of its view; repeated axes only change their extent. */
const shrink: Rule = (equation) => {
  const slice = param<Range[]>(equation, "slice");
  return lowered(cut(equation.graph, input(equation), slice));
};

/** The part `slice` of a view, from–to an axis; a repeated axis only changes its extent. */
export function cut(graph: Graph, view: View, slice: readonly Range[]): View {
  const shape = slice.map(([from, to]) => to - from);
  const moved = slice.flatMap(([from, to], i) =>
    view.axes[i] !== null && (from !== 0 || to !== view.shape[i]) ? [i] : [],
  );
  if (moved.length === 0) return { ...view, shape };
  const axes = moved.map((i) => view.axes[i]!);
  const baseShape = view.base.shape.map((extent, axis) => {
    const i = moved.find((j) => view.axes[j] === axis);
    return i === undefined ? extent : shape[i]!;
  });
  const base = sliceRef(graph, view.base, baseShape, {
    starts: moved.map((i) => slice[i]![0]),
    ends: moved.map((i) => slice[i]![1]),
    axes,
  });
  return { base, axes: view.axes, shape };
}

/** A Slice node; `axes` are those of the tensor, steps 1 unless given. */
export function sliceRef(
  graph: Graph,
  ref: Ref,
  shape: readonly number[],
  { starts, ends, axes, steps }: Record<"starts" | "ends" | "axes", number[]> & { steps?: number[] },
): Ref {
  const inputs = [ref, graph.integers(starts), graph.integers(ends), graph.integers(axes)];
  if (steps) inputs.push(graph.integers(steps));
  return graph.node("Slice", inputs, shape, ref.dtype);
}

const flip: Rule = (equation) => {
  const { graph } = equation;
  const view = input(equation);
  const axes = param<number[]>(equation, "axis").flatMap((i) =>
    view.axes[i] === null ? [] : [view.axes[i]!],
  );
  if (axes.length === 0) return lowered(view);
  const base = sliceRef(graph, view.base, view.base.shape, {
    starts: axes.map(() => -1),
    ends: axes.map(() => -(2 ** 31)),
    axes,
    steps: axes.map(() => -1),
  });
  return lowered({ ...view, base });
};

/** Zeros around a tensor. Along one axis it stays a piece of a larger tensor, to be joined with its neighbours. */
const pad: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { shape } = outputs[0]!;
  const width = param<Range[]>(equation, "width");
  let view = input(equation);
  const crop = width.map(([lo, hi], i): Range => [Math.max(0, -lo), view.shape[i]! + Math.min(0, hi)]);
  view = cut(graph, view, crop);
  const grow = width.map(([lo, hi]): Range => [Math.max(0, lo), Math.max(0, hi)]);
  const moved = grow.flatMap(([lo, hi], i) => (lo > 0 || hi > 0 ? [i] : []));
  if (moved.length === 0) return lowered(view);
  if (view.shape.some((extent) => extent === 0)) {
    return lowered(viewOf(filled(graph, view.base.dtype, 0, shape)));
  }
  if (moved.length === 1) {
    const axis = moved[0]!;
    const parts = [{ start: grow[axis]![0], view }];
    return { kind: "pieces", pieces: { axis, parts, shape, dtype: view.base.dtype } };
  }
  const ref = materialise(graph, view);
  const pads = graph.integers([...grow.map(([lo]) => lo), ...grow.map(([, hi]) => hi)]);
  const zero = filled(graph, ref.dtype, 0, []);
  return lowered(viewOf(graph.node("Pad", [ref, pads, zero], shape, ref.dtype)));
};

const concatenate: Rule = (equation) => {
  const { graph, inputs, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  const axis = param<number>(equation, "axis");
  const refs = inputs
    .map((_, i) => input(equation, i))
    .filter((view) => view.shape[axis] !== 0)
    .map((view) => materialise(graph, view));
  if (refs.length === 1) return lowered(viewOf(refs[0]!));
  return lowered(viewOf(graph.node("Concat", refs, shape, dtype, { axis })));
};

const split: Rule = (equation) => {
  const { graph } = equation;
  const view = input(equation);
  const axis = param<number>(equation, "axis");
  let at = 0;
  return param<number[]>(equation, "sizes").map((size) => {
    const slice = view.shape.map((extent, i): Range => (i === axis ? [at, at + size] : [0, extent]));
    at += size;
    return lowered(cut(graph, view, slice));
  });
};

/** Rules that move elements. */
export const movementRules: Readonly<Record<string, Rule>> = {
  transpose,
  broadcast,
  reshape,
  shrink,
  flip,
  pad,
  concatenate,
  split,
};
