import { UserError } from "../core/errors.ts";

/** The element types that a program may hold. */
export type DType = "float32" | "float64" | "int32" | "bool";

/** A tensor's shape and element type. */
export interface Spec {
  shape: readonly number[];
  dtype: DType;
}

/** The typed arrays that carry tensors in and out of a session; a bool travels as 0 or 1 in bytes. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A tensor's specification: `spec([256, 3], "float32")`. */
export function spec(shape: readonly number[], dtype: DType = "float32"): Spec {
  return { shape, dtype };
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** True for float32 and float64. */
export function isFloat(dtype: DType): dtype is "float32" | "float64" {
  return dtype === "float32" || dtype === "float64";
}

/** A typed array of `dtype` with `length` zeros. */
export function zeros(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "int32":
      return new Int32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}

/** Checks that `dtype` is one that programs may hold. @throws UserError that says what to use instead. */
export function knownDType(dtype: string, where: string): DType {
  if (dtype === "float32" || dtype === "float64" || dtype === "int32" || dtype === "bool") return dtype;
  throw new UserError(
    `${where}: element type ${dtype} does not run; use float32, float64, int32 or bool (cast before tracing)`,
  );
}
