import { add, mul, sub } from "./arithmetic.ts";
import { stopGradient } from "./gradient.ts";
import type { Value } from "./value.ts";

/**
 * An elementwise function whose derivative is given instead of traced: F(c) + (x − c) A(x) at c = x, where c and F
 * carry no derivative and A = Σ wᵢ F′(c + tᵢ (x − c)) is the two-point Gauss rule for the mean of F′ between c and x.
 * Since x − c is zero the value is F(x), and derivatives up to the fourth are those of F (the rule is exact for
 * cubics); a fifth would be wrong.
 * @param value F; it may be built from anything
 * @param derivative F′, built from differentiable operations
 */
export function withDerivative(x: Value, value: (x: Value) => Value, derivative: (x: Value) => Value): Value {
  const c = stopGradient(x);
  const step = sub(x, c);
  const offset = Math.sqrt(3) / 6;
  const low = derivative(add(c, mul(step, 0.5 - offset)));
  const high = derivative(add(c, mul(step, 0.5 + offset)));
  return add(stopGradient(value(c)), mul(step, mul(0.5, add(low, high))));
}
