import "./backend.ts";
import { type DType as JaxDType, numpy as np } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { type DType, isFloat, knownDType, sizeOf, type TypedArray } from "../dtype.ts";
import { own } from "./scope.ts";

/** An array of a program: concrete, or standing for one while a function is traced or differentiated. */
export type Value = np.Array;

/** What operations take: an array, or a JavaScript number that becomes a scalar of the other operand's dtype. */
export type Operand = Value | number;

/** The element type of a value. */
export function dtypeOf(x: Value): DType {
  return knownDType(x.dtype, "dtypeOf");
}

/** The name of an element type as jax-js declares it. */
export function jaxDType(dtype: DType): JaxDType {
  return dtype as JaxDType;
}

/** `float64[3,2]`, for messages. */
export function describe(x: Operand): string {
  return typeof x === "number" ? `the number ${x}` : `${x.dtype}[${x.shape.join(",")}]`;
}

/** A scalar of `dtype`: the only way in which a JavaScript number enters a program. */
export function scalar(value: number, dtype: DType): Value {
  if (dtype === "bool") {
    throw new UserError(
      `scalar: the number ${value} meets a bool array; cast the array to a number type first`,
    );
  }
  if (dtype === "int32" && !Number.isInteger(value)) {
    throw new UserError(`scalar: ${value} meets an int32 array; cast the array to float32 or float64 first`);
  }
  const rounded = dtype === "float32" ? Math.fround(value) : value;
  return own(np.array(rounded, { dtype: jaxDType(dtype) }));
}

/** Two operands of one dtype and broadcastable shapes. @throws UserError naming `where`, dtypes and shapes. */
export function pair(where: string, x: Operand, y: Operand): [Value, Value] {
  if (typeof x === "number") {
    if (typeof y === "number") {
      throw new UserError(
        `${where}: both operands are numbers (${x}, ${y}); make one an array with full([], value)`,
      );
    }
    return [scalar(x, dtypeOf(y)), y];
  }
  if (typeof y === "number") return [x, scalar(y, dtypeOf(x))];
  if (x.dtype !== y.dtype) {
    throw new UserError(
      `${where}: ${describe(x)} and ${describe(y)} differ in dtype; cast one of them first`,
    );
  }
  broadcastShape(where, x.shape, y.shape);
  return [x, y];
}

/** The common shape of `a` and `b` by NumPy's broadcasting rules. @throws UserError naming both shapes. */
export function broadcastShape(where: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new UserError(`${where}: shapes [${a.join(",")}] and [${b.join(",")}] do not broadcast`);
    }
    shape.push(m === 1 ? n : m);
  }
  return shape;
}

/** The float dtype of `x`. @throws UserError if `x` holds integers or booleans. */
export function floatOf(where: string, x: Value): "float32" | "float64" {
  const dtype = dtypeOf(x);
  if (isFloat(dtype)) return dtype;
  throw new UserError(`${where}: expected float32 or float64, got ${describe(x)}; cast it first`);
}

/** Axes as non-negative sorted numbers; `undefined` means all. @throws UserError naming the axis and the shape. */
export function axesOf(where: string, x: Value, axis: number | readonly number[] | undefined): number[] {
  const rank = x.shape.length;
  const list = axis === undefined ? x.shape.map((_, i) => i) : typeof axis === "number" ? [axis] : [...axis];
  const axes = list.map((a) => axisOf(where, a, rank, x));
  if (new Set(axes).size !== axes.length) {
    throw new UserError(`${where}: axes [${list.join(",")}] name one axis of ${describe(x)} twice`);
  }
  return axes.sort((a, b) => a - b);
}

/** One axis as a number in 0 .. rank−1. */
export function axisOf(where: string, axis: number, rank: number, x: Value): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new UserError(`${where}: axis ${axis} is not an axis of ${describe(x)}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/**
 * `x` as it is. Under `vmap` a reshape brings the sample axis to the front, and products and gathers leave it elsewhere,
 * where jax-js (0.1.25) broadcasts along the wrong axis without an error. The reshape is dropped from the program.
 */
export function settled(x: Value): Value {
  return own(np.reshape(own(x).ref, x.shape));
}

/**
 * A typed array (or numbers, with a dtype) as a value.
 * @param shape default: one axis
 * @throws UserError if the length is not the product of the shape
 */
export function constant(
  data: TypedArray | readonly number[],
  shape: readonly number[] = [data.length],
  dtype: DType = typeOfData(data),
): Value {
  if (sizeOf(shape) !== data.length) {
    throw new UserError(`constant: ${data.length} numbers do not fill the shape [${shape.join(",")}]`);
  }
  const options = { shape: [...shape], dtype: jaxDType(dtype) };
  if (data.length === 0) return own(np.zeros(options.shape, { dtype: options.dtype }));
  switch (dtype) {
    case "float32":
      return own(np.array(Float32Array.from(data), options));
    case "float64":
      return own(np.array(Float64Array.from(data), options));
    case "int32":
    case "bool":
      return own(np.array(Int32Array.from(data), options));
  }
}

function typeOfData(data: TypedArray | readonly number[]): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint8Array) return "bool";
  throw new UserError(
    "constant: numbers without a dtype; pass a typed array, or the dtype as the third argument",
  );
}

/** The elements of a concrete value, row by row, as the typed array of its dtype (a bool as 0 or 1 in bytes). */
export function toTyped(x: Value): TypedArray {
  if (!(x instanceof np.Array)) {
    throw new UserError(
      `toTyped: ${describe(x)} has no elements yet: it stands for an array while a function is traced`,
    );
  }
  const dtype = dtypeOf(x);
  const data = x.size === 0 ? [] : x.ref.dataSync();
  switch (dtype) {
    case "float32":
      return Float32Array.from(data);
    case "float64":
      return Float64Array.from(data);
    case "int32":
      return Int32Array.from(data);
    case "bool":
      return Uint8Array.from(data);
  }
}
