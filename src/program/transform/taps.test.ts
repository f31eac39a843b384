import { describe, expect, it } from "vitest";
import * as ops from "../ops/index.ts";
import { site } from "../sites.ts";
import { grad, hvp, patch, perSampleGrad, siteGrad, tap, vmap } from "./index.ts";

type Value = ops.Value;

/** y = Σ (u·tanh(W x))², with sites at tanh(W x) = h and at its product with u. */
function model(w: Value, x: Value): Value {
  const h = site("hidden", ops.tanh(ops.matmul(x, ops.reshape(ops.slice(w, [0, 6]), [3, 2]))));
  return ops.sum(ops.square(site("out", ops.matmul(h, ops.slice(w, [6, 8])))));
}

const w = ops.constant(Float64Array.of(0.1, 0.2, 0.3, -0.4, 0.5, 0.6, 0.7, 0.8));
const x = ops.constant(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
const read = (v: Value) => Array.from(ops.toTyped(v));
const hidden = () => ops.tanh(ops.matmul(x, ops.reshape(ops.slice(w, [0, 6]), [3, 2])));

describe("tap", () => {
  it("returns the output and the values at sites", () => {
    const { output, taps } = tap(model)(w, x);
    expect(read(output)).toEqual(read(model(w, x)));
    expect(Object.keys(taps)).toEqual(["hidden", "out"]);
    expect(read(taps["hidden"]!)).toEqual(read(hidden()));
    expect(Object.keys(tap(model, ["out"])(w, x).taps)).toEqual(["out"]);
  });

  it("sees through gradients, Hessian-vector products and batches", () => {
    const through = [grad(model)(w, x), hvp(model)(w, w, x)].map(read);
    const gradient = tap((v: Value) => grad(model)(v, x))(w);
    const product = tap((v: Value) => hvp(model)(v, v, x))(w);
    expect(read(gradient.output)).toEqual(through[0]);
    expect(read(product.output)).toEqual(through[1]);
    for (const { taps } of [gradient, product]) expect(read(taps["hidden"]!)).toEqual(read(hidden()));
    const one = (v: Value, row: Value) => model(v, ops.expandDims(row, 0));
    const batch = tap((v: Value) => perSampleGrad(one)(v, x))(w);
    expect(batch.taps["hidden"]!.shape).toEqual([2, 1, 2]);
    expect(read(batch.taps["hidden"]!)).toEqual(read(hidden()));
    const inner = vmap((row: Value) => tap(one, ["out"])(w, row).taps["out"]!)(x);
    expect(read(inner)).toEqual(read(tap(model)(w, x).taps["out"]!));
  });
});

describe("patch", () => {
  it("replaces what follows, and its own values change nothing", () => {
    const same = patch(model)({ hidden: hidden() }, w, x);
    expect(read(same)).toEqual(read(model(w, x)));
    const zero = patch(model)({ hidden: ops.zeros([2, 2], "float64") }, w, x);
    expect(read(zero)).toEqual([0]);
    const seen = tap((v: Value) => patch(model)({ hidden: ops.ones([2, 2], "float64") }, v, x))(w);
    expect(read(seen.taps["hidden"]!)).toEqual([1, 1, 1, 1]);
  });

  it("differentiates at a site: 2 (h·u) u for this model", () => {
    const h = hidden();
    const u = [0.7, 0.8];
    const wanted = [0, 1].flatMap((i) => {
      const row = read(ops.slice(h, i));
      const product = row[0]! * u[0]! + row[1]! * u[1]!;
      return u.map((v) => 2 * product * v);
    });
    const { value, gradients } = siteGrad(model, ["hidden"])(w, x);
    expect(read(value)).toEqual(read(model(w, x)));
    read(gradients["hidden"]!).forEach((v, i) => {
      expect(v).toBeCloseTo(wanted[i]!, 13);
    });
    const direct = grad(patch(model))({ hidden: h }, w, x);
    expect(read(direct["hidden"]!)).toEqual(read(gradients["hidden"]!));
  });
});

describe("errors", () => {
  it("name the site, what is there and what was expected", () => {
    const twice = (v: Value) => ops.add(site("a", v), site("a", v));
    const bad: [() => unknown, RegExp][] = [
      [
        () => patch(model)({ missing: w }, w, x),
        /patch: the model has no site "missing"; its sites are hidden, out/,
      ],
      [
        () => tap(model, ["missing"])(w, x),
        /tap: the model has no site "missing"; its sites are hidden, out/,
      ],
      [() => tap(ops.neg, ["a"])(w), /the model names none/],
      [
        () => patch(model)({ hidden: w }, w, x),
        /site "hidden": the patch is float64\[8\], but the model's value is float64\[2,2\]/,
      ],
      [() => patch(model)({ hidden: ops.zeros([2, 2], "float32") }, w, x), /float32\[2,2\]/],
      [() => tap(twice)(w), /site "a": the model names this site twice/],
      [() => tap(((v: Value) => Promise.resolve(v)) as never)(w), /asynchronous/],
    ];
    for (const [run, message] of bad) expect(run).toThrow(message);
    expect(read(model(w, x))).toEqual(read(tap(model)(w, x).output));
  });
});
