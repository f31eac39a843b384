import { add, maximum, minimum, mul, neg, reciprocal, sub } from "./arithmetic.ts";
import { greater, where } from "./compare.ts";
import { exp, log, log1p } from "./exponential.ts";
import { dtypeOf, type Value } from "./value.ts";
import { withDerivative } from "./with-derivative.ts";

/** max(0, x), with derivative 0 at 0. */
export function relu(x: Value): Value {
  return maximum(0, x);
}

/**
 * 1/(1 + e⁻ˣ), relatively accurate in the lower tail until e⁻ˣ overflows. Both derivatives are stated: those of the
 * formula would be 0·∞ far down.
 */
export function sigmoid(x: Value): Value {
  return withDerivative(x, (y) => logistic(y).r, slope);
}

/** x · sigmoid(x) (also called swish), with the derivative s + x·s′ stated as that of {@link sigmoid} is. */
export function silu(x: Value): Value {
  const value = (y: Value) => mul(y, logistic(y).r);
  return withDerivative(x, value, (y) => add(sigmoid(y), mul(y, slope(y))));
}

/** s′ = s(1 − s) as value and as what is differentiated further. */
function slope(x: Value): Value {
  const value = (y: Value) => {
    const { e, r } = logistic(y);
    return mul(mul(e, r), r);
  };
  return withDerivative(x, value, (y) => {
    // s″ = s′(1 − 2s), with 1 − 2s = ∓(1 − e)/(1 + e) so that small x lose no digits.
    const { positive, e, r } = decay(y);
    const odd = mul(sub(1, e), r);
    return mul(mul(mul(e, r), r), where(positive, neg(odd), odd));
  });
}

/** e = e⁻ˣ, held below overflow, and r = 1/(1 + e): four operations. */
function logistic(x: Value): { e: Value; r: Value } {
  const e = exp(minimum(neg(x), dtypeOf(x) === "float64" ? 700 : 87));
  return { e, r: reciprocal(add(e, 1)) };
}

/** e = e^−|x|, r = 1/(1 + e), and whether x > 0: with finite derivatives of every order. */
function decay(x: Value): { positive: Value; e: Value; r: Value } {
  const positive = greater(x, 0);
  const e = exp(minimum(x, neg(x)));
  return { positive, e, r: reciprocal(add(e, 1)) };
}

/** ln(1 + eˣ) = max(0, x) + ln(1 + e^−|x|), relatively accurate in the lower tail. */
export function softplus(x: Value): Value {
  return add(maximum(0, x), log1p(decay(x).e));
}

/** softplus(x) − ln 2: zero at zero, as SchNet uses it (Schütt et al. 2018). */
export function shiftedSoftplus(x: Value): Value {
  return sub(add(maximum(0, x), log(add(decay(x).e, 1))), Math.LN2);
}
