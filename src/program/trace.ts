import "./ops/backend.ts";
import { makeJaxpr } from "@jax-js/jax";
import { UserError } from "../core/errors.ts";
import { physlensVersion } from "../core/package.ts";
import { knownDType, type Spec } from "./dtype.ts";
import type { Jaxpr } from "./lower/jaxpr.ts";
import { lower, requireRules, type Traced } from "./lower/lower.ts";
import { scope, toTyped, type Value, zeros } from "./ops/index.ts";
import { flattenTree, type MapTree, refillTree, type Tree } from "./tree.ts";

/** A named input or output of a program. */
export interface Port extends Spec {
  name: string;
}

/** A model, or any transformation of one, as a small first-order program that can be written out and run. */
export interface Program {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Number of equations of the traced program. */
  readonly equations: number;
  /** Nodes of the lowered graph by ONNX operator. */
  census(): Record<string, number>;
  /** The program as an ONNX model (opset 17, IR 8) that any ONNX runtime can run. */
  toOnnx(): Uint8Array;
}

/** Names of a traced program and its inputs. */
export interface TraceOptions {
  /** For messages and the ONNX file; default the function's name. */
  name?: string;
  /** Names of the arguments; default "arg0", "arg1" … An argument that is a tree names its leaves "arg0.weight". */
  names?: readonly string[];
}

/** What a traced function is given for its specs: a value for each, in the same lists and objects. */
export type ValuesOf<Args extends readonly unknown[]> = {
  -readonly [K in keyof Args]: MapTree<Args[K], Spec, Value>;
};

/**
 * Traces `f` once with arguments of the given shapes and element types. `f` takes arrays (or lists and objects of
 * them) in the places of the specs, and returns an array, or a list or object of arrays.
 *
 *     const program = trace((x, w) => matmul(x, w), [spec([8, 3]), spec([3, 2])]);
 *
 * @throws UserError where the function uses something that cannot run, with the place and what to write instead.
 */
export function trace<const Args extends readonly unknown[]>(
  f: (...args: ValuesOf<Args>) => Tree<Value>,
  args: Args,
  options: TraceOptions = {},
): Program {
  const name = options.name ?? (f.name || "program");
  const leaves = args.flatMap((arg, i) =>
    flattenTree<Spec>(arg as Tree<Spec>, isSpec).map(({ path, leaf }) => {
      const base = options.names?.[i] ?? `arg${i}`;
      return { name: path === "" ? base : `${base}.${path}`, ...checked(leaf, `${name}: ${base}`) };
    }),
  );
  const names = leaves.map((leaf) => leaf.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) throw new UserError(`${name}: two inputs are named '${twice}'; name them apart`);
  const traced = scope(() => record(f as (...given: unknown[]) => Tree<Value>, args, leaves, name));
  const { jaxpr, outputNames } = traced;
  const graph = lower(traced);
  const outputs = jaxpr.outs.map(
    (atom, i): Port => ({
      name: outputNames[i]!,
      shape: atom.aval.shape,
      dtype: knownDType(atom.aval.dtype, `${name}: output '${outputNames[i]}'`),
    }),
  );
  let bytes: Uint8Array | undefined;
  return {
    name,
    inputs: leaves,
    outputs,
    equations: jaxpr.eqns.length,
    census: () => graph.census(),
    toOnnx() {
      bytes ??= graph.encode({ name, version: physlensVersion() });
      return bytes;
    },
  };
}

/** Runs `f` on tracers of the leaves and reads the recorded program and its constants out. */
function record(
  f: (...given: unknown[]) => Tree<Value>,
  args: readonly unknown[],
  leaves: readonly Port[],
  name: string,
): Traced {
  let outputNames: string[] = [];
  const flat = (...values: Value[]) => {
    const rest = values[Symbol.iterator]();
    const filled = args.map((arg) => refillTree<Spec, Value>(arg as Tree<Spec>, isSpec, rest));
    const result = f(...filled);
    if (result instanceof Promise) {
      throw new UserError(`${name}: the function is asynchronous; models are plain synchronous functions`);
    }
    const outs = flattenTree(result, isValue);
    if (outs.length === 0) throw new UserError(`${name}: the function returns no array`);
    outputNames = outs.map(({ path }) => outputName(path, leaves));
    return outs.map(({ leaf }) => leaf.ref);
  };
  const examples = leaves.map(({ shape, dtype }) => zeros(shape, dtype));
  const { jaxpr: closed } = makeJaxpr(flat)(...examples);
  const jaxpr: Jaxpr = closed.jaxpr.flatten().simplify();
  requireRules(jaxpr);
  const consts = closed.consts.map((tracer) => {
    const value = tracer as unknown as Value;
    const dtype = knownDType(value.dtype, `${name}: a captured constant`);
    return { data: toTyped(value), shape: [...value.shape], dtype };
  });
  closed.dispose();
  return { jaxpr, consts, inputNames: leaves.map((leaf) => leaf.name), outputNames };
}

/** A result's path as a name of its own: an input may be called the same ("flat" in, "flat.out" out). */
function outputName(path: string, inputs: readonly Port[]): string {
  if (path === "") return "output";
  const name = /^\d/.test(path) ? `output.${path}` : path;
  return inputs.some((input) => input.name === name) ? `${name}.out` : name;
}

function isSpec(node: unknown): node is Spec {
  return typeof node === "object" && node !== null && "shape" in node && "dtype" in node;
}

function isValue(node: unknown): node is Value {
  return typeof node === "object" && node !== null && "aval" in node;
}

function checked(leaf: Spec, where: string): Spec {
  const bad = leaf.shape.find((extent) => !Number.isInteger(extent) || extent < 0);
  if (bad !== undefined)
    throw new UserError(`${where}: extent ${bad} in [${leaf.shape}] is not a whole number ≥ 0`);
  return { shape: [...leaf.shape], dtype: knownDType(leaf.dtype, where) };
}
