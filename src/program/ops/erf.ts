import { cody, type Rational } from "../cody.ts";
import { add, clip, div, mul, neg, reciprocal, square, sub } from "./arithmetic.ts";
import { greater, less, where } from "./compare.ts";
import { exp } from "./exponential.ts";
import { stopGradient } from "./gradient.ts";
import { floatOf, scalar, type Value } from "./value.ts";
import { withDerivative } from "./with-derivative.ts";

/**
 * The error function 2/√π ∫₀ˣ e^−t² dt to 10⁻¹⁵ by the rational approximations of Cody (1969). Its derivatives are
 * those of 2/√π e^−x², right up to the fourth.
 */
export function erf(x: Value): Value {
  return withDerivative(bounded(x), (t) => pieces(t).erf, density);
}

/** 1 − erf(x), relatively accurate to 10⁻¹² in the upper tail, down to where the number type underflows. */
export function erfc(x: Value): Value {
  return withDerivative(
    bounded(x),
    (t) => pieces(t).erfc,
    (t) => neg(density(t)),
  );
}

/** x · Φ(x), Φ the normal distribution: x erfc(−x/√2)/2 (Hendrycks & Gimpel 2016), exact, not the tanh approximation. */
export function gelu(x: Value): Value {
  return mul(mul(x, 0.5), erfc(mul(x, -Math.SQRT1_2)));
}

function bounded(x: Value): Value {
  floatOf("erf", x);
  return clip(x, -30, 30);
}

function density(x: Value): Value {
  return mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI));
}

function pieces(signed: Value): { erf: Value; erfc: Value } {
  const x = stopGradient(signed);
  const negative = less(x, 0);
  const y = where(negative, neg(x), x);
  const inner = less(y, 0.46875);
  const dtype = floatOf("erf", x);
  const z = where(inner, square(x), scalar(0, dtype));
  const nearZero = mul(x, ratio(cody.small, z));
  const bell = exp(neg(square(y)));
  const inverse = reciprocal(where(greater(y, 4), y, scalar(4, dtype)));
  const v = square(inverse);
  const far = mul(inverse, sub(1 / Math.sqrt(Math.PI), mul(v, ratio(cody.large, v))));
  const tail = mul(bell, where(greater(y, 4), far, ratio(cody.middle, y)));
  const outer = sub(1, tail);
  return {
    erf: where(inner, nearZero, where(negative, neg(outer), outer)),
    erfc: where(inner, sub(1, nearZero), where(negative, sub(2, tail), tail)),
  };
}

function ratio(coefficients: Rational, x: Value): Value {
  return div(polynomial(coefficients.over, x), polynomial(coefficients.under, x));
}

function polynomial(coefficients: readonly number[], x: Value): Value {
  const [first, second, ...rest] = coefficients;
  let result = first === 1 ? add(x, second!) : add(mul(x, first!), second!);
  for (const c of rest) result = add(mul(result, x), c);
  return result;
}
