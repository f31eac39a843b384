import { numpy as np } from "@jax-js/jax";
import { equal, greater, less, logicalAnd, logicalNot, logicalOr, where } from "./compare.ts";
import { stopGradient } from "./gradient.ts";
import { own } from "./scope.ts";
import { dtypeOf, floatOf, type Operand, pair, scalar, type Value } from "./value.ts";

/** x + y. */
export function add(x: Operand, y: Operand): Value {
  const [a, b] = pair("add", x, y);
  return own(np.add(a.ref, b.ref));
}

/** x − y. */
export function sub(x: Operand, y: Operand): Value {
  if (typeof y === "number") return add(x, -y);
  const [a, b] = pair("sub", x, y);
  return own(np.subtract(a.ref, b.ref));
}

/** x · y. */
export function mul(x: Operand, y: Operand): Value {
  const [a, b] = pair("mul", x, y);
  return own(np.multiply(a.ref, b.ref));
}

/** x / y as x · (1/y): within one unit in the last place of the quotient. Floats only. */
export function div(x: Operand, y: Operand): Value {
  if (typeof y === "number" && typeof x !== "number") {
    floatOf("div", x);
    return mul(x, 1 / y);
  }
  const [a, b] = pair("div", x, y);
  const r = reciprocal(b);
  return x === 1 ? r : mul(a, r);
}

/** −x. */
export function neg(x: Value): Value {
  return own(np.negative(x.ref));
}

/** 1 / x. */
export function reciprocal(x: Value): Value {
  floatOf("reciprocal", x);
  return own(np.reciprocal(x.ref));
}

/** x². */
export function square(x: Value): Value {
  return mul(x, x);
}

/** The larger of both; NaN if one is. Where they are equal the derivative is that of `x`. */
export function maximum(x: Operand, y: Operand): Value {
  const [a, b] = pair("maximum", x, y);
  return own(np.maximum(a.ref, b.ref));
}

/** The smaller of both; NaN if one is. Where they are equal the derivative is that of `x`. */
export function minimum(x: Operand, y: Operand): Value {
  const [a, b] = pair("minimum", x, y);
  return own(np.minimum(a.ref, b.ref));
}

/** `x` held between `low` and `high`; derivative 1 between them and at the bounds, 0 outside. */
export function clip(x: Value, low: number, high: number): Value {
  return minimum(maximum(x, low), high);
}

/** |x|, with derivative sign(x), 0 at 0. */
export function abs(x: Value): Value {
  return add(maximum(0, x), maximum(0, neg(x)));
}

/** −1, 0 or 1; NaN stays NaN. Derivative 0. */
export function sign(x: Value): Value {
  return where(
    greater(x, 0),
    scalar(1, dtypeOf(x)),
    where(less(x, 0), scalar(-1, dtypeOf(x)), stopGradient(x)),
  );
}

/** The largest integer ≤ x. Derivative 0. */
export function floor(x: Value): Value {
  floatOf("floor", x);
  return own(np.floor(x.ref));
}

/** The smallest integer ≥ x. Derivative 0. */
export function ceil(x: Value): Value {
  floatOf("ceil", x);
  return own(np.ceil(x.ref));
}

/** Remainder of x / y with the sign of y, as in Python. Derivative 1 in x. */
export function mod(x: Operand, y: Operand): Value {
  const [a, b] = pair("mod", x, y);
  const remainder = own(a.ref.mod(b.ref));
  const opposite = logicalOr(
    logicalAnd(greater(remainder, 0), less(b, 0)),
    logicalAnd(less(remainder, 0), greater(b, 0)),
  );
  return where(opposite, add(remainder, b), remainder);
}

/** True where x is neither NaN nor infinite. Floats only. */
export function isfinite(x: Value): Value {
  floatOf("isfinite", x);
  return logicalAnd(less(x, Number.POSITIVE_INFINITY), greater(x, Number.NEGATIVE_INFINITY));
}

/** True where x is NaN. */
export function isnan(x: Value): Value {
  return logicalNot(equal(x, x));
}
