import { lax } from "@jax-js/jax";
import { describe, expect, it } from "vitest";
import { runCompiled } from "../../../test/support/compiled.ts";
import { exactErf, exactErfc } from "../../../test/support/exact-erf.ts";
import { spec } from "../dtype.ts";
import { elementwiseCases } from "../ops/elementwise.fixture.ts";
import * as ops from "../ops/index.ts";
import { trace } from "../trace.ts";
import { grad } from "../transform/index.ts";

type Value = ops.Value;

/** Largest |got − want| / max(|want|, floor). */
function worst(got: ArrayLike<number>, xs: ArrayLike<number>, f: (x: number) => number, floor = 1e-300) {
  let most = 0;
  for (let i = 0; i < xs.length; i++) {
    const want = f(xs[i]!);
    if (Number.isNaN(want) && Number.isNaN(got[i]!)) continue;
    if (want === got[i]) continue;
    most = Math.max(most, Math.abs(got[i]! - want) / Math.max(Math.abs(want), floor));
  }
  return most;
}

const range = (from: number, to: number, n: number) =>
  Float64Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

/** Functions without a float64 kernel, against Math and series, relative error 1e-14. */
describe("functions that the runtime lacks in float64", () => {
  it("arctangent, from 0 to infinity", async () => {
    const xs = Float64Array.from([
      ...range(-5, 5, 2001),
      ...[1e-300, 1e-20, 1e-8, 1e3, 1e8, 1e16, 1e17, 1e300, Number.POSITIVE_INFINITY].flatMap((x) => [x, -x]),
      0,
      Number.NaN,
    ]);
    const [got] = await runCompiled(ops.atan, [xs]);
    expect(worst(got!, xs, Math.atan)).toBeLessThan(1e-14);
  });

  it("arcsine, up to ±1 and NaN beyond", async () => {
    const xs = Float64Array.from([
      ...range(-1, 1, 2001),
      1 - 1e-15,
      -1 + 1e-12,
      1e-200,
      0,
      1.5,
      -2,
      Number.NaN,
    ]);
    const [got] = await runCompiled(ops.asin, [xs]);
    expect(worst(got!, xs, Math.asin)).toBeLessThan(1e-14);
  });

  it("erf and erfc as jax-js's primitives and as operations, against the series in 1400-bit integers", async () => {
    const xs = Float64Array.from([...range(-6, 6, 121), 1e-9, -1e-8, 0.46875, 4]);
    const both = (x: Value) => [lax.erf(x.ref), ops.erf(x), lax.erfc(x.ref), ops.erfc(x)];
    const [erf, ownErf, erfc, ownErfc] = await runCompiled(both, [xs]);
    expect(worst(erf!, xs, exactErf)).toBeLessThan(1e-14);
    expect(worst(ownErf!, xs, exactErf)).toBeLessThan(1e-14);
    expect(worst(erfc!, xs, exactErfc)).toBeLessThan(1e-14);
    expect(worst(ownErfc!, xs, exactErfc)).toBeLessThan(1e-13);
    const tail = range(6, 26, 21);
    const [far, ownFar] = await runCompiled((x: Value) => [lax.erfc(x.ref), ops.erfc(x)], [tail]);
    expect(worst(far!, tail, exactErfc)).toBeLessThan(1e-14);
    expect(worst(ownFar!, tail, exactErfc)).toBeLessThan(1e-12);
    const limits = Float64Array.of(
      40,
      -40,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      0,
      Number.NaN,
    );
    const ends = (await runCompiled(both, [limits])).map((column) => Array.from(column));
    for (const column of ends.slice(0, 2)) expect(column).toEqual([1, -1, 1, -1, 0, Number.NaN]);
    for (const column of ends.slice(2)) expect(column).toEqual([0, 2, 0, 2, 1, Number.NaN]);
  });
});

/** The runtime's own Sigmoid is wrong by 17 % at −15 in float32 and 0 below −37 in float64. */
describe("sigmoid", () => {
  const exact = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
  it("is relatively right in both tails, in both precisions, and never the Sigmoid kernel", async () => {
    for (const f of [ops.sigmoid, ops.silu, grad((x: Value) => ops.sum(ops.sigmoid(x)))]) {
      expect(trace(f, [spec([3], "float64")]).census()["Sigmoid"]).toBeUndefined();
    }
    const wide = Float64Array.from([...range(-700, 700, 1401), -15, -20, -37, -37.5]);
    const [double] = await runCompiled(ops.sigmoid, [wide]);
    expect(worst(double!, wide, exact)).toBeLessThan(1e-14);
    const narrow = Float32Array.from(range(-87, 87, 1001));
    const [single] = await runCompiled(ops.sigmoid, [narrow]);
    expect(worst(single!, narrow, exact)).toBeLessThan(1e-6);
  });
});

/**
 * The values of the fixture's table, and their finiteness at 0, ±50 and ±1000, on the compiled path: value, first and
 * second derivative of every elementwise operation in one program each.
 */
describe("elementwise operations compiled in float64", () => {
  for (const { name, apply, value, first, second, points, finite, relative, absolute } of elementwiseCases) {
    it(name, async () => {
      const slope = grad((x: Value) => ops.sum(apply(x)));
      const curve = grad((x: Value) => ops.sum(slope(x)));
      const all = (x: Value) => [apply(x), slope(x), curve(x)];
      const unsafe = (await runCompiled(all, [Float64Array.from(finite)])).flatMap((column, order) =>
        finite.filter((_, i) => !Number.isFinite(column[i])).map((x) => `derivative ${order} at ${x}`),
      );
      expect(unsafe).toEqual([]);
      if (points.length === 0) return;
      const columns = await runCompiled(all, [Float64Array.from(points)]);
      [value, first, second].forEach((f, order) => {
        points.forEach((x, i) => {
          const want = f(x);
          const allowed = (relative ?? 1e-12) * Math.abs(want) + (absolute ?? 1e-14);
          expect(Math.abs(columns[order]![i]! - want), `derivative ${order} at ${x}`).toBeLessThanOrEqual(
            allowed,
          );
        });
      });
    });
  }
});
