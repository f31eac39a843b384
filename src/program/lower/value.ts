import { zeros } from "../dtype.ts";
import type { Graph, GraphDType, Ref } from "../onnx/graph.ts";
import { compact, expandRef, materialise, reshapeRef, type View, viewOf } from "./view.ts";

/**
 * A product x·y that has not been formed because it is larger than either factor: an outer product, most often. A
 * sum over it becomes one matrix product; anything else forms it (once: equal nodes are made once).
 */
export interface Product {
  readonly x: View;
  readonly y: View;
  readonly shape: readonly number[];
}

/** Pieces of a vector-like tensor along one axis, zeros between them: what the gradient of a slice is. */
export interface Pieces {
  readonly axis: number;
  /** In order of `start`, not overlapping; each has extent `shape[axis]` replaced by its own along the axis. */
  readonly parts: readonly { start: number; view: View }[];
  readonly shape: readonly number[];
  readonly dtype: GraphDType;
}

/** What a variable of the traced program stands for while lowering. */
export type Lowered =
  | { kind: "view"; view: View }
  | { kind: "product"; product: Product }
  | { kind: "pieces"; pieces: Pieces };

/** The element type of a value, formed or not. */
export function dtypeOf(value: Lowered): GraphDType {
  if (value.kind === "view") return value.view.base.dtype;
  return value.kind === "product" ? value.product.x.base.dtype : value.pieces.dtype;
}

/** The shape of a value, formed or not. */
export function shapeOf(value: Lowered): readonly number[] {
  if (value.kind === "view") return value.view.shape;
  return value.kind === "product" ? value.product.shape : value.pieces.shape;
}

/** The value as a view, forming it where it was put off. */
export function asView(graph: Graph, value: Lowered): View {
  if (value.kind === "view") return value.view;
  return value.kind === "product" ? formProduct(graph, value.product) : formPieces(graph, value.pieces);
}

function formProduct(graph: Graph, { x, y }: Product): View {
  const shape = x.shape.map((extent, i) => (x.axes[i] === null && y.axes[i] === null ? 1 : extent));
  const a = compact(graph, x);
  const b = compact(graph, y);
  const rank = Math.max(a.shape.length, b.shape.length);
  const product = graph.node("Mul", [a, b], shape.slice(shape.length - rank), a.dtype);
  const lead = shape.length - rank;
  return {
    base: product,
    shape: x.shape,
    axes: x.shape.map((_, i) => (i < lead || (x.axes[i] === null && y.axes[i] === null) ? null : i - lead)),
  };
}

function formPieces(graph: Graph, { axis, parts, shape, dtype }: Pieces): View {
  const chunks: Ref[] = [];
  let at = 0;
  const gapTo = (end: number) => {
    if (end > at) {
      const hole = shape.map((extent, i) => (i === axis ? end - at : extent));
      chunks.push(filled(graph, dtype, 0, hole));
    }
  };
  for (const { start, view } of parts) {
    gapTo(start);
    chunks.push(materialise(graph, view));
    at = start + view.shape[axis]!;
  }
  gapTo(shape[axis]!);
  return viewOf(chunks.length === 1 ? chunks[0]! : graph.node("Concat", chunks, shape, dtype, { axis }));
}

/** A tensor of one repeated number. */
export function filled(graph: Graph, dtype: GraphDType, value: number, shape: readonly number[]): Ref {
  if (dtype === "int64") throw new TypeError("filled: int64 is for shapes only");
  const scalar = graph.constant(dtype, [], zeros(dtype, 1).fill(value));
  return expandRef(
    graph,
    reshapeRef(
      graph,
      scalar,
      shape.map(() => 1),
    ),
    shape,
  );
}
