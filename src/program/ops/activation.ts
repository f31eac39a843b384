import { add, maximum, mul, neg, reciprocal, sub } from "./arithmetic.ts";
import { greater, where } from "./compare.ts";
import { exp, log, log1p } from "./exponential.ts";
import type { Value } from "./value.ts";
import { withDerivative } from "./with-derivative.ts";

/** max(0, x), with derivative 0 at 0. */
export function relu(x: Value): Value {
  return maximum(0, x);
}

/**
 * 1/(1 + e⁻ˣ) through e^−|x|: finite with all derivatives, and relatively accurate in both tails. The derivative is
 * stated as e^−|x|/(1 + e^−|x|)², which shares its parts with the value.
 */
export function sigmoid(x: Value): Value {
  return withDerivative(x, logistic, (y) => {
    const { e, r } = decay(y);
    return mul(mul(e, r), r);
  });
}

/** e = e^−|x|, r = 1/(1 + e), and whether x > 0. */
function decay(x: Value): { positive: Value; e: Value; r: Value } {
  const positive = greater(x, 0);
  const e = exp(where(positive, neg(x), x));
  return { positive, e, r: reciprocal(add(e, 1)) };
}

function logistic(x: Value): Value {
  const { positive, e, r } = decay(x);
  return where(positive, r, mul(e, r));
}

/** x · sigmoid(x) (also called swish). */
export function silu(x: Value): Value {
  return mul(x, sigmoid(x));
}

/** ln(1 + eˣ) = max(0, x) + ln(1 + e^−|x|), relatively accurate in the lower tail. */
export function softplus(x: Value): Value {
  return add(maximum(0, x), log1p(decay(x).e));
}

/** softplus(x) − ln 2: zero at zero, as SchNet uses it (Schütt et al. 2018). */
export function shiftedSoftplus(x: Value): Value {
  return sub(add(maximum(0, x), log(add(decay(x).e, 1))), Math.LN2);
}
