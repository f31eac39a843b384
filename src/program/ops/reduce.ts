import { numpy as np } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { add, isfinite, mul, neg, reciprocal, square, sub } from "./arithmetic.ts";
import { equal, where } from "./compare.ts";
import { arange, cast, ones } from "./create.ts";
import { safeSqrt } from "./exponential.ts";
import { stopGradient } from "./gradient.ts";
import { own } from "./scope.ts";
import { reshape, slice } from "./shape.ts";
import { axesOf, axisOf, describe, dtypeOf, floatOf, scalar, type Value } from "./value.ts";

/** Which axes a reduction runs over (default: all) and whether they stay with size 1. */
export interface Reduction {
  axis?: number | readonly number[];
  keepdims?: boolean;
}

/** Sum over `axis`. */
export function sum(x: Value, options: Reduction = {}): Value {
  return own(np.sum(x.ref, axesOf("sum", x, options.axis), { keepdims: options.keepdims ?? false }));
}

/** Arithmetic mean over `axis`. */
export function mean(x: Value, options: Reduction = {}): Value {
  floatOf("mean", x);
  return mul(sum(x, options), 1 / count("mean", x, options));
}

/** Σ (x − mean)² / (n − ddof) over `axis`; `ddof` 0 (default) or 1. */
export function variance(x: Value, options: Reduction & { ddof?: number } = {}): Value {
  const { ddof = 0, ...reduction } = options;
  const n = count("variance", x, reduction);
  if (n <= ddof) throw new UserError(`variance: ${n} element(s) along the axes, but ddof is ${ddof}`);
  const centred = sub(x, mean(x, { ...reduction, keepdims: true }));
  return mul(sum(square(centred), reduction), 1 / (n - ddof));
}

/** Square root of the variance, with derivative 0 where it is 0. */
export function std(x: Value, options: Reduction & { ddof?: number } = {}): Value {
  return safeSqrt(variance(x, options));
}

/** Euclidean length √Σx² over `axis`, with derivative 0 where it is 0. */
export function norm(x: Value, options: Reduction = {}): Value {
  return safeSqrt(sum(square(x), options));
}

/** Largest element over `axis`; equal largest elements share the derivative evenly. Expects no NaN (it is passed over). */
export function max(x: Value, options: Reduction = {}): Value {
  const axis = axesOf("max", x, options.axis);
  count("max", x, options);
  const top = rawMax(x, axis);
  const chosen = equal(x, top);
  const dtype = floatOf("max", x);
  const shared = reciprocal(sum(cast(chosen, dtype), { axis, keepdims: true }));
  const average = mul(sum(where(chosen, x, scalar(0, dtype)), { axis, keepdims: true }), shared);
  const exact = add(top, sub(average, stopGradient(average)));
  const result = where(isfinite(top), exact, average);
  return options.keepdims ? result : dropAxes(result, axis);
}

/** Smallest element over `axis`; equal smallest elements share the derivative evenly. Expects no NaN, as `max`. */
export function min(x: Value, options: Reduction = {}): Value {
  return neg(max(neg(x), options));
}

/** The largest element over `axis` (kept with size 1) without a derivative: for shifting exponents. */
export function rawMax(x: Value, axis: number | readonly number[] | undefined): Value {
  return stopGradient(own(np.max(x.ref, axesOf("max", x, axis), { keepdims: true })));
}

/** Position of the (first) largest element along one axis (int32). */
export function argmax(x: Value, axis: number): Value {
  const at = axisOf("argmax", axis, x.shape.length, x);
  const n = x.shape[at]!;
  if (n === 0) throw new UserError(`argmax: axis ${axis} of ${describe(x)} is empty`);
  const positions = reshape(
    arange(n, "int32"),
    x.shape.map((_, i) => (i === at ? n : 1)),
  );
  const candidates = where(equal(x, rawMax(x, at)), positions, scalar(n, "int32"));
  return own(np.min(candidates.ref, [at]));
}

/** Position of the (first) smallest element along one axis (int32). */
export function argmin(x: Value, axis: number): Value {
  return argmax(neg(x), axis);
}

/** Product along one axis by halving, so that derivatives are right where elements are 0. */
export function prod(x: Value, options: { axis: number; keepdims?: boolean }): Value {
  const at = axisOf("prod", options.axis, x.shape.length, x);
  if (x.shape[at] === 0) return ones(reducedShape(x, [at], options.keepdims), dtypeOf(x));
  let result = x;
  for (let n = x.shape[at]!; n > 1; n = Math.ceil(n / 2)) {
    const half = Math.floor(n / 2);
    const part = (start: number, end: number) =>
      slice(result, ...x.shape.map((_, i) => (i === at ? ([start, end] as [number, number]) : ([] as []))));
    const product = mul(part(0, half), part(half, 2 * half));
    result = n % 2 === 0 ? product : own(np.concatenate([product.ref, part(n - 1, n).ref], at));
  }
  return options.keepdims ? result : dropAxes(result, [at]);
}

function dropAxes(x: Value, axes: readonly number[]): Value {
  return reshape(x, reducedShape(x, axes, false));
}

function reducedShape(x: Value, axes: readonly number[], keepdims: boolean | undefined): number[] {
  return keepdims
    ? x.shape.map((d, i) => (axes.includes(i) ? 1 : d))
    : x.shape.filter((_, i) => !axes.includes(i));
}

function count(where: string, x: Value, options: Reduction): number {
  const n = axesOf(where, x, options.axis).reduce((product, a) => product * x.shape[a]!, 1);
  if (n === 0) throw new UserError(`${where}: ${describe(x)} has no elements along the axes`);
  return n;
}
