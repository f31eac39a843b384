import { type JsTreeDef, tree } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { isFloat } from "../dtype.ts";
import { stopGradient } from "../ops/gradient.ts";
import { own } from "../ops/scope.ts";
import { describe, dtypeOf, type Value } from "../ops/value.ts";
import { collectSites, deliver } from "../sites.ts";
import type { Tree as TreeOf } from "../tree.ts";

/** A value, or lists and records of values: what functions that are transformed take and return. */
export type Tree = TreeOf<Value>;

/** A function that can be transformed: pure, synchronous, from values to values. */
export type Pure<A extends readonly Tree[] = readonly Tree[], R extends Tree = Tree> = (...args: A) => R;

/** The values of a tree in order. */
export function leaves(x: Tree): Value[] {
  return tree.leaves(x as Value) as Value[];
}

/** The tree with every value replaced. */
export function mapTree<T extends Tree>(f: (x: Value) => Value, x: T): T {
  return tree.map(f as never, x as never) as T;
}

/** `x` with one more reference to every value: to be handed to jax-js, which uses it up. */
export function lend<T extends Tree>(x: T): T {
  return mapTree((leaf) => leaf.ref, x);
}

/** Takes over every value that jax-js returned. */
export function keep<T extends Tree>(x: T): T {
  return mapTree(own, x);
}

/** A function in the form that jax-js transforms: lists of values in, one list of values out. */
export interface Flat<R extends Tree> {
  /** Uses up its arguments; returns the floats of the result, then its other values, then those recorded at sites. */
  call: (...args: Tree[]) => Value[];
  /** Number of values in the result, floats first; known after `call`. */
  counts: () => { floats: number; results: number };
  /** A tree like the result from values in the order of `call`. */
  rebuild: (values: Value[]) => R;
  /** The result itself from what the transformation returned; hands the values recorded at sites on. */
  restore: (values: Value[]) => R;
}

/** Prepares `f` for a transformation. `finish` may act on the result's values before they leave. */
export function flat<A extends readonly Tree[], R extends Tree>(
  f: Pure<A, R>,
  finish: (values: Value[], args: A) => Value[] = (values) => values,
): Flat<R> {
  let definition: JsTreeDef | undefined;
  let order: number[] = [];
  let floats = 0;
  let names: string[] = [];
  const rebuild = (values: Value[]): R => {
    const result: Value[] = [];
    order.forEach((place, k) => {
      result[place] = values[k]!;
    });
    return tree.unflatten(definition!, result) as unknown as R;
  };
  return {
    rebuild,
    call: (...given) => {
      const args = given.map((a) => keep(a)) as unknown as A;
      const { result, records } = collectSites(() => f(...args));
      const [values, found] = tree.flatten(result as Value) as [Value[], JsTreeDef];
      const isFloating = values.map((v) => isFloat(dtypeOf(v)));
      const places = values.map((_, i) => i);
      order = [...places.filter((i) => isFloating[i]), ...places.filter((i) => !isFloating[i])];
      floats = isFloating.filter(Boolean).length;
      definition = found;
      names = [...records.keys()];
      const sorted = order.map((i) => values[i]!);
      const finished = [...finish(sorted.slice(0, floats), args), ...sorted.slice(floats)];
      return [...finished, ...[...records.values()].map((v) => stopGradient(v))].map((v) => v.ref);
    },
    counts: () => ({ floats, results: order.length }),
    restore: (values) => {
      const owned = values.map((v) => own(v));
      names.forEach((name, k) => {
        deliver(name, owned[order.length + k]!);
      });
      return rebuild(owned);
    },
  };
}

/** The argument numbers as a list. @throws UserError if one is no position of `args` or holds no floats. */
export function argumentNumbers(
  where: string,
  args: readonly Tree[],
  argnums: number | readonly number[],
): number[] {
  const list = typeof argnums === "number" ? [argnums] : [...argnums];
  for (const i of list) {
    const arg = Number.isInteger(i) ? args[i] : undefined;
    if (arg === undefined) {
      throw new UserError(`${where}: there is no argument ${i}; the function was called with ${args.length}`);
    }
    requireFloats(`${where}: argument ${i}`, arg);
  }
  return list;
}

/** @throws UserError unless every value of the tree is float32 or float64. */
export function requireFloats(where: string, x: Tree): void {
  for (const leaf of leaves(x)) {
    if (!isFloat(dtypeOf(leaf))) {
      throw new UserError(`${where} is ${describe(leaf)}; only float32 and float64 have derivatives`);
    }
  }
}

/** @throws UserError unless `x` is one float of shape []. */
export function requireScalar(where: string, x: Tree): Value {
  const all = leaves(x);
  const value = all[0];
  if (all.length !== 1 || value === undefined || value.shape.length !== 0) {
    const found = all.map((leaf) => describe(leaf)).join(", ");
    throw new UserError(
      `${where}: the function must return one scalar, got ${found}; sum it, or use jacobian`,
    );
  }
  requireFloats(`${where}: the result`, value);
  return value;
}
