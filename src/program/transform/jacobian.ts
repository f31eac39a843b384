import { UserError } from "../../core/errors.ts";
import { eye } from "../ops/create.ts";
import { reshape, transpose } from "../ops/shape.ts";
import { describe, floatOf, type Value } from "../ops/value.ts";
import type { Pure, Tree } from "./function.ts";
import { jvp } from "./jvp.ts";
import { vjp } from "./vjp.ts";
import { vmap } from "./vmap.ts";

/**
 * The Jacobian ∂f/∂x of an array function with respect to its first argument, shape [...f's, ...x's].
 * @param options.mode "reverse" (one pass for each output), "forward" (one for each input); default: the fewer
 */
export function jacobian<A extends readonly Tree[]>(
  f: Pure<readonly [Value, ...A], Value>,
  options: { mode?: "forward" | "reverse" } = {},
): (x: Value, ...rest: A) => Value {
  return (x, ...rest) => {
    const dtype = floatOf("jacobian", x);
    const g = (at: Value) => f(at, ...rest);
    const [y, pullback] = vjp(g, [x] as const);
    if (y.dtype !== dtype) {
      throw new UserError(`jacobian: the function takes ${describe(x)} to ${describe(y)}; keep one dtype`);
    }
    const mode = options.mode ?? (y.size <= x.size ? "reverse" : "forward");
    if (mode === "reverse") {
      const rows = vmap((v: Value) => pullback(v)[0]);
      return reshape(rows(reshape(eye(y.size, dtype), [y.size, ...y.shape])), [...y.shape, ...x.shape]);
    }
    const columns = vmap((v: Value) => jvp(g, [x] as const, [v] as const)[1]);
    const stacked = columns(reshape(eye(x.size, dtype), [x.size, ...x.shape]));
    return reshape(transpose(reshape(stacked, [x.size, y.size])), [...y.shape, ...x.shape]);
  };
}
