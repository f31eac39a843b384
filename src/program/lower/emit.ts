import type { Graph, GraphDType, Ref } from "../onnx/graph.ts";
import { filled } from "./value.ts";

/** Short-hand for writing formulas as nodes over tensors of one shape; numbers become constants of its type. */
export interface Emit {
  add(a: Ref, b: Ref | number): Ref;
  sub(a: Ref | number, b: Ref): Ref;
  mul(a: Ref, b: Ref | number): Ref;
  div(a: Ref | number, b: Ref): Ref;
  /** A one-argument node such as "Exp". */
  f(op: string, a: Ref): Ref;
  less(a: Ref, b: Ref | number): Ref;
  where(c: Ref, a: Ref | number, b: Ref | number): Ref;
}

/** Short-hand over tensors of `shape` and `dtype`. */
export function emitter(graph: Graph, shape: readonly number[], dtype: GraphDType): Emit {
  const ref = (x: Ref | number) => (typeof x === "number" ? filled(graph, dtype, x, []) : x);
  const two = (op: string) => (a: Ref | number, b: Ref | number) =>
    graph.node(op, [ref(a), ref(b)], shape, dtype);
  return {
    add: two("Add"),
    sub: two("Sub"),
    mul: two("Mul"),
    div: two("Div"),
    f: (op, a) => graph.node(op, [a], shape, dtype),
    less: (a, b) => graph.node("Less", [a, ref(b)], shape, "bool"),
    where: (c, a, b) => graph.node("Where", [c, ref(a), ref(b)], shape, dtype),
  };
}
