import { sizeOf } from "../../dtype.ts";
import type { Graph, Ref } from "../../onnx/graph.ts";
import { input, lowered, param, type Rule } from "../context.ts";
import { contract } from "../contract.ts";
import { elementwise } from "../elementwise.ts";
import { filled } from "../value.ts";
import { materialise, reshapeRef, type View, viewOf } from "../view.ts";
import { scatterRows } from "./indexing.ts";
import { cut } from "./movement.ts";

type Pair = readonly [number, number];

/** Positions start·stride + offset that each window of one axis covers, window by window. */
function windowIndex(outs: number, size: number, stride: number): Int32Array {
  return Int32Array.from({ length: outs * size }, (_, i) => Math.floor(i / size) * stride + (i % size));
}

/** Sliding windows over the last axes: [..., o…, w…], by one Gather with constant positions an axis. */
const pool: Rule = (equation) => {
  const { graph, outputs } = equation;
  const window = param<number[]>(equation, "window");
  const strides = param<number[]>(equation, "strides");
  const { shape, dtype } = outputs[0]!;
  let ref = materialise(graph, input(equation));
  const lead = ref.shape.length - window.length;
  // From the last axis on, so that the axes still to do keep their numbers.
  for (let i = window.length - 1; i >= 0; i--) {
    const axis = lead + i;
    const outs = shape[axis]!;
    const where = graph.constant("int32", [outs, window[i]!], windowIndex(outs, window[i]!, strides[i]!));
    const next = [...ref.shape.slice(0, axis), outs, window[i]!, ...ref.shape.slice(axis + 1)];
    ref = graph.node("Gather", [ref, where], next, dtype, { axis });
  }
  const axes = [
    ...Array.from({ length: lead }, (_, i) => i),
    ...window.map((_, i) => lead + 2 * i),
    ...window.map((_, i) => lead + 2 * i + 1),
  ];
  return lowered({ base: ref, axes, shape });
};

/** The adjoint of {@link pool}: windows added back onto the axes they were taken from. */
const poolTranspose: Rule = (equation) => {
  const { graph, outputs } = equation;
  const window = param<number[]>(equation, "window");
  const strides = param<number[]>(equation, "strides");
  const { shape } = outputs[0]!;
  const n = window.length;
  const source = input(equation);
  const lead = source.shape.length - 2 * n;
  const outs = source.shape.slice(lead, lead + n);
  // Windows and their positions first, flattened; everything else is the width of a row.
  const leading = Array.from({ length: lead }, (_, i) => i);
  const order = [...outs.flatMap((_, i) => [lead + i, lead + n + i]), ...leading];
  const moved: View = {
    base: source.base,
    axes: order.map((i) => source.axes[i]!),
    shape: order.map((i) => source.shape[i]!),
  };
  const count = sizeOf(outs) * sizeOf(window);
  const width = sizeOf(source.shape.slice(0, lead));
  const updates = reshapeRef(graph, materialise(graph, moved), [count, width]);
  const inner = shape.slice(lead);
  let index: number[] = [0];
  outs.forEach((o, i) => {
    const positions = windowIndex(o, window[i]!, strides[i]!);
    index = index.flatMap((base) => Array.from(positions, (p) => base * inner[i]! + p));
  });
  const rows = sizeOf(inner);
  const where = graph.constant("int32", [count], Int32Array.from(index));
  const summed = scatterRows(graph, updates, { index: where, rows, positions: [count] }, true);
  const full = reshapeRef(graph, summed, [...inner, ...shape.slice(0, lead)]);
  const axes = [...leading.map((i) => n + i), ...inner.map((_, i) => i)];
  return lowered({ base: full, axes, shape });
};

/** Cross-correlation (lax.conv_general_dilated, NCHW): k shifted slices, each one matrix product, summed. */
const conv: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  const vmap = param<number>(equation, "vmapDims");
  const strides = param<number[]>(equation, "strides");
  const padding = param<Pair[]>(equation, "padding");
  const lhsDilation = param<number[]>(equation, "lhsDilation");
  const rhsDilation = param<number[]>(equation, "rhsDilation");
  const x = materialise(graph, input(equation, 0));
  const w = input(equation, 1);
  const n = strides.length;
  const first = vmap + 2;
  const inflated = dilate(graph, x, first, lhsDilation);
  const padded = padAxes(graph, inflated, first, padding);
  const kernel = w.shape.slice(first);
  let sum: View | undefined;
  for (let flat = 0; flat < sizeOf(kernel); flat++) {
    const at = unravel(flat, kernel);
    const starts = at.map((k, i) => k * rhsDilation[i]!);
    const patch = strided(graph, padded, first, starts, strides, shape.slice(vmap + 2));
    const tap = cut(graph, w, [
      ...w.shape.slice(0, first).map((e): Pair => [0, e]),
      ...at.map((k): Pair => [k, k + 1]),
    ]);
    // Common axes: batch of vmap, sample, output channel, space, and the input channel that is summed.
    const common = [
      ...shape.slice(0, vmap),
      shape[vmap]!,
      shape[vmap + 1]!,
      ...shape.slice(first),
      w.shape[vmap + 1]!,
    ];
    const lead = Array.from({ length: vmap }, (_, i) => i);
    const space = Array.from({ length: n }, (_, i) => first + i);
    const px = viewOf(patch);
    const repeat = (view: View, i: number) => (view.shape[i] === common[i] ? view.axes[i]! : null);
    const a: View = {
      base: px.base,
      axes: [
        ...lead.map((i) => repeat(px, i)),
        px.axes[vmap]!,
        null,
        ...space.map((i) => px.axes[i]!),
        px.axes[vmap + 1]!,
      ],
      shape: common,
    };
    const b: View = {
      base: tap.base,
      axes: [
        ...lead.map((i) => repeat(tap, i)),
        null,
        tap.axes[vmap]!,
        ...space.map(() => null),
        tap.axes[vmap + 1]!,
      ],
      shape: common,
    };
    const term = contract(graph, a, b, [common.length - 1]);
    sum = sum
      ? elementwise(graph, [sum, term], shape, (refs, out) => graph.node("Add", refs, out, dtype))
      : term;
  }
  return lowered(sum!);
};

function unravel(flat: number, shape: readonly number[]): number[] {
  const out = new Array<number>(shape.length);
  let rest = flat;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = rest % shape[i]!;
    rest = Math.floor(rest / shape[i]!);
  }
  return out;
}

/** Zeros between neighbours along the axes from `first` on. */
function dilate(graph: Graph, ref: Ref, first: number, dilation: readonly number[]): Ref {
  let out = ref;
  dilation.forEach((d, i) => {
    if (d === 1) return;
    const axis = first + i;
    const extent = out.shape[axis]!;
    const open = [...out.shape.slice(0, axis + 1), 1, ...out.shape.slice(axis + 1)];
    const wide = open.map((e, j) => (j === axis + 1 ? d : e));
    const hole = open.map((e, j) => (j === axis + 1 ? d - 1 : e));
    const parts = [reshapeRef(graph, out, open), filled(graph, ref.dtype, 0, hole)];
    const joined = graph.node("Concat", parts, wide, ref.dtype, { axis: axis + 1 });
    const merged = [...out.shape.slice(0, axis), extent * d, ...out.shape.slice(axis + 1)];
    const target = merged.map((e, j): Pair => [0, j === axis ? e - (d - 1) : e]);
    out = cut(graph, viewOf(reshapeRef(graph, joined, merged)), target).base;
  });
  return out;
}

function padAxes(graph: Graph, ref: Ref, first: number, padding: readonly Pair[]): Ref {
  const crop = ref.shape.map((extent, i): Pair => {
    const [lo, hi] = padding[i - first] ?? [0, 0];
    return [Math.max(0, -lo), extent + Math.min(0, hi)];
  });
  const { base } = cut(graph, viewOf(ref), crop);
  const grow = ref.shape.map((_, i): Pair => {
    const [lo, hi] = padding[i - first] ?? [0, 0];
    return [Math.max(0, lo), Math.max(0, hi)];
  });
  if (grow.every(([lo, hi]) => lo === 0 && hi === 0)) return base;
  const shape = base.shape.map((extent, i) => extent + grow[i]![0] + grow[i]![1]);
  const pads = graph.integers([...grow.map(([lo]) => lo), ...grow.map(([, hi]) => hi)]);
  return graph.node("Pad", [base, pads, filled(graph, ref.dtype, 0, [])], shape, ref.dtype);
}

/** Every strides-th position of the axes from `first` on, `extent` of them. */
function strided(
  graph: Graph,
  ref: Ref,
  first: number,
  starts: readonly number[],
  strides: readonly number[],
  extent: readonly number[],
): Ref {
  const shape = ref.shape.map((e, i) => (i < first ? e : extent[i - first]!));
  const axes = starts.map((_, i) => first + i);
  const ends = starts.map((s, i) => s + (extent[i]! - 1) * strides[i]! + 1);
  const whole = starts.every((s, i) => s === 0 && strides[i] === 1 && extent[i] === ref.shape[first + i]);
  if (whole) return ref;
  const inputs = [starts, ends, axes, strides].map((values) => graph.integers(values));
  return graph.node("Slice", [ref, ...inputs], shape, ref.dtype);
}

/** Rules of windows and convolutions. */
export const windowRules: Readonly<Record<string, Rule>> = { pool, pool_transpose: poolTranspose, conv };
