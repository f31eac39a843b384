import { UserError } from "../../core/errors.ts";
import { eye } from "../ops/create.ts";
import { concatenate, slice } from "../ops/shape.ts";
import { describe, floatOf, type Value } from "../ops/value.ts";
import type { Pure, Tree } from "./function.ts";
import { grad } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { vmap } from "./vmap.ts";

/**
 * Hessian-vector product, forward over reverse: `hvp(f)(v, x, ...rest)` is (∂²f/∂x²) v for the first argument `x` of
 * `f` (any tree; `v` has the same), at about the cost of two gradients. The Hessian is never built.
 */
export function hvp<X extends Tree, A extends readonly Tree[]>(
  f: Pure<readonly [X, ...A], Value>,
): (v: X, x: X, ...rest: A) => X {
  return (v, x, ...rest) =>
    jvp((at: X) => grad(f as Pure<readonly Tree[], Value>)(at, ...rest) as X, [x] as const, [v] as const)[1];
}

/**
 * The full Hessian [n, n] of a scalar function with respect to its first argument, a vector [n]: row i is ∂²f/∂xᵢ∂x.
 * @param options.batch rows computed at once (default: all): memory grows with it, and the program is repeated n/batch
 * times. For large n run `hvp` on rows of the identity in a loop outside instead.
 */
export function hessian<A extends readonly Tree[]>(
  f: Pure<readonly [Value, ...A], Value>,
  options: { batch?: number } = {},
): (x: Value, ...rest: A) => Value {
  return (x, ...rest) => {
    if (x.shape.length !== 1) {
      throw new UserError(
        `hessian: expected a vector, got ${describe(x)}; keep the parameters in one flat vector`,
      );
    }
    const n = x.shape[0]!;
    const batch = options.batch ?? Math.max(n, 1);
    if (!Number.isInteger(batch) || batch < 1)
      throw new UserError(`hessian: batch ${batch} is no positive integer`);
    const basis = eye(n, floatOf("hessian", x));
    const rows = vmap((v: Value) => hvp(f)(v, x, ...rest));
    if (batch >= n) return rows(basis);
    const parts: Value[] = [];
    for (let i = 0; i < n; i += batch) parts.push(rows(slice(basis, [i, Math.min(i + batch, n)], [])));
    return concatenate(parts);
  };
}
