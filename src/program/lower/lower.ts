import { UserError } from "../../core/errors.ts";
import { type DType, knownDType, sizeOf, type TypedArray, zeros } from "../dtype.ts";
import { createGraph, type Graph, type Ref } from "../onnx/graph.ts";
import { type Equation, lowered } from "./context.ts";
import type { Jaxpr } from "./jaxpr.ts";
import { refusals, refusedTypes, rules } from "./rules/index.ts";
import { asView, dtypeOf, type Lowered, shapeOf } from "./value.ts";
import { materialise, type View, viewOf } from "./view.ts";

/** A traced program as the lowering reads it. */
export interface Traced {
  jaxpr: Jaxpr;
  /** Values of the first input variables; they become initialisers. */
  consts: { data: TypedArray; shape: readonly number[]; dtype: DType }[];
  inputNames: readonly string[];
  outputNames: readonly string[];
}

/**
 * Lowers a traced program, every primitive of which has a rule, to an ONNX graph, equation by equation.
 * @throws UserError for an element type that a primitive does not run in, a mixed-dtype equation, or a number that was
 * rounded to float32 inside a float64 program; each names the equation and what to write instead.
 */
export function lower({ jaxpr, consts, inputNames, outputNames }: Traced): Graph {
  const graph = createGraph();
  const values = new Map<object, Lowered>();
  jaxpr.inBinders.forEach((binder, i) => {
    const constant = consts[i];
    const { shape } = binder.aval;
    const dtype = knownDType(
      binder.aval.dtype,
      constant ? "a captured constant" : `input '${inputNames[i - consts.length]}'`,
    );
    const view = constant
      ? constantView(graph, dtype, shape, constant.data)
      : viewOf(graph.input(inputNames[i - consts.length]!, shape, dtype));
    values.set(binder, lowered(view));
  });

  jaxpr.eqns.forEach((eqn, position) => {
    const place = () => describe(jaxpr, position);
    const outputs = eqn.outBinders.map((binder) => ({
      shape: binder.aval.shape,
      dtype: knownDType(binder.aval.dtype, place()),
    }));
    const rule = rules[eqn.primitive]!;
    const refused = refusedTypes[eqn.primitive];
    if (refused?.dtypes.includes(outputs[0]!.dtype)) {
      throw new UserError(
        `the primitive '${eqn.primitive}' does not run in ${outputs[0]!.dtype}: ${place()}; ${refused.advice}`,
      );
    }
    const wanted = operandType(eqn, outputs[0]!.dtype);
    const inputs = eqn.inputs.map((atom) => {
      const value = values.get(atom);
      if (value) return value;
      const dtype = wanted ?? knownDType(atom.aval.dtype, place());
      return literal(graph, atom.value!, atom.aval.dtype, dtype, place);
    });
    checkTypes(eqn.primitive, inputs, wanted, place);
    if (eqn.primitive === "cast") checkWidening(inputs[0]!, outputs[0]!.dtype, place);
    const equation: Equation = { graph, primitive: eqn.primitive, inputs, params: eqn.params, outputs };
    const empty = outputs.map(({ shape, dtype }) =>
      sizeOf(shape) === 0 ? lowered(viewOf(graph.constant(dtype, shape, zeros(dtype, 0)))) : undefined,
    );
    const results = empty.every((value) => value) ? (empty as Lowered[]) : [rule(equation)].flat();
    eqn.outBinders.forEach((binder, i) => {
      const value = empty[i] ?? results[i]!;
      checkResult(value, outputs[i]!, place);
      values.set(binder, value);
    });
  });

  jaxpr.outs.forEach((atom, i) => {
    const value =
      values.get(atom) ??
      lowered(viewOf(scalar(graph, knownDType(atom.aval.dtype, "an output"), atom.value!)));
    graph.output(outputNames[i]!, materialise(graph, asView(graph, value)));
  });
  return graph;
}

/**
 * Checks that every primitive of the program has a rule.
 * @throws UserError naming the primitive, its equation and what to write instead
 */
export function requireRules(jaxpr: Jaxpr): void {
  jaxpr.eqns.forEach(({ primitive }, position) => {
    if (rules[primitive]) return;
    const advice = refusals[primitive] ?? "write it with the operations of physlens";
    throw new UserError(`the primitive '${primitive}' does not run: ${describe(jaxpr, position)}; ${advice}`);
  });
}

/** A captured array; one that repeats a single number is that number, broadcast. */
function constantView(graph: Graph, dtype: DType, shape: readonly number[], data: TypedArray): View {
  const first = data[0];
  if (first === undefined || data.some((v) => v !== first)) return viewOf(graph.constant(dtype, shape, data));
  return { base: scalar(graph, dtype, first), axes: shape.map(() => null), shape };
}

type Eqn = Jaxpr["eqns"][number];

const free = new Set(["cast", "gather", "scatter", "stop_gradient"]);

/** The element type that every operand of the equation must have, where there is one. */
function operandType(eqn: Eqn, output: DType): DType | undefined {
  if (free.has(eqn.primitive)) return undefined;
  if (eqn.primitive !== "compare") return output;
  const strong = eqn.inputs.find((atom) => atom.value === undefined) ?? eqn.inputs[0]!;
  return knownDType(strong.aval.dtype, "a comparison");
}

function checkTypes(
  primitive: string,
  inputs: readonly Lowered[],
  wanted: DType | undefined,
  place: () => string,
): void {
  if (wanted === undefined) return;
  inputs.forEach((value, i) => {
    const dtype = dtypeOf(value);
    if (dtype === wanted || (primitive === "where" && i === 0 && dtype === "bool")) return;
    throw new UserError(
      `an equation mixes ${dtype} with ${wanted}: ${place()}; cast one operand on purpose, or give every number ` +
        "the model's element type",
    );
  });
}

function literal(graph: Graph, value: number, from: string, to: DType, place: () => string): Lowered {
  if (to === "float64" && from === "float32" && !survivesFloat32(value)) refuseRounded(value, place);
  return lowered(viewOf(scalar(graph, to, value)));
}

/** A constant that widens to float64 must not have lost digits before. */
function checkWidening(value: Lowered, to: DType, place: () => string): void {
  if (to !== "float64" || dtypeOf(value) !== "float32" || value.kind !== "view") return;
  const bad = (value.view.base.data as TypedArray | undefined)?.find((v) => !survivesFloat32(v));
  if (bad !== undefined) refuseRounded(bad, place);
}

function refuseRounded(value: number, place: () => string): never {
  throw new UserError(
    `the number ${Number(value.toPrecision(7))} was rounded to float32 (${value}) inside a float64 program: ${place()}; ` +
      "write numbers through physlens's operations, or as constant([…], 'float64')",
  );
}

/** Whole numbers up to 2²⁴ and powers of two mean the same in float32 and float64. */
function survivesFloat32(value: number): boolean {
  if (!Number.isFinite(value) || Number.isInteger(value))
    return Math.abs(value) <= 2 ** 24 || !Number.isFinite(value);
  return Number.isInteger(Math.log2(Math.abs(value)));
}

function scalar(graph: Graph, dtype: DType, value: number): Ref {
  return graph.constant(dtype, [], zeros(dtype, 1).fill(Number(value)));
}

/** A rule that returns another shape or type than the trace says is a defect here, never the user's. */
function checkResult(
  value: Lowered,
  output: { shape: readonly number[]; dtype: DType },
  place: () => string,
): void {
  const shape = shapeOf(value);
  const dtype = dtypeOf(value);
  const fits = shape.length === output.shape.length && shape.every((extent, i) => extent === output.shape[i]);
  if (fits && dtype === output.dtype) return;
  throw new Error(
    `lowering made ${dtype}[${shape}] where the trace has ${output.dtype}[${output.shape}]: ${place()}`,
  );
}

/** "equation 12 of 40, cholesky of float64[3,3] (made by dot)" */
function describe(jaxpr: Jaxpr, position: number): string {
  const eqn = jaxpr.eqns[position]!;
  const operands = eqn.inputs.map((atom) => `${atom.aval.dtype}[${atom.aval.shape}]`).join(", ");
  const makers = eqn.inputs.flatMap((atom) => {
    const maker = jaxpr.eqns.find((other) => other.outBinders.includes(atom));
    return maker ? [maker.primitive] : [];
  });
  const made = makers.length > 0 ? ` (made by ${makers.join(", ")})` : "";
  return `equation ${position + 1} of ${jaxpr.eqns.length}, ${eqn.primitive} of ${operands}${made}`;
}
