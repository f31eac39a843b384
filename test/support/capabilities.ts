import { random as jaxRandom, lax, makeJaxpr, numpy as np, vjp } from "@jax-js/jax";
import { UserError } from "../../src/core/errors.ts";
import { type DType, type Spec, sizeOf, spec, type TypedArray, zeros } from "../../src/program/dtype.ts";
import * as ops from "../../src/program/ops/index.ts";
import { jaxDType } from "../../src/program/ops/value.ts";
import { compile } from "../../src/program/session.ts";
import { type Program, trace } from "../../src/program/trace.ts";

type Value = ops.Value;

export const dtypes = ["float32", "float64", "int32", "bool"] as const;

/** A tiny program around one primitive, in the element type asked for. */
interface Case {
  primitive: string;
  /** Which form of the primitive: "sum", "constant indices". */
  form?: string;
  f: (...inputs: Value[]) => Value;
  /** Inputs; default two of shape [2, 4]. */
  specs?: (dtype: DType) => Spec[];
  /** Which operand of the equation must have the element type; default the first. */
  operand?: number;
  /** Indices etc. whose values matter: input number → data. */
  data?: Readonly<Record<number, TypedArray>>;
  /** jax-js's own value is only good to this much (its erf and erfc). */
  tolerance?: number;
}

const one = (dtype: DType) => [spec([2, 4], dtype)];
const square = (dtype: DType) => [spec([3, 3], dtype)];

const unary = (primitive: string, f: (x: Value) => Value, extra: Partial<Case> = {}): Case => ({
  primitive,
  f,
  specs: one,
  ...extra,
});
const binary = (primitive: string, f: (x: Value, y: Value) => Value, extra: Partial<Case> = {}): Case => ({
  primitive,
  f,
  ...extra,
});

const rows = Int32Array.of(1, 0, 1);
const rowIndices = (dtype: DType) => [spec([2, 4], dtype), spec([3], "int32")];
const updates = (dtype: DType) => [spec([3, 4], dtype), spec([3], "int32")];
const take = (x: Value, indices: Value) => np.take(x, indices, 0);

/** The transpose of a gather of rows. */
function scatter(values: Value, indices: Value): Value {
  const table = np.zeros([2, 4], { dtype: values.dtype });
  const [, pullback] = vjp((x: Value) => np.take(x, indices.ref, 0), [table]);
  return (pullback(values) as Value[])[0]!;
}

function poolTranspose(x: Value): Value {
  const table = np.zeros([2, 5], { dtype: x.dtype });
  const [, pullback] = vjp((y: Value) => lax.reduceWindow(y, (w) => np.sum(w), [2], [1]), [table]);
  return (pullback(x) as Value[])[0]!;
}

function fourier(x: Value): Value {
  const { real, imag } = np.fft.fft({ real: x.ref, imag: x });
  return np.add(real, imag);
}

/** A symmetric positive definite matrix. */
const definite = (x: Value) => np.matmul(x.ref, np.transpose(x));

/** Every primitive of jax-js 0.1.25 but `jit`, which tracing dissolves, each made by jax-js's own functions. */
export const cases: readonly Case[] = [
  binary("add", (x, y) => np.add(x, y)),
  binary("mul", (x, y) => np.multiply(x, y)),
  binary("idiv", (x, y) => (x.dtype === np.int32 ? np.floorDivide(x, y) : np.trunc(np.multiply(x, y)))),
  binary("mod", (x, y) => x.mod(y)),
  binary("min", (x, y) => np.minimum(x, y)),
  binary("max", (x, y) => np.maximum(x, y)),
  binary("bit_combine", (x, y) => np.bitwiseAnd(x, y), { form: "and" }),
  binary("bit_combine", (x, y) => np.bitwiseOr(x, y), { form: "or" }),
  binary("bit_combine", (x, y) => np.bitwiseXor(x, y), { form: "xor" }),
  binary("bit_shift", (x, y) => np.leftShift(x, y)),
  unary("bit_count", (x) => np.bitwiseCount(x)),
  unary("neg", (x) => np.negative(x)),
  unary("reciprocal", (x) => np.reciprocal(x)),
  unary("floor", (x) => np.floor(x)),
  unary("ceil", (x) => np.ceil(x)),
  unary("stop_gradient", (x) => lax.stopGradient(x)),
  ...dtypes.map((to) => unary("cast", (x) => np.astype(x, jaxDType(to)), { form: `to ${to}` })),
  unary("bitcast", (x) => lax.bitcastConvertType(x, x.dtype === np.int32 ? np.float32 : np.int32)),
  unary("sin", (x) => np.sin(x)),
  unary("cos", (x) => np.cos(x)),
  unary("asin", (x) => np.asin(x)),
  unary("atan", (x) => np.atan(x)),
  unary("exp", (x) => np.exp(x)),
  unary("log", (x) => np.log(x)),
  unary("sqrt", (x) => np.sqrt(x)),
  unary("erf", (x) => lax.erf(x), { tolerance: 5e-7 }),
  unary("erfc", (x) => lax.erfc(x), { tolerance: 5e-7 }),
  unary("reduce", (x) => np.sum(x, 1), { form: "sum" }),
  unary("reduce", (x) => np.prod(x, 1), { form: "product" }),
  unary("reduce", (x) => np.min(x, 1), { form: "smallest" }),
  unary("reduce", (x) => np.max(x, 1), { form: "largest" }),
  binary("dot", (x, y) => np.matmul(x, y), {
    specs: (dtype) => [spec([2, 4], dtype), spec([4, 3], dtype)],
  }),
  binary("conv", (x, y) => lax.convGeneralDilated(x, y, [1], "VALID"), {
    specs: (dtype) => [spec([1, 2, 6], dtype), spec([3, 2, 2], dtype)],
  }),
  binary("conv", (x, y) => lax.convGeneralDilated(x, y, [1], "VALID", { featureGroupCount: 2 }), {
    form: "grouped, batched kernels",
    specs: (dtype) => [spec([1, 2, 6], dtype), spec([2, 1, 3], dtype)],
  }),
  unary("pool", (x) => lax.reduceWindow(x, (w) => np.sum(w), [2], [1])),
  unary("pool_transpose", poolTranspose),
  binary("compare", (x, y) => np.less(x, y), { form: "<" }),
  binary("compare", (x, y) => np.lessEqual(x, y), { form: "≤" }),
  binary("compare", (x, y) => np.equal(x, y), { form: "=" }),
  binary("compare", (x, y) => np.notEqual(x, y), { form: "≠" }),
  {
    primitive: "where",
    f: (c, x, y) => np.where(c!, x!, y!),
    specs: (dtype) => [spec([2, 4], "bool"), spec([2, 4], dtype), spec([2, 4], dtype)],
    operand: 1,
  },
  binary("concatenate", (x, y) => np.concatenate([x, y], 0)),
  unary("split", (x) => {
    const [first, second] = np.split(x, 2, 1);
    first!.dispose();
    return second!;
  }),
  unary("gather", (x) => take(x, np.array(rows, { dtype: np.int32 })), { form: "constant indices" }),
  binary("gather", take, { form: "indices as input", specs: rowIndices, data: { 1: rows } }),
  unary("scatter", (x) => scatter(x, np.array(rows, { dtype: np.int32 })), {
    form: "add, constant indices",
    specs: (dtype) => [spec([3, 4], dtype)],
  }),
  binary("scatter", scatter, { form: "add, indices as input", specs: updates, data: { 1: rows } }),
  unary("transpose", (x) => np.transpose(x)),
  unary("broadcast", (x) => np.broadcastTo(x, [3, 2, 4])),
  unary("reshape", (x) => np.reshape(x, [4, 2])),
  unary("flip", (x) => np.flip(x, 1)),
  unary("shrink", (x) => x.slice([], [1, 3])),
  unary("pad", (x) =>
    np.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  ),
  unary("sort", (x) => np.sort(x)),
  unary("argsort", (x) => np.argsort(x)),
  unary("fft", fourier, { form: "powers of two" }),
  unary("fft", fourier, { form: "other lengths", specs: (dtype) => [spec([2, 3], dtype)] }),
  unary("cholesky", (x) => lax.linalg.cholesky(definite(x)), { specs: square }),
  unary("lu", (x) => lax.linalg.lu(x)[0], { specs: square }),
  binary("triangular_solve", (x, y) => lax.linalg.triangularSolve(x, y, { leftSide: true }), {
    specs: (dtype) => [spec([3, 3], dtype), spec([3, 2], dtype)],
  }),
  unary("jacobi_eigh", (x) => lax.linalg.eigh(definite(x))[0], { specs: square }),
  unary("random_bits", (x) => np.add(x, np.astype(jaxRandom.bits(jaxRandom.key(1), [2, 4]), x.dtype))),
];

/** What becomes of one primitive in one element type. */
export type Outcome =
  /** It runs, and agrees with jax-js evaluating it eagerly. */
  | { kind: "runs" }
  /** It is refused with this message. */
  | { kind: "refused"; message: string }
  /** jax-js has no such primitive for this element type: it casts first, or refuses itself. */
  | { kind: "none" };

/**
 * Traces, lowers and runs one case, and compares it with eager evaluation.
 * @throws Error if it neither runs to the right numbers nor is refused in words
 */
export async function tryCase(test: Case, dtype: DType): Promise<Outcome> {
  const { specs, f } = setting(test, dtype);
  if (!tracesTo(test, f, specs, dtype)) return { kind: "none" };
  const data = specs.map((s, i) => test.data?.[i] ?? sample(s, i));
  let program: Program;
  try {
    program = trace(f, specs, { name: test.primitive });
  } catch (error) {
    if (error instanceof UserError) return { kind: "refused", message: error.message };
    throw error;
  }
  const session = await compile(program);
  const [got] = await session.run(data);
  await session.release();
  const want = ops.toTyped(f(...data.map((d, i) => ops.constant(d, specs[i]!.shape, specs[i]!.dtype))));
  const tolerance = test.tolerance ?? (dtype === "float32" ? 1e-6 : 1e-14);
  want.forEach((w, i) => {
    if (Math.abs(w - got![i]!) <= tolerance * (1 + Math.abs(w))) return;
    if (Number.isNaN(w) && Number.isNaN(got![i])) return;
    throw new Error(`${test.primitive} ${test.form ?? ""} ${dtype}: [${i}] is ${got![i]}, eager ${w}`);
  });
  return { kind: "runs" };
}

function setting(test: Case, dtype: DType): { specs: Spec[]; f: (...inputs: Value[]) => Value } {
  return {
    specs: test.specs?.(dtype) ?? [spec([2, 4], dtype), spec([2, 4], dtype)],
    f: (...inputs) => test.f(...inputs.map((x) => x.ref)),
  };
}

/** Programs of all cases that run, in every element type, named by primitive, form and type. */
export function runnablePrograms(): Program[] {
  return cases.flatMap((test) =>
    dtypes.flatMap((dtype) => {
      const { specs, f } = setting(test, dtype);
      if (!tracesTo(test, f, specs, dtype)) return [];
      try {
        return [trace(f, specs, { name: [test.primitive, test.form ?? "", dtype].join(" ") })];
      } catch (error) {
        if (error instanceof UserError) return [];
        throw error;
      }
    }),
  );
}

/** Whether jax-js's trace holds the primitive with an operand of the element type. */
function tracesTo(test: Case, f: (...x: Value[]) => Value, specs: readonly Spec[], dtype: DType): boolean {
  const examples = specs.map((s) => np.zeros([...s.shape], { dtype: jaxDType(s.dtype) }));
  let equations: readonly { primitive: string; inputs: readonly { aval: { dtype: string } }[] }[];
  try {
    equations = makeJaxpr(f)(...examples)
      .jaxpr.jaxpr.flatten()
      .simplify().eqns;
  } catch (error) {
    // jax-js refuses element types by a TypeError or a plain Error; anything else is a mistake in the case.
    if (error instanceof ReferenceError || error instanceof RangeError) throw error;
    return false;
  }
  const own = equations.filter(({ primitive }) => primitive === test.primitive);
  if (test.primitive === "random_bits") return own.length > 0;
  return own.some(({ inputs }) => inputs[test.operand ?? 0]!.aval.dtype === dtype);
}

/** Small numbers, none twice, none zero; inside the domains of arcsine and logarithm. */
function sample({ shape, dtype }: Spec, input: number): TypedArray {
  const out = zeros(dtype, sizeOf(shape));
  for (let i = 0; i < out.length; i++) {
    const k = 1 + ((5 * i + 3 * input) % 11);
    if (dtype === "bool") out[i] = k % 2;
    else out[i] = dtype === "int32" ? k : k / 12;
  }
  return out;
}

/** One row of the table. */
export interface Capability {
  test: Case;
  outcomes: Record<(typeof dtypes)[number], Outcome>;
}

/** Tries every case in every element type. */
export async function capabilities(): Promise<Capability[]> {
  const rows: Capability[] = [];
  for (const test of cases) {
    const outcomes: Partial<Capability["outcomes"]> = {};
    for (const dtype of dtypes) outcomes[dtype] = await tryCase(test, dtype);
    rows.push({ test, outcomes: outcomes as Capability["outcomes"] });
  }
  return rows;
}

/** The table as a page of the documentation. */
export function capabilityPage(found: readonly Capability[]): string {
  const words = (outcome: Outcome) =>
    outcome.kind === "runs" ? "runs" : outcome.kind === "none" ? "–" : "refused";
  const lines = found.map(({ test, outcomes }) => {
    const advice = dtypes
      .map((dtype) => outcomes[dtype])
      .flatMap((o) => (o.kind === "refused" ? [o.message.slice(o.message.lastIndexOf("; ") + 2)] : []));
    const name = `\`${test.primitive}\`${test.form === undefined ? "" : ` (${test.form})`}`;
    const cells = dtypes.map((dtype) => words(outcomes[dtype]));
    return `| ${[name, ...cells, [...new Set(advice)].join("; ")].join(" | ")} |`;
  });
  return [
    "# What the engine runs",
    "",
    "Every primitive that a traced program can hold, by element type. The page is written by",
    "`test/capabilities.test.ts` (`npx vitest run test/capabilities.test.ts -u`), which traces, lowers and runs a",
    "small program for each cell and compares it with eager evaluation, to 10⁻⁶ in float32 and 10⁻¹⁴ in float64",
    "(`erf` and `erfc`: to 5·10⁻⁷ here, the precision of the eager ones, and to 10⁻¹⁴ against series in another test).",
    "",
    "*runs*: as said. *refused*: an error while tracing names the primitive, the equation and what to write instead.",
    "–: jax-js has no such primitive for this element type.",
    "",
    "| primitive | float32 | float64 | int32 | bool | instead |",
    "|---|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}
