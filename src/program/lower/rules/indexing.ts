import { UserError } from "../../../core/errors.ts";
import { sizeOf } from "../../dtype.ts";
import type { Graph, Ref } from "../../onnx/graph.ts";
import { elementTypeOf } from "../../onnx/graph.ts";
import { type Equation, input, lowered, param, type Rule } from "../context.ts";
import { filled } from "../value.ts";
import { alignView, expandRef, materialise, reshapeRef, transposeRef, viewOf } from "../view.ts";

/** Rows of the flattened indexed axes, for each position of the broadcast indices. */
interface Flat {
  /** One int32 number a position. */
  index: Ref;
  positions: readonly number[];
  rows: number;
}

function flatten(equation: Equation, first: number, shape: readonly number[], axis: readonly number[]): Flat {
  const { graph, inputs } = equation;
  const views = inputs.slice(first).map((_, i) => input(equation, first + i));
  const rank = Math.max(...views.map((view) => view.shape.length));
  const positions = Array.from({ length: rank }, (_, i) =>
    views.reduce((extent, view) => {
      const own = view.shape[i - (rank - view.shape.length)] ?? 1;
      return extent === 1 ? own : extent;
    }, 1),
  );
  const count = sizeOf(positions);
  const columns = views.map((view) =>
    reshapeRef(graph, materialise(graph, alignView(view, positions)), [count]),
  );
  columns.forEach((column, i) => {
    requireInRange(equation.primitive, column, shape[axis[i]!]!);
  });
  let stride = 1;
  let index: Ref | undefined;
  for (let i = axis.length - 1; i >= 0; i--) {
    index = addScaled(graph, index, columns[i]!, stride);
    stride *= shape[axis[i]!]!;
  }
  return { index: index!, positions, rows: stride };
}

/** @throws UserError for a constant index outside 0 … extent − 1; indices that are inputs are checked as they run. */
function requireInRange(primitive: string, column: Ref, extent: number): void {
  const bad = (column.data as Int32Array | undefined)?.find((index) => index < 0 || index >= extent);
  if (bad === undefined) return;
  throw new UserError(
    `${primitive}: the index ${bad} is outside of an axis of ${extent}; expected 0 to ${extent - 1}`,
  );
}

/** sum + column·stride, worked out here where both are constants. */
function addScaled(graph: Graph, sum: Ref | undefined, column: Ref, stride: number): Ref {
  if (column.data && (!sum || sum.data)) {
    const values = Int32Array.from(
      column.data as Int32Array,
      (v, i) => v * stride + Number(sum?.data?.[i] ?? 0),
    );
    return graph.constant("int32", column.shape, values);
  }
  const scaled =
    stride === 1
      ? column
      : graph.node("Mul", [column, filled(graph, "int32", stride, [])], column.shape, "int32");
  return sum ? graph.node("Add", [sum, scaled], column.shape, "int32") : scaled;
}

/** Axes of `shape` with the indexed ones first. */
function indexedFirst(shape: readonly number[], axis: readonly number[]): { perm: number[]; rest: number[] } {
  const rest = shape.flatMap((_, i) => (axis.includes(i) ? [] : [i]));
  return { perm: [...axis, ...rest], rest };
}

const gather: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { dtype } = outputs[0]!;
  const axis = param<number[]>(equation, "axis");
  const outDim = param<number>(equation, "outDim");
  const source = input(equation);
  const { perm, rest } = indexedFirst(source.shape, axis);
  const flat = flatten(equation, 1, source.shape, axis);
  const restShape = rest.map((i) => source.shape[i]!);
  const ordered = transposed(graph, materialise(graph, source), perm);
  const table = reshapeRef(graph, ordered, [flat.rows, ...restShape]);
  const count = sizeOf(flat.positions);
  const taken = graph.node("Gather", [table, flat.index], [count, ...restShape], dtype, { axis: 0 });
  const shaped = reshapeRef(graph, taken, [...flat.positions, ...restShape]);
  const p = flat.positions.length;
  // The positions belong at outDim: a view moves them there without a copy.
  const view = viewOf(shaped);
  const order = [
    ...rest.slice(0, outDim).map((_, i) => p + i),
    ...flat.positions.map((_, i) => i),
    ...rest.slice(outDim).map((_, i) => p + outDim + i),
  ];
  return lowered({ base: view.base, axes: order, shape: order.map((i) => shaped.shape[i]!) });
};

function transposed(graph: Graph, ref: Ref, perm: readonly number[]): Ref {
  return perm.every((p, i) => p === i) ? ref : transposeRef(graph, ref, perm);
}

/** The inverse order of {@link indexedFirst}. */
function inverse(perm: readonly number[]): number[] {
  const out = new Array<number>(perm.length);
  perm.forEach((p, i) => {
    out[p] = i;
  });
  return out;
}

const scatter: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  const axis = param<number[]>(equation, "axis");
  const outDim = param<number>(equation, "outDim");
  const adds = param<string>(equation, "op") === "add";
  const updates = input(equation);
  const { perm, rest } = indexedFirst(shape, axis);
  const flat = flatten(equation, 1, shape, axis);
  const p = flat.positions.length;
  const restShape = rest.map((i) => shape[i]!);
  const count = sizeOf(flat.positions);
  if (count === 0) return lowered(viewOf(filled(graph, dtype, 0, shape)));
  const positionsFirst = [
    ...flat.positions.map((_, i) => outDim + i),
    ...rest.slice(0, outDim).map((_, i) => i),
    ...rest.slice(outDim).map((_, i) => outDim + p + i),
  ];
  const ordered = transposed(graph, materialise(graph, updates), positionsFirst);
  const width = sizeOf(restShape);
  const rows = reshapeRef(graph, ordered, [count, width]);
  const placed = scatterRows(graph, rows, flat, adds);
  const back = inverse(perm);
  const full = reshapeRef(graph, placed, [...axis.map((i) => shape[i]!), ...restShape]);
  return lowered({ base: full, axes: back, shape });
};

/** Zeros of [rows, width] with row index[i] set to, or increased by, updates[i]. */
export function scatterRows(graph: Graph, updates: Ref, { index, rows }: Flat, adds: boolean): Ref {
  const width = updates.shape[1]!;
  const { dtype } = updates;
  const known = index.data ? inverseIndex(index.data as Int32Array, rows, adds) : undefined;
  if (known && known.depth * rows <= 4 * (updates.shape[0]! + rows)) {
    const zero = filled(graph, dtype, 0, [1, width]);
    const source = graph.node("Concat", [updates, zero], [updates.shape[0]! + 1, width], dtype, { axis: 0 });
    const where = graph.constant("int32", [rows, known.depth], known.positions);
    const taken = graph.node("Gather", [source, where], [rows, known.depth, width], dtype, { axis: 0 });
    if (known.depth === 1) return reshapeRef(graph, taken, [rows, width]);
    return graph.node("ReduceSum", [taken, graph.integers([1])], [rows, width], dtype, { keepdims: 0 });
  }
  const base = filled(graph, dtype, 0, [rows, width]);
  const column = reshapeRef(graph, index, [updates.shape[0]!, 1]);
  const indices = expandRef(graph, column, updates.shape);
  const attributes = adds ? { axis: 0, reduction: "add" } : { axis: 0 };
  return graph.node("ScatterElements", [base, indices, updates], [rows, width], dtype, attributes);
}

/** For each row the updates that fall on it, padded with the position after the last update. */
function inverseIndex(
  index: Int32Array,
  rows: number,
  adds: boolean,
): { depth: number; positions: Int32Array } {
  const lists: number[][] = Array.from({ length: rows }, () => []);
  index.forEach((row, i) => {
    const list = lists[row];
    if (!list) return;
    if (adds) list.push(i);
    else list[0] = i;
  });
  const depth = lists.reduce((most, list) => Math.max(most, list.length), 1);
  const positions = new Int32Array(rows * depth).fill(index.length);
  lists.forEach((list, row) => {
    positions.set(list, row * depth);
  });
  return { depth, positions };
}

const sort: Rule = (equation) => lowered(viewOf(ordered(equation)[0]!));

const argsort: Rule = (equation) => {
  const [values, indices] = ordered(equation);
  const { graph } = equation;
  const narrow = graph.node("Cast", [indices!], indices!.shape, "int32", { to: elementTypeOf("int32") });
  return [lowered(viewOf(values!)), lowered(viewOf(narrow))];
};

function ordered(equation: Equation): Ref[] {
  const { graph } = equation;
  const ref = materialise(graph, input(equation));
  const { shape, dtype } = ref;
  const count = graph.integers([shape.at(-1)!]);
  const outputs = [
    { shape, dtype },
    { shape, dtype: "int64" as const },
  ];
  return graph.nodes("TopK", [ref, count], outputs, { axis: shape.length - 1, largest: 0, sorted: 1 });
}

/** Rules of gathers, scatters and sorting. */
export const indexingRules: Readonly<Record<string, Rule>> = { gather, scatter, sort, argsort };
