import { numpy as np, vjp } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { equal } from "./compare.ts";
import { arange, cast, zeros } from "./create.ts";
import { own } from "./scope.ts";
import { expandDims } from "./shape.ts";
import { axisOf, constant, describe, dtypeOf, settled, type Value } from "./value.ts";

/** Integer positions: an int32 array, or plain integers. */
export type Indices = Value | Int32Array | readonly number[];

/** Slices of `x` at `indices` along `axis` (default 0: rows). Constant indices are checked against its length while tracing. */
export function take(x: Value, indices: Indices, axis = 0): Value {
  const at = axisOf("take", axis, x.shape.length, x);
  return settled(np.take(x.ref, integers("take", indices).ref, at));
}

/** Elements of `x` along `axis` at positions given for every other coordinate (shapes broadcast but for `axis`). */
export function takeAlongAxis(x: Value, indices: Value, axis = -1): Value {
  const at = axisOf("takeAlongAxis", axis, x.shape.length, x);
  return settled(np.takeAlongAxis(x.ref, integers("takeAlongAxis", indices).ref, at));
}

/**
 * Sums rows that share a segment: out[s] = Σ values[i] over i with indices[i] = s. Shape [n, …] to [count, …]; empty
 * segments are 0. It is the transpose of a gather, and is differentiated as one.
 */
export function segmentSum(values: Value, indices: Indices, count: number): Value {
  const at = integers("segmentSum", indices);
  if (at.shape.length !== 1 || at.shape[0] !== values.shape[0]) {
    throw new UserError(`segmentSum: ${describe(at)} is not one index for each row of ${describe(values)}`);
  }
  const target = zeros([count, ...values.shape.slice(1)], dtypeOf(values));
  const [rows, pullback] = vjp((x: Value) => np.take(x, at.ref, 0), [target.ref]);
  own(rows);
  const [result] = pullback(values.ref) as [Value];
  pullback.dispose();
  return settled(result);
}

/** 1 at the index and 0 elsewhere along a new last axis of `count`. */
export function oneHot(indices: Indices, count: number, dtype: "float32" | "float64"): Value {
  return cast(equal(expandDims(integers("oneHot", indices), -1), arange(count, "int32")), dtype);
}

/** Sorted ascending along `axis` (default: the last). The place of a NaN, and what it does to its neighbours, is open. */
export function sort(x: Value, axis = -1): Value {
  return settled(np.sort(x.ref, axisOf("sort", axis, x.shape.length, x)));
}

/** Positions that sort `x` ascending along `axis` (default: the last), stable (int32). Expects no NaN. */
export function argsort(x: Value, axis = -1): Value {
  return settled(np.argsort(x.ref, axisOf("argsort", axis, x.shape.length, x)));
}

function integers(where: string, indices: Indices): Value {
  if (indices instanceof Int32Array) return constant(indices);
  if (Array.isArray(indices)) return constant(indices as readonly number[], undefined, "int32");
  const value = indices as Value;
  if (value.dtype !== "int32") {
    throw new UserError(`${where}: expected int32 indices, got ${describe(value)}; cast them first`);
  }
  return value;
}
