import { add, maximum, mul, neg, reciprocal, sub } from "./arithmetic.ts";
import { greater, where } from "./compare.ts";
import { exp, log, log1p } from "./exponential.ts";
import type { Value } from "./value.ts";

/** max(0, x), with derivative 0 at 0. */
export function relu(x: Value): Value {
  return maximum(0, x);
}

/** 1/(1 + e⁻ˣ) through e^−|x|: finite with all derivatives, and relatively accurate in both tails. */
export function sigmoid(x: Value): Value {
  const positive = greater(x, 0);
  const e = exp(where(positive, neg(x), x));
  const r = reciprocal(add(e, 1));
  return where(positive, r, mul(e, r));
}

/** x · sigmoid(x) (also called swish). */
export function silu(x: Value): Value {
  return mul(x, sigmoid(x));
}

/** ln(1 + eˣ) = max(0, x) + ln(1 + e^−|x|), relatively accurate in the lower tail. */
export function softplus(x: Value): Value {
  const positive = greater(x, 0);
  return add(maximum(0, x), log1p(exp(where(positive, neg(x), x))));
}

/** softplus(x) − ln 2: zero at zero, as SchNet uses it (Schütt et al. 2018). */
export function shiftedSoftplus(x: Value): Value {
  const positive = greater(x, 0);
  const decay = log(add(exp(where(positive, neg(x), x)), 1));
  return sub(add(maximum(0, x), decay), Math.LN2);
}
