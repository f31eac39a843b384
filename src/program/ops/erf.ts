import { add, clip, div, mul, neg, reciprocal, square, sub } from "./arithmetic.ts";
import { greater, less, where } from "./compare.ts";
import { exp } from "./exponential.ts";
import { stopGradient } from "./gradient.ts";
import { floatOf, scalar, type Value } from "./value.ts";
import { withDerivative } from "./with-derivative.ts";

const small = {
  over: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  under: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
};
const middle = {
  over: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  under: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
};
const large = {
  over: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  under: [
    1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
  ],
};

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
  const nearZero = mul(x, ratio(small, z));
  const bell = exp(neg(square(y)));
  const inverse = reciprocal(where(greater(y, 4), y, scalar(4, dtype)));
  const v = square(inverse);
  const far = mul(inverse, sub(1 / Math.sqrt(Math.PI), mul(v, ratio(large, v))));
  const tail = mul(bell, where(greater(y, 4), far, ratio(middle, y)));
  const outer = sub(1, tail);
  return {
    erf: where(inner, nearZero, where(negative, neg(outer), outer)),
    erfc: where(inner, sub(1, nearZero), where(negative, sub(2, tail), tail)),
  };
}

function ratio(coefficients: { over: number[]; under: number[] }, x: Value): Value {
  return div(polynomial(coefficients.over, x), polynomial(coefficients.under, x));
}

function polynomial(coefficients: number[], x: Value): Value {
  const [first, second, ...rest] = coefficients;
  let result = first === 1 ? add(x, second!) : add(mul(x, first!), second!);
  for (const c of rest) result = add(mul(result, x), c);
  return result;
}
