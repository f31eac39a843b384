import type { DType, TypedArray } from "../dtype.ts";
import { sizeOf } from "../dtype.ts";
import { fuseBias, type Node } from "./fuse-bias.ts";
import { encodeModel } from "./schema.ts";

/** Element types of a graph: those of programs, and the 64-bit integers that ONNX wants for shapes and axes. */
export type GraphDType = DType | "int64";

/** A tensor of the graph. `data` is there when its value is known while lowering. */
export interface Ref {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: GraphDType;
  readonly data?: TypedArray | BigInt64Array;
}

/** Attributes of a node; a number must be whole (ONNX `int`), a string is an ONNX `string`. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

const elementType: Record<GraphDType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

/** A graph under construction. Equal nodes and equal small constants are made once. */
export interface Graph {
  input(name: string, shape: readonly number[], dtype: DType): Ref;
  /** A constant tensor over `data` (not copied). */
  constant(dtype: GraphDType, shape: readonly number[], data: TypedArray | BigInt64Array): Ref;
  /** A one-dimensional int64 constant, as shapes, axes and pads are given. */
  integers(values: readonly number[]): Ref;
  /** One node with one output. */
  node(
    op: string,
    inputs: readonly Ref[],
    shape: readonly number[],
    dtype: GraphDType,
    attributes?: Attributes,
  ): Ref;
  /** One node with several outputs. */
  nodes(
    op: string,
    inputs: readonly Ref[],
    outputs: readonly Omit<Ref, "name">[],
    attributes?: Attributes,
  ): Ref[];
  /** The node that makes `ref`, if it is neither an input nor a constant. */
  source(ref: Ref): { op: string; inputs: readonly Ref[] } | undefined;
  output(name: string, ref: Ref): void;
  /** Counts of the nodes that the outputs need, by operator. */
  census(): Record<string, number>;
  /** The model's bytes: only what the outputs need, in order of creation. */
  encode(info: { name: string; version: string; metadata?: Record<string, string> }): Uint8Array;
}

/** An empty graph. */
export function createGraph(): Graph {
  const nodes: Node[] = [];
  const producer = new Map<string, Node>();
  const made = new Map<string, Ref>();
  const sources = new Map<string, { op: string; inputs: readonly Ref[] }>();
  const constants = new Map<string, Ref>();
  const known = new Map<string, Ref[]>();
  const smallConstants = new Map<string, Ref>();
  const inputs: Ref[] = [];
  const outputs: { name: string; ref: Ref }[] = [];
  let counter = 0;
  const fresh = (hint: string) => `__${hint}_${counter++}`;

  const graph: Graph = {
    input(name, shape, dtype) {
      const ref: Ref = { name, shape, dtype };
      inputs.push(ref);
      made.set(name, ref);
      return ref;
    },
    constant(dtype, shape, data) {
      if (data.length !== sizeOf(shape))
        throw new RangeError(`constant: ${data.length} values for [${shape}]`);
      const key = data.length <= 64 ? `${dtype}[${shape}]${rawBytes(data).join()}` : undefined;
      const found = key === undefined ? undefined : smallConstants.get(key);
      if (found) return found;
      const ref: Ref = { name: fresh("c"), shape, dtype, data };
      constants.set(ref.name, ref);
      made.set(ref.name, ref);
      if (key !== undefined) smallConstants.set(key, ref);
      return ref;
    },
    integers: (values) => graph.constant("int64", [values.length], BigInt64Array.from(values, BigInt)),
    node: (op, ins, shape, dtype, attributes) => graph.nodes(op, ins, [{ shape, dtype }], attributes)[0]!,
    nodes(op, ins, outs, attributes = {}) {
      const key = `${op}(${ins.map((r) => r.name).join()})${JSON.stringify(attributes)}`;
      const found = known.get(key);
      if (found) return found;
      const refs = outs.map((out): Ref => ({ ...out, name: fresh(op) }));
      const node: Node = { op, inputs: ins.map((r) => r.name), outputs: refs.map((r) => r.name), attributes };
      nodes.push(node);
      for (const ref of refs) {
        producer.set(ref.name, node);
        made.set(ref.name, ref);
        sources.set(ref.name, { op, inputs: ins });
      }
      known.set(key, refs);
      return refs;
    },
    source: (ref) => sources.get(ref.name),
    output(name, ref) {
      outputs.push({ name, ref });
    },
    census() {
      const counts: Record<string, number> = {};
      for (const node of liveNodes()) counts[node.op] = (counts[node.op] ?? 0) + 1;
      return counts;
    },
    encode({ name, version, metadata = {} }) {
      const live = liveNodes();
      const used = new Set(live.flatMap((node) => node.inputs));
      for (const { ref } of outputs) used.add(ref.name);
      // A node's result takes its output's name; an input, a constant and a result wanted twice are copied.
      const renamed = new Map<string, string>();
      for (const { name: out, ref } of outputs) {
        if (producer.has(ref.name) && !renamed.has(ref.name)) renamed.set(ref.name, out);
      }
      const nameOf = (name: string) => renamed.get(name) ?? name;
      const copied = outputs.filter(({ name: out, ref }) => renamed.get(ref.name) !== out);
      return encodeModel({
        irVersion: 8,
        opsetImport: [{ domain: "", version: 17 }],
        producerName: "physlens",
        producerVersion: version,
        metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        graph: {
          name,
          node: [
            ...live.map((node, i) => ({
              name: `${node.op}_${i}`,
              opType: node.op,
              input: node.inputs.map(nameOf),
              output: node.outputs.map(nameOf),
              attribute: Object.entries(node.attributes).map(encodeAttribute),
            })),
            ...copied.map(({ name: out, ref }) => ({
              name: `out_${out}`,
              opType: "Identity",
              input: [nameOf(ref.name)],
              output: [out],
            })),
          ],
          initializer: [...constants.values()]
            .filter((ref) => used.has(ref.name))
            .map((ref) => ({
              name: ref.name,
              dims: ref.shape,
              dataType: elementType[ref.dtype],
              rawData: rawBytes(ref.data!),
            })),
          input: inputs.map(valueInfo),
          output: outputs.map(({ name: out, ref }) => valueInfo({ ...ref, name: out })),
        },
      });
    },
  };

  function liveNodes(): Node[] {
    const needed = new Set<Node>();
    const stack = outputs.map(({ ref }) => ref.name);
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      const node = producer.get(name);
      if (!node || needed.has(node)) continue;
      needed.add(node);
      stack.push(...node.inputs);
    }
    const live = nodes.filter((node) => needed.has(node));
    return fuseBias(live, (name) => made.get(name)!, new Set(outputs.map(({ ref }) => ref.name)));
  }

  return graph;
}

function rawBytes(data: TypedArray | BigInt64Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function valueInfo(ref: Ref): object {
  const dim = ref.shape.map((dimValue) => ({ dimValue }));
  return { name: ref.name, type: { tensorType: { elemType: elementType[ref.dtype], shape: { dim } } } };
}

function encodeAttribute([name, value]: [string, Attributes[string]]): object {
  if (typeof value === "number") return { name, i: value, type: 2 };
  if (typeof value === "string") return { name, s: new TextEncoder().encode(value), type: 3 };
  return { name, ints: value, type: 7 };
}

/** ONNX's number for an element type, as `Cast` wants it. */
export function elementTypeOf(dtype: GraphDType): number {
  return elementType[dtype];
}
