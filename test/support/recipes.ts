import { lax, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../../src/program/dtype.ts";
import * as ops from "../../src/program/ops/index.ts";
import { own } from "../../src/program/ops/scope.ts";
import {
  binary,
  broadcast,
  choose,
  exactAny,
  exactFloat,
  inside,
  isFloat,
  isFull,
  movement,
  pick,
  type Recipe,
  reduction,
  small,
  tame,
  unary,
} from "./recipe-kit.ts";

type Value = ops.Value;

/** One recipe for each primitive; some primitives appear only through others' derivatives. */
export const recipes: Readonly<Record<string, Recipe>> = {
  add: binary(isFloat, (x, y) => tame(ops.add(x, y))),
  mul: binary(isFloat, (x, y) => tame(ops.mul(x, y))),
  idiv: (pool, random) => {
    const i = choose(pool, random, exactAny);
    if (i === undefined) return undefined;
    const by = pick(random, [1, 2, 3, -3])!;
    return {
      takes: [i],
      apply: ([x]) => own(np.trunc(ops.mul(x!, by).ref)),
      gives: { ...pool[i]!, exact: false },
    };
  },
  mod: (pool, random) => {
    const i = choose(pool, random, exactAny);
    if (i === undefined) return undefined;
    const by = pick(random, [2, 3, -3])!;
    return { takes: [i], apply: ([x]) => ops.mod(x!, by), gives: { ...pool[i]!, exact: false } };
  },
  min: binary((e) => e.dtype !== "bool", ops.minimum),
  max: binary((e) => e.dtype !== "bool", ops.maximum),
  bit_combine: binary(
    (e) => e.dtype === "bool",
    (x, y) => own(np.bitwiseAnd(x.ref, y.ref)),
    { exact: true },
  ),
  neg: unary((e) => e.dtype !== "bool", ops.neg, true),
  reciprocal: unary(isFloat, (x) => ops.reciprocal(ops.add(inside(x), 2))),
  floor: unary(exactFloat, ops.floor),
  ceil: unary(exactFloat, ops.ceil),
  stop_gradient: unary(isFloat, ops.stopGradient, true),
  sin: unary(isFloat, ops.sin),
  cos: unary(isFloat, ops.cos),
  asin: unary(isFloat, (x) => ops.asin(inside(x))),
  atan: unary(isFloat, ops.atan),
  exp: unary(isFloat, (x) => ops.exp(inside(x))),
  log: unary(isFloat, (x) => ops.log(ops.add(inside(x), 2))),
  sqrt: unary(isFloat, (x) => ops.sqrt(ops.add(inside(x), 2))),
  erf: unary(isFloat, (x) => (x.dtype === "float32" ? own(lax.erf(x.ref)) : ops.erf(x))),
  erfc: unary(isFloat, (x) => (x.dtype === "float32" ? own(lax.erfc(x.ref)) : ops.erfc(x))),
  cast: (pool, random, dtype) => {
    const i = choose(pool, random, (e) => e.exact || e.dtype === "bool");
    if (i === undefined) return undefined;
    const to = pick(
      random,
      pool[i]!.dtype === "bool" ? [dtype, "int32" as const] : ([dtype, "int32", "bool"] as const),
    )!;
    if (to === pool[i]!.dtype) return undefined;
    return { takes: [i], apply: ([x]) => ops.cast(x!, to), gives: { ...pool[i]!, dtype: to, exact: false } };
  },
  compare: (pool, random, dtype) => {
    const relation = pick(random, [ops.less, ops.lessEqual, ops.equal, ops.notEqual])!;
    return binary((e) => e.exact && e.dtype !== "bool", relation, { dtype: "bool", exact: true })(
      pool,
      random,
      dtype,
    );
  },
  where: (pool, random) => {
    const c = choose(pool, random, (e) => e.dtype === "bool");
    if (c === undefined) return undefined;
    const i = choose(pool, random, (e) => broadcast(pool[c]!, e) !== undefined);
    if (i === undefined) return undefined;
    const both = { shape: broadcast(pool[c]!, pool[i]!)!, dtype: pool[i]!.dtype, exact: false };
    const j = choose(pool, random, (e) => e.dtype === both.dtype && broadcast(both, e) !== undefined)!;
    return {
      takes: [c, i, j],
      apply: ([p, x, y]) => ops.where(p!, x!, y!),
      gives: { ...both, shape: broadcast(both, pool[j]!)! },
    };
  },
  reduce_sum: reduction("sum"),
  reduce_prod: reduction("prod"),
  reduce_max: reduction("max"),
  reduce_min: reduction("min"),
  dot: (pool, random) => {
    const i = choose(pool, random, (e) => isFloat(e) && e.shape.length >= 1 && small(e));
    if (i === undefined) return undefined;
    const a = pool[i]!;
    const k = a.shape.at(-1)!;
    const j = choose(
      pool,
      random,
      (e) => e.dtype === a.dtype && e.shape.length >= 1 && e.shape.includes(k) && small(e),
    );
    if (j === undefined) return undefined;
    const b = pool[j]!;
    const axis = pick(
      random,
      b.shape.flatMap((extent, n) => (extent === k ? [n] : [])),
    )!;
    const shape = [...a.shape.slice(0, -1), ...b.shape.filter((_, n) => n !== axis)];
    if (shape.length > 5 || sizeOf(shape) > 100_000) return undefined;
    const scale = 2 ** -Math.ceil(Math.log2(Math.max(1, k)));
    return {
      takes: [i, j],
      // 0.7 is no power of two: a factor that loses digits on its way into the product shows.
      apply: ([x, y]) => ops.mul(ops.tensordot(ops.mul(x!, 0.7), y!, [[a.shape.length - 1], [axis]]), scale),
      gives: { shape, dtype: a.dtype, exact: false },
    };
  },
  matmul: (pool, random) => {
    const i = choose(pool, random, (e) => isFloat(e) && e.shape.length >= 2 && small(e));
    if (i === undefined) return undefined;
    const a = pool[i]!;
    const j = choose(
      pool,
      random,
      (e) =>
        e.dtype === a.dtype &&
        e.shape.length >= 2 &&
        small(e) &&
        e.shape.at(-1) === a.shape.at(-1) &&
        broadcast({ ...a, shape: a.shape.slice(0, -2) }, { ...e, shape: e.shape.slice(0, -2) }) !== undefined,
    )!;
    const lead = broadcast(
      { ...a, shape: a.shape.slice(0, -2) },
      { ...pool[j]!, shape: pool[j]!.shape.slice(0, -2) },
    )!;
    const shape = [...lead, a.shape.at(-2)!, pool[j]!.shape.at(-2)!];
    const scale = 2 ** -Math.ceil(Math.log2(Math.max(1, a.shape.at(-1)!)));
    return {
      takes: [i, j],
      apply: ([x, y]) => ops.mul(ops.matmul(ops.mul(x!, 0.7), ops.swapaxes(ops.mul(y!, 1.3))), scale * 1.1),
      gives: { shape, dtype: a.dtype, exact: false },
    };
  },
  conv: (pool, random, dtype) => {
    const i = choose(pool, random, (e) => e.dtype === dtype && isFull(e) && small(e));
    if (i === undefined) return undefined;
    const [batch, channels, out] = [1 + random.int(2), 1 + random.int(2), 1 + random.int(3)];
    const length = Math.floor(sizeOf(pool[i]!.shape) / (batch * channels));
    if (length < 5) return undefined;
    const [kernel, stride, dilation, gap] = [
      1 + random.int(3),
      1 + random.int(2),
      1 + random.int(2),
      1 + random.int(2),
    ];
    const padding: [number, number] = [random.int(3) - 1, random.int(3)];
    const weights = Float64Array.from({ length: out * channels * kernel }, () => random.normal() / 4);
    const span = (length - 1) * gap + 1 + padding[0] + padding[1] - (kernel - 1) * dilation;
    const shape = [batch, out, Math.ceil(span / stride)];
    if (span < 1) return undefined;
    const f = (x: Value) => {
      const used = ops.slice(ops.reshape(x, [-1]), [0, batch * channels * length]);
      const w = ops.cast(ops.constant(weights, [out, channels, kernel]), dtype);
      const signal = ops.reshape(used, [batch, channels, length]);
      return own(
        lax.convGeneralDilated(signal.ref, w.ref, [stride], [padding], {
          lhsDilation: [gap],
          rhsDilation: [dilation],
        }),
      );
    };
    return { takes: [i], apply: ([x]) => f(x!), gives: { shape, dtype, exact: false } };
  },
  pool: (pool, random) => {
    const i = choose(
      pool,
      random,
      (e) => isFloat(e) && e.shape.length >= 1 && small(e) && e.shape.at(-1)! >= 2,
    );
    if (i === undefined) return undefined;
    const { shape, dtype } = pool[i]!;
    const [window, stride] = [1 + random.int(shape.at(-1)!), 1 + random.int(3)];
    const outs = Math.ceil((shape.at(-1)! - window + 1) / stride);
    const f = (x: Value) => own(lax.reduceWindow(x.ref, (w) => np.sum(w), [window], [stride]));
    return {
      takes: [i],
      apply: ([x]) => ops.mul(f(x!), 0.25),
      gives: { shape: [...shape.slice(0, -1), outs], dtype, exact: false },
    };
  },
  transpose: movement((entry, random) => {
    const perm = [...random.permutation(entry.shape.length)];
    return { shape: perm.map((p) => entry.shape[p]!), f: (x) => ops.transpose(x, perm) };
  }),
  broadcast: movement((entry, random) => {
    if (entry.shape.length > 3 || sizeOf(entry.shape) > 4096) return undefined;
    const shape = [1 + random.int(3), ...entry.shape];
    return { shape, f: (x) => ops.broadcastTo(x, shape) };
  }),
  reshape: movement((entry, random) => {
    const flat = sizeOf(entry.shape);
    const by = [2, 3, 4, 5].filter((d) => flat % d === 0);
    const shape = pick(random, [
      [flat],
      [1, flat],
      ...by.map((d) => [d, flat / d]),
      ...by.map((d) => [flat / d, 1, d]),
    ])!;
    return { shape, f: (x) => ops.reshape(x, shape) };
  }),
  flip: movement((entry, random) => {
    if (entry.shape.length === 0) return undefined;
    const axis = random.int(entry.shape.length);
    return { shape: [...entry.shape], f: (x) => ops.flip(x, axis) };
  }),
  shrink: movement((entry, random) => {
    if (entry.shape.length === 0) return undefined;
    const ranges = entry.shape.map((extent): [number, number] => {
      const from = random.int(extent);
      return [from, from + (random.uniform() < 0.03 ? 0 : 1 + random.int(extent - from))];
    });
    return { shape: ranges.map(([a, b]) => b - a), f: (x) => ops.slice(x, ...ranges) };
  }),
  pad: movement((entry, random) => {
    if (entry.shape.length === 0 || entry.dtype === "bool" || sizeOf(entry.shape) > 100_000) return undefined;
    const widths = entry.shape.map((): [number, number] => [random.int(3), random.int(2)]);
    return {
      shape: entry.shape.map((e, i) => e + widths[i]![0] + widths[i]![1]),
      f: (x) => ops.pad(x, widths),
    };
  }),
  concatenate: (pool, random) => {
    const i = choose(pool, random, (e) => e.shape.length >= 1);
    if (i === undefined) return undefined;
    const a = pool[i]!;
    const axis = random.int(a.shape.length);
    const j = choose(
      pool,
      random,
      (e) =>
        e.dtype === a.dtype &&
        e.shape.length === a.shape.length &&
        e.shape.every((x, n) => n === axis || x === a.shape[n]),
    )!;
    const shape = a.shape.map((e, n) => (n === axis ? e + pool[j]!.shape[axis]! : e));
    if (sizeOf(shape) > 2_000_000) return undefined;
    return {
      takes: [i, j],
      apply: ([x, y]) => ops.concatenate([x!, y!], axis),
      gives: { shape, dtype: a.dtype, exact: a.exact && pool[j]!.exact },
    };
  },
  split: (pool, random) => {
    const i = choose(pool, random, (e) => e.shape.length >= 1 && e.shape[0]! >= 2);
    if (i === undefined) return undefined;
    const a = pool[i]!;
    const at = 1 + random.int(a.shape[0]! - 1);
    return {
      takes: [i],
      apply: ([x]) => {
        const [head, tail] = np.split(x!.ref, [at], 0);
        own(head!);
        return own(tail!);
      },
      gives: { ...a, shape: [a.shape[0]! - at, ...a.shape.slice(1)] },
    };
  },
  gather: (pool, random) => {
    const i = choose(pool, random, (e) => e.shape.length >= 1 && isFull(e));
    if (i === undefined) return undefined;
    const a = pool[i]!;
    const axis = random.int(a.shape.length);
    const count = 1 + random.int(5);
    const indices = Int32Array.from({ length: count }, () => random.int(a.shape[axis]!));
    const shape = a.shape.map((e, n) => (n === axis ? count : e));
    return { takes: [i], apply: ([x]) => ops.take(x!, indices, axis), gives: { ...a, shape } };
  },
  scatter: (pool, random) => {
    const i = choose(pool, random, (e) => isFloat(e) && e.shape.length >= 1 && isFull(e));
    if (i === undefined) return undefined;
    const a = pool[i]!;
    const rows = 1 + random.int(6);
    const indices = Int32Array.from({ length: a.shape[0]! }, () => random.int(rows));
    const scale = 2 ** -Math.ceil(Math.log2(a.shape[0]!));
    return {
      takes: [i],
      apply: ([x]) => ops.segmentSum(ops.mul(x!, scale), indices, rows),
      gives: { ...a, shape: [rows, ...a.shape.slice(1)], exact: false },
    };
  },
  sort: (pool, random) => {
    const i = choose(pool, random, (e) => isFloat(e) && e.shape.length >= 1 && isFull(e));
    if (i === undefined) return undefined;
    return { takes: [i], apply: ([x]) => ops.sort(x!), gives: { ...pool[i]!, exact: false } };
  },
  argsort: (pool, random) => {
    const i = choose(pool, random, (e) => e.exact && e.dtype !== "bool" && e.shape.length >= 1 && isFull(e));
    if (i === undefined) return undefined;
    return {
      takes: [i],
      apply: ([x]) => ops.argsort(x!),
      gives: { ...pool[i]!, dtype: "int32", exact: false },
    };
  },
  fft: (pool, random) => {
    const i = choose(pool, random, (e) => isFloat(e) && e.shape.length >= 1 && isFull(e) && small(e));
    if (i === undefined) return undefined;
    const inverse = random.uniform() < 0.5;
    const f = (x: Value) => {
      const pair = { real: x.ref, imag: ops.mul(x, -0.5).ref };
      const { real, imag } = inverse ? np.fft.ifft(pair) : np.fft.fft(pair);
      own(imag);
      return ops.mul(own(real), inverse ? 1 : 2 ** -Math.ceil(Math.log2(x.shape.at(-1)!)));
    };
    return { takes: [i], apply: ([x]) => f(x!), gives: { ...pool[i]!, exact: false } };
  },
};
