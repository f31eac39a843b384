import type { Value } from "../ops/value.ts";
import type { Pure, Tree } from "./function.ts";
import { grad } from "./grad.ts";
import { vmap } from "./vmap.ts";

/**
 * One gradient for each sample: `perSampleGrad(loss)(parameters, x, y)` with x [n, …], y [n, …] is ∂loss(parameters,
 * xᵢ, yᵢ)/∂parameters, with a leading axis of n. `loss` takes one sample and returns a scalar.
 * @throws UserError if the data arguments differ in length
 */
export function perSampleGrad<P extends Tree, D extends readonly Tree[]>(
  loss: Pure<readonly [P, ...D], Value>,
): (parameters: P, ...data: D) => P {
  const one = (parameters: Tree, ...data: readonly Tree[]) =>
    grad(loss as Pure<readonly Tree[], Value>)(parameters, ...data) as P;
  return (parameters, ...data) => vmap(one, { inAxes: [null, ...data.map((): 0 => 0)] })(parameters, ...data);
}
