import { numpy as np } from "@jax-js/jax";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { equal, greater, greaterEqual, less, where } from "./compare.ts";
import { ones, zerosLike } from "./create.ts";
import { own } from "./scope.ts";
import { floatOf, type Operand, pair, scalar, type Value } from "./value.ts";

/** sin x. */
export function sin(x: Value): Value {
  floatOf("sin", x);
  return own(np.sin(x.ref));
}

/** cos x. */
export function cos(x: Value): Value {
  floatOf("cos", x);
  return own(np.cos(x.ref));
}

/** tan x = sin x / cos x. */
export function tan(x: Value): Value {
  return div(sin(x), cos(x));
}

/** arcsin x, −1 ≤ x ≤ 1; its derivative is infinite at ±1. */
export function asin(x: Value): Value {
  floatOf("asin", x);
  return own(np.asin(x.ref));
}

/** arccos x = π/2 − arcsin x. */
export function acos(x: Value): Value {
  return sub(Math.PI / 2, asin(x));
}

/** arctan x. */
export function atan(x: Value): Value {
  floatOf("atan", x);
  return own(np.atan(x.ref));
}

/**
 * The angle of the point (x, y) in (−π, π], by the quotient of the smaller by the larger coordinate; 0 at the origin,
 * with derivatives 0 there.
 */
export function atan2(y: Operand, x: Operand): Value {
  const [b, a] = pair("atan2", y, x);
  const dtype = floatOf("atan2", a);
  const absA = where(less(a, 0), neg(a), a);
  const absB = where(less(b, 0), neg(b), b);
  const steep = greater(absB, absA);
  const larger = where(steep, b, a);
  const origin = equal(larger, 0);
  const quotient = div(where(steep, a, b), where(origin, ones([], dtype), larger));
  const angle = atan(where(origin, zerosLike(quotient), quotient));
  const up = where(greaterEqual(b, 0), scalar(1, dtype), scalar(-1, dtype));
  const steepAngle = sub(mul(up, Math.PI / 2), angle);
  const flatAngle = where(less(a, 0), add(angle, mul(up, Math.PI)), angle);
  return where(steep, steepAngle, flatAngle);
}
