import { type DType, type Spec, spec, type TypedArray } from "../../src/program/dtype.ts";
import type { Value } from "../../src/program/ops/index.ts";
import { runOnce } from "../../src/program/session.ts";
import { trace } from "../../src/program/trace.ts";

/** Traces, compiles and runs `f` once on the given arrays; each becomes an input of its length or of `shapes[i]`. */
export async function runCompiled(
  f: (...inputs: Value[]) => Value | readonly Value[],
  inputs: readonly TypedArray[],
  shapes: readonly (readonly number[])[] = inputs.map(({ length }) => [length]),
): Promise<TypedArray[]> {
  const specs = inputs.map((data, i): Spec => spec(shapes[i]!, dtypeOf(data)));
  return runOnce(trace(f, specs), inputs);
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  return data instanceof Int32Array ? "int32" : "bool";
}
