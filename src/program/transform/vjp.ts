import * as jax from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { add } from "../ops/arithmetic.ts";
import { where } from "../ops/compare.ts";
import { cast, zeros } from "../ops/create.ts";
import { own } from "../ops/scope.ts";
import { reshape, slice } from "../ops/shape.ts";
import { constant, describe, dtypeOf, type Value } from "../ops/value.ts";
import { flat, keep, leaves, lend, type Pure, requireFloats, type Tree } from "./function.ts";

/**
 * Reverse mode at a point: the result of `f(...primals)` and the pullback, which takes a cotangent v shaped like the
 * result to vᵀ ∂f/∂primals, one entry for each argument. Integer values in a result are ignored in its cotangent.
 * @throws UserError if an argument holds integers (close over those), or a cotangent has another shape
 */
export function vjp<A extends readonly Tree[], R extends Tree>(
  f: Pure<A, R>,
  primals: A,
): [result: R, pullback: (cotangent: R) => A] {
  primals.forEach((p, i) => {
    requireFloats(`vjp: argument ${i}`, p);
  });
  const prepared = flat(f, dependent);
  const [values, pull] = jax.vjp(prepared.call as never, lend(primals) as never) as unknown as [
    Value[],
    ((cotangents: Value[]) => A) & { dispose(): void },
  ];
  own(pull);
  const result = prepared.restore(values);
  const pullback = (cotangent: R): A => {
    sameShapes("vjp: the cotangent", cotangent, result);
    const { floats } = prepared.counts();
    const given = leaves(cotangent).filter((v) => v.dtype === "float32" || v.dtype === "float64");
    const cotangents = values.map((v, i) => (i < floats ? given[i]! : zeros(v.shape, dtypeOf(v))));
    return keep(pull(cotangents.map((v) => v.ref)));
  };
  return [result, pullback];
}

/**
 * jax-js drops results that do not depend on the arguments from its pullback and then mistakes the cotangents' places.
 * Adding a zero that formally depends on an argument keeps them all. One result alone needs no such care.
 */
function dependent(values: Value[], args: readonly Tree[]): Value[] {
  const source = args.flatMap((a) => leaves(a)).find((v) => v.size > 0);
  if (values.length < 2 || source === undefined) return values;
  const first = reshape(slice(reshape(source, [-1]), [0, 1]), []);
  const never = constant(Uint8Array.of(0), []);
  const zero = where(never, first, zeros([], dtypeOf(first)));
  return values.map((v) => add(v, cast(zero, dtypeOf(v))));
}

/** @throws UserError unless both trees hold values of equal shapes and dtypes in the same places. */
export function sameShapes(where: string, x: Tree, like: Tree): void {
  const text = (t: Tree) =>
    leaves(t)
      .map((v) => describe(v))
      .join(", ");
  if (text(x) !== text(like)) throw new UserError(`${where} is (${text(x)}), but (${text(like)}) is needed`);
}
