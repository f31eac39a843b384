import { UserError } from "../core/errors.ts";

/** The number types that the binary formats carry. */
export type ArrayData = Float64Array | Float32Array | Int32Array | BigInt64Array;

/** An array of numbers of any number of axes, row-major (C order): the last index runs fastest. */
export interface NumericArray {
  shape: readonly number[];
  data: ArrayData;
}

/** The element type of `data`, by its NumPy name. */
export function elementType(data: ArrayData): "float64" | "float32" | "int32" | "int64" {
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  return "int64";
}

/** The values of `array` as float64. @throws UserError for an int64 beyond ±2⁵³, which float64 cannot hold. */
export function toFloat64(array: NumericArray): Float64Array {
  const { data } = array;
  if (!(data instanceof BigInt64Array)) return Float64Array.from(data);
  return Float64Array.from({ length: data.length }, (_, i) => {
    const value = Number(data[i]!);
    if (Number.isSafeInteger(value)) return value;
    throw new UserError(`toFloat64: value ${data[i]} at ${i} is beyond what a float64 holds exactly`);
  });
}

/** How many elements `shape` has; 1 for a scalar. @throws UserError for an axis that is not a count. */
export function countOf(shape: readonly number[], where: string): number {
  let count = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new UserError(`${where}: axis length ${length} in shape [${shape}]; expected whole numbers`);
    }
    count *= length;
  }
  if (!Number.isSafeInteger(count)) throw new UserError(`${where}: shape [${shape}] has too many elements`);
  return count;
}

/** The typed array of `type` over a copy of `bytes` (little-endian). */
export function arrayFromBytes(type: ReturnType<typeof elementType>, bytes: Uint8Array): ArrayData {
  const { buffer } = new Uint8Array(bytes); // a Buffer's slice() would share its pool
  switch (type) {
    case "float64":
      return new Float64Array(buffer);
    case "float32":
      return new Float32Array(buffer);
    case "int32":
      return new Int32Array(buffer);
    case "int64":
      return new BigInt64Array(buffer);
  }
}

/** The bytes behind `data`, not copied. */
export function bytesOf(data: ArrayData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
