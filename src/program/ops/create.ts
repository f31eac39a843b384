import { numpy as np } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { type DType, isFloat } from "../dtype.ts";
import { stopGradient } from "./gradient.ts";
import { own } from "./scope.ts";
import { constant, dtypeOf, jaxDType, scalar, type Value } from "./value.ts";

/** An array filled with one number. The dtype is never guessed. */
export function full(shape: readonly number[], value: number, dtype: DType): Value {
  const rounded = dtype === "float32" ? Math.fround(value) : value;
  if (dtype === "int32" && !Number.isInteger(value)) throw new UserError(`full: ${value} is no int32`);
  return own(np.full([...shape], rounded, { dtype: jaxDType(dtype) }));
}

/** Zeros. */
export function zeros(shape: readonly number[], dtype: DType): Value {
  return full(shape, 0, dtype);
}

/** Ones. */
export function ones(shape: readonly number[], dtype: DType): Value {
  return full(shape, 1, dtype);
}

/** Zeros of the shape and dtype of `x`. */
export function zerosLike(x: Value): Value {
  return zeros(x.shape, dtypeOf(x));
}

/** Ones of the shape and dtype of `x`. */
export function onesLike(x: Value): Value {
  return ones(x.shape, dtypeOf(x));
}

/** The identity matrix [n, n]. */
export function eye(n: number, dtype: DType): Value {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return constant(Array.from(data), [n, n], dtype);
}

/** The integers 0 … n−1. */
export function arange(n: number, dtype: DType): Value {
  return constant(
    Array.from({ length: n }, (_, i) => i),
    [n],
    dtype,
  );
}

/** `n` points from `start` to `end`, both included. */
export function linspace(start: number, end: number, n: number, dtype: "float32" | "float64"): Value {
  if (n < 2) throw new UserError(`linspace: ${n} points; at least 2 are needed`);
  const step = (end - start) / (n - 1);
  return constant(
    Array.from({ length: n }, (_, i) => (i === n - 1 ? end : start + i * step)),
    [n],
    dtype,
  );
}

/** The same numbers in another dtype. To int32 it truncates towards zero; to bool it tells zero from non-zero. */
export function cast(x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  if (dtype === "bool") return own(np.notEqual(x.ref, scalar(0, dtypeOf(x)).ref));
  const result = own(np.astype(x.ref, jaxDType(dtype)));
  // jax-js gives a cast integer a tangent of integers; stopping it here makes that a zero of the new dtype.
  return isFloat(dtype) && !isFloat(dtypeOf(x)) ? stopGradient(result) : result;
}
