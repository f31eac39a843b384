import { numpy as np } from "@jax-js/jax";
import type { Random } from "../../src/core/random.ts";
import { type DType, sizeOf } from "../../src/program/dtype.ts";
import * as ops from "../../src/program/ops/index.ts";
import { own } from "../../src/program/ops/scope.ts";

type Value = ops.Value;

/** A value while a program is made up. `exact`: small dyadic numbers, on which steps and comparisons are safe. */
export interface Entry {
  shape: readonly number[];
  dtype: DType;
  exact: boolean;
}

/** One operation: which entries it takes, and what it makes of them. */
export interface Step {
  takes: number[];
  apply(values: Value[]): Value;
  gives: Entry;
}

export type Recipe = (pool: Entry[], random: Random, dtype: "float32" | "float64") => Step | undefined;

/** One of `items`, undefined if there are none. */
export const pick = <T>(random: Random, items: readonly T[]): T | undefined =>
  items.length === 0 ? undefined : items[random.int(items.length)];

/** A random entry that `fits`, as its index. */
export function choose(
  pool: readonly Entry[],
  random: Random,
  fits: (entry: Entry) => boolean,
): number | undefined {
  return pick(
    random,
    pool.flatMap((entry, i) => (fits(entry) ? [i] : [])),
  );
}

export const isFloat = (entry: Entry) => entry.dtype === "float32" || entry.dtype === "float64";
export const isFull = (entry: Entry) => sizeOf(entry.shape) > 0;
export const small = (entry: Entry) => sizeOf(entry.shape) <= 4096;

export const unary =
  (fits: (entry: Entry) => boolean, f: (x: Value) => Value, keepsExact = false): Recipe =>
  (pool, random) => {
    const i = choose(pool, random, fits);
    if (i === undefined) return undefined;
    return { takes: [i], apply: ([x]) => f(x!), gives: { ...pool[i]!, exact: keepsExact && pool[i]!.exact } };
  };

/** Two entries whose shapes broadcast. */
export const binary =
  (
    fits: (entry: Entry) => boolean,
    f: (x: Value, y: Value) => Value,
    gives: { dtype?: DType; exact?: boolean } = {},
  ): Recipe =>
  (pool, random) => {
    const i = choose(pool, random, fits);
    if (i === undefined) return undefined;
    const a = pool[i]!;
    const j = choose(pool, random, (b) => fits(b) && b.dtype === a.dtype && broadcast(a, b) !== undefined)!;
    const shape = broadcast(a, pool[j]!)!;
    const exact = gives.exact ?? false;
    return {
      takes: [i, j],
      apply: ([x, y]) => f(x!, y!),
      gives: { shape, dtype: gives.dtype ?? a.dtype, exact },
    };
  };

export function broadcast(a: Entry, b: Entry): number[] | undefined {
  const rank = Math.max(a.shape.length, b.shape.length);
  const shape: number[] = [];
  for (let i = 1; i <= rank; i++) {
    const [m, n] = [a.shape.at(-i) ?? 1, b.shape.at(-i) ?? 1];
    if (i <= a.shape.length && i <= b.shape.length && m !== n && m !== 1 && n !== 1) return undefined;
    shape.unshift(m === 1 ? n : m);
  }
  return sizeOf(shape) > 2_000_000 ? undefined : shape;
}

/** Keeps magnitudes near one, so that the tolerance means the same everywhere. */
export const tame = (x: Value) => own(np.sin(x.ref));
export const inside = (x: Value) => ops.mul(tame(x), 0.875);

export const exactFloat = (entry: Entry) => isFloat(entry) && entry.exact;
export const exactAny = (entry: Entry) => entry.exact && entry.dtype !== "bool";

export const movement =
  (make: (entry: Entry, random: Random) => { shape: number[]; f: (x: Value) => Value } | undefined): Recipe =>
  (pool, random) => {
    const i = choose(pool, random, isFull);
    if (i === undefined) return undefined;
    const made = make(pool[i]!, random);
    if (!made) return undefined;
    return { takes: [i], apply: ([x]) => made.f(x!), gives: { ...pool[i]!, shape: made.shape } };
  };

export const reduction =
  (name: "sum" | "prod" | "max" | "min"): Recipe =>
  (pool, random) => {
    const i = choose(pool, random, (e) => isFloat(e) && (name === "sum" || isFull(e)) && e.shape.length > 0);
    if (i === undefined) return undefined;
    const { shape, dtype } = pool[i]!;
    const axis = shape.map((_, a) => a).filter(() => random.uniform() < 0.5);
    if (axis.length === 0) axis.push(random.int(shape.length));
    const count = sizeOf(axis.map((a) => shape[a]!));
    const scale = 2 ** -Math.ceil(Math.log2(Math.max(1, count)));
    const f = (x: Value) => {
      if (name === "sum") return ops.mul(own(np.sum(x.ref, axis)), scale);
      if (name === "prod") return axis.toReversed().reduce((y, a) => ops.prod(y, { axis: a }), tame(x));
      return (name === "max" ? ops.max : ops.min)(x, { axis });
    };
    return {
      takes: [i],
      apply: ([x]) => f(x!),
      gives: { shape: shape.filter((_, a) => !axis.includes(a)), dtype, exact: false },
    };
  };
