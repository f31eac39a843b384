import { numpy as np } from "@jax-js/jax";
import { abs, add, div, maximum, minimum, mul, neg, reciprocal, sub } from "./arithmetic.ts";
import { equal, greater, less, lessEqual, where } from "./compare.ts";
import { ones, onesLike, zerosLike } from "./create.ts";
import { stopGradient } from "./gradient.ts";
import { own } from "./scope.ts";
import { dtypeOf, floatOf, type Operand, pair, type Value } from "./value.ts";

/** eˣ. */
export function exp(x: Value): Value {
  floatOf("exp", x);
  return own(np.exp(x.ref));
}

/** ln x; −∞ at 0, NaN below. */
export function log(x: Value): Value {
  floatOf("log", x);
  return own(np.log(x.ref));
}

/**
 * ln(1 + x), relatively accurate for small x: with u = 1 + x as rounded, ln u + (x − (u − 1))/u. The correction
 * carries no derivative, so that the derivative is 1/(1 + x).
 */
export function log1p(x: Value): Value {
  const u = add(x, 1);
  const correction = mul(sub(x, sub(u, 1)), reciprocal(u));
  return add(log(u), stopGradient(where(less(abs(x), 0.5), correction, zerosLike(x))));
}

/**
 * eˣ − 1, relatively accurate for small x: with u = eˣ as rounded, (u − 1) + u (x − ln u). The correction carries no
 * derivative, so that the derivative is eˣ.
 */
export function expm1(x: Value): Value {
  const u = exp(x);
  const correction = mul(u, sub(x, log(u)));
  return add(sub(u, 1), stopGradient(where(less(abs(x), 1), correction, zerosLike(x))));
}

/** ln(eˣ + eʸ) without overflow. */
export function logAddExp(x: Operand, y: Operand): Value {
  const [a, b] = pair("logAddExp", x, y);
  return add(maximum(a, b), log1p(exp(sub(minimum(a, b), maximum(a, b)))));
}

/** √x. Its derivative is infinite at 0: where x may be 0 use `safeSqrt`. */
export function sqrt(x: Value): Value {
  floatOf("sqrt", x);
  return own(np.sqrt(x.ref));
}

/** √x for x > 0, and 0 with all derivatives 0 for x ≤ 0, also inside `where` and for padding. */
export function safeSqrt(x: Value): Value {
  const outside = lessEqual(x, 0);
  return where(outside, zerosLike(x), sqrt(where(outside, ones([], floatOf("safeSqrt", x)), x)));
}

/**
 * xⁿ. An integer number `n` is repeated multiplication (right at 0 and for negative x, in every derivative), ½ is
 * `safeSqrt`; any other exponent is exp(n ln x): NaN for x < 0, and at x = 0 the value 0 with derivatives 0 (for
 * n < 0 it is ∞).
 */
export function power(x: Value, n: Operand): Value {
  if (typeof n !== "number") return realPower(x, n);
  if (Number.isInteger(n)) return n < 0 ? reciprocal(integerPower(x, -n)) : integerPower(x, n);
  if (n === 0.5) return safeSqrt(x);
  return realPower(x, n);
}

function integerPower(x: Value, n: number): Value {
  if (n === 0) return ones(x.shape, dtypeOf(x));
  let result: Value | undefined;
  let base = x;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result === undefined ? base : mul(result, base);
    if (left > 1) base = mul(base, base);
  }
  return result!;
}

function realPower(x: Value, n: Operand): Value {
  const [base, exponent] = pair("power", x, n);
  const zero = equal(base, 0);
  const one = ones([], floatOf("power", x));
  const result = exp(mul(exponent, log(where(zero, one, base))));
  const atZero = where(greater(exponent, 0), zerosLike(exponent), reciprocal(zerosLike(exponent)));
  return where(zero, where(equal(exponent, 0), onesLike(exponent), atZero), result);
}

/** tanh x with absolute error 1 ulp of 1 (2·10⁻¹⁶ or 6·10⁻⁸) as 1 − 2/(e²ˣ + 1). Derivatives are relatively accurate. */
export function tanh(x: Value): Value {
  const limit = floatOf("tanh", x) === "float32" ? 40 : 300;
  const u = exp(minimum(mul(x, 2), limit));
  return sub(1, mul(2, reciprocal(add(u, 1))));
}

/** sinh x, relatively accurate near 0: with m = expm1 |x|, sign(x) (m + m/(m + 1))/2. */
export function sinh(x: Value): Value {
  const negative = less(x, 0);
  const m = expm1(where(negative, neg(x), x));
  const half = mul(0.5, add(m, div(m, add(m, 1))));
  return where(negative, neg(half), half);
}

/** cosh x = (eˣ + e⁻ˣ)/2. */
export function cosh(x: Value): Value {
  return mul(0.5, add(exp(x), exp(neg(x))));
}
