import * as jax from "@jax-js/jax";
import { zerosLike } from "../ops/create.ts";
import { own } from "../ops/scope.ts";
import type { Value } from "../ops/value.ts";
import { flat, lend, type Pure, requireFloats, type Tree } from "./function.ts";
import { sameShapes } from "./vjp.ts";

/**
 * Forward mode: the result of `f(...primals)` and its derivative (∂f/∂primals) · tangents along one direction (0 for
 * integer values in the result).
 * @throws UserError if an argument holds integers (close over those), or a tangent has another shape
 */
export function jvp<A extends readonly Tree[], R extends Tree>(
  f: Pure<A, R>,
  primals: A,
  tangents: A,
): [result: R, tangent: R] {
  primals.forEach((p, i) => {
    requireFloats(`jvp: argument ${i}`, p);
  });
  sameShapes("jvp: the tangent", tangents, primals);
  const prepared = flat(f);
  const [values, derivatives] = jax.jvp(
    prepared.call as never,
    lend(primals) as never,
    lend(tangents) as never,
  ) as unknown as [Value[], Value[]];
  const { floats } = prepared.counts();
  const result = prepared.restore(values);
  return [result, prepared.rebuild(derivatives.map((d, i) => (i < floats ? own(d) : zerosLike(values[i]!))))];
}
