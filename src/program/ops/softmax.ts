import { add, isfinite, mul, reciprocal, sub } from "./arithmetic.ts";
import { where } from "./compare.ts";
import { exp, log } from "./exponential.ts";
import { type Reduction, rawMax, sum } from "./reduce.ts";
import { reshape } from "./shape.ts";
import { axesOf, floatOf, scalar, type Value } from "./value.ts";

/** ln Σ eˣ over `axis`, shifted by the largest element. */
export function logsumexp(x: Value, options: Reduction = {}): Value {
  const axis = axesOf("logsumexp", x, options.axis);
  const top = finiteMax(x, axis);
  const result = add(log(sum(exp(sub(x, top)), { axis, keepdims: true })), top);
  if (options.keepdims) return result;
  return reshape(
    result,
    x.shape.filter((_, i) => !axis.includes(i)),
  );
}

/** eˣ / Σ eˣ over `axis` (default: the last). */
export function softmax(x: Value, axis: number | readonly number[] = -1): Value {
  const e = exp(sub(x, finiteMax(x, axis)));
  return mul(e, reciprocal(sum(e, { axis, keepdims: true })));
}

/** x − ln Σ eˣ over `axis` (default: the last). */
export function logSoftmax(x: Value, axis: number | readonly number[] = -1): Value {
  const shifted = sub(x, finiteMax(x, axis));
  return sub(shifted, log(sum(exp(shifted), { axis, keepdims: true })));
}

function finiteMax(x: Value, axis: number | readonly number[]): Value {
  const dtype = floatOf("softmax", x);
  const top = rawMax(x, axis);
  return where(isfinite(top), top, scalar(0, dtype));
}
