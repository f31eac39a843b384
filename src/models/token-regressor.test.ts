import { describe, expect, test } from "vitest";
import { random } from "../core/random.ts";
import { matrix } from "../linalg/matrix.ts";
import { compile } from "../program/session.ts";
import { tokenPredictor } from "./token-predictor.ts";
import { type TokenRegressorConfig, tokenRegressor } from "./token-regressor.ts";
import { initialParameters, muFactors } from "./token-regressor-init.ts";
import { gatheringLossGradient, lossGradient } from "./train-token-regressor.ts";

const small: TokenRegressorConfig = { vocabularies: [5, 7, 3], width: 8, depth: 2 };
const tokens = {
  z: Int32Array.of(1, 4, 0, 2, 4),
  n: Int32Array.of(6, 3, 3, 0, 5),
  task: Int32Array.of(0, 2, 1, 1, 0),
};

/** The network written out with plain loops, and its value at every site. */
function reference(config: TokenRegressorConfig, flat: Float64Array, z: number, n: number, t: number) {
  const { width: h, depth } = config;
  const p = tokenRegressor(config).layout.unpack(flat);
  const linear = (x: number[], name: string) =>
    Array.from(p[`${name}.bias`]!, (bias, j) =>
      x.reduce(
        (sum, value, i) => sum + value * p[`${name}.weight`]![i * p[`${name}.bias`]!.length + j]!,
        bias,
      ),
    );
  const row = (name: string, token: number) => [...p[name]!.subarray(token * h, (token + 1) * h)];
  const relu = (x: number) => Math.max(x, 0);
  const embedding = [...row("embedding.Z", z), ...row("embedding.N", n), ...row("embedding.task", t)];
  let x = linear(embedding, "attention").map((v) => v / (1 + Math.exp(-v)));
  const sites: Record<string, number[]> = { embedding, attention: x };
  for (let k = 0; k < depth; k++) {
    const inner = linear(x, `block${k}.first`).map(relu);
    x = linear(inner, `block${k}.second`).map((v, i) => x[i]! + relu(v));
    sites[`block${k}`] = x;
  }
  sites["penultimate"] = x;
  const output = linear(
    x.map((v) => (v * 32) / h),
    "readout",
  )[t]!;
  return { output, sites };
}

test("parameters of the paper's network: 30 021 642 at width 2048, depth 2, vocabularies (119, 179, 10)", () => {
  const model = tokenRegressor({ vocabularies: [119, 179, 10], width: 2048, depth: 2 });
  expect(model.layout.size).toBe(30_021_642);
  expect(tokenRegressor({ vocabularies: [119, 179, 10], width: 1024, depth: 2 }).layout.size).toBe(7_670_794);
  expect(tokenRegressor({ vocabularies: [119, 179, 1], width: 64, depth: 2 }).layout.size).toBe(48_193);
});

describe.each([3, 1])("%i tasks", (tasks) => {
  const config: TokenRegressorConfig = { ...small, vocabularies: [5, 7, tasks] };
  const model = tokenRegressor(config);
  const rows = { ...tokens, task: tokens.task.map((t) => t % tasks) };
  const flat = initialParameters(model, random(1), "float64") as Float64Array;
  const expected = Array.from(rows.z, (z, i) => reference(config, flat, z, rows.n[i]!, rows.task[i]!));

  test("outputs and all sites equal plain loops, over several batches", async () => {
    const predictor = tokenPredictor(model, { dtype: "float64", batch: 2 });
    const outputs = await predictor.outputs(flat, rows);
    outputs.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!.output, 13);
    });
    for (const name of model.sites) {
      const { rows: count, cols, data } = await predictor.activations(flat, rows, name);
      const flatExpected = expected.flatMap((e) => e.sites[name]!);
      expect([count, cols]).toEqual([5, flatExpected.length / 5]);
      data.forEach((value, i) => {
        expect(value).toBeCloseTo(flatExpected[i]!, 13);
      });
    }
    await predictor.release();
  });

  test("patching a site with the model's own values changes nothing; with another nucleus' values gives its output", async () => {
    const predictor = tokenPredictor(model, { dtype: "float64", batch: 3 });
    for (const name of model.sites) {
      const own = await predictor.activations(flat, rows, name);
      const same = await predictor.patched(flat, rows, name, own);
      const turned = matrix(own.rows, own.cols, [
        ...own.data.subarray(own.cols),
        ...own.data.subarray(0, own.cols),
      ]);
      const task = Int32Array.from(rows.task, (_, i) => rows.task[(i + 1) % 5]!);
      const other = await predictor.patched(flat, { ...rows, task }, name, turned);
      same.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!.output, 13);
        expect(other[i]).toBeCloseTo(expected[(i + 1) % 5]!.output, 13);
      });
    }
    await expect(predictor.activations(flat, rows, "block9")).rejects.toThrow(
      /no site 'block9'.*penultimate/,
    );
    await expect(predictor.patched(flat, rows, "penultimate", matrix(2, 8))).rejects.toThrow(
      /2×8; expected 5×8/,
    );
    await predictor.release();
  });

  test("the gradient of the loss equals central differences of the plain loops", async () => {
    const target = Float64Array.of(0.1, -0.4, 0.3, 0.9, 0);
    const weight = Float64Array.of(1, 3, 0.5, 2, 7);
    const loss = (p: Float64Array) =>
      Array.from(rows.z, (z, i) => {
        const { output } = reference(config, p, z, rows.n[i]!, rows.task[i]!);
        return (weight[i]! * (output - target[i]!) ** 2) / 5;
      }).reduce((a, b) => a + b, 0);
    const session = await compile(lossGradient(model, 5, "float64"));
    const [value, gradient] = await session.run([flat, rows.z, rows.n, rows.task, target, weight]);
    await session.release();
    expect(value![0]).toBeCloseTo(loss(flat), 12);
    const step = 1e-6;
    const gathering = await compile(gatheringLossGradient(model, 5, "float64"));
    const [same, sameGradient] = await gathering.run([flat, rows.z, rows.n, rows.task, target, weight]);
    await gathering.release();
    expect(same![0]).toBeCloseTo(loss(flat), 12);
    flat.forEach((own, i) => {
      expect(sameGradient![i]).toBeCloseTo(gradient![i]!, 12);
      const [up, down] = [flat.slice(), flat.slice()];
      up[i] = own + step;
      down[i] = own - step;
      expect(gradient![i]).toBeCloseTo((loss(up) - loss(down)) / (2 * step), 7);
    });
  });
});

test("initial bounds and factors follow the maximal-update rules at width 128", () => {
  const model = tokenRegressor({ vocabularies: [119, 179, 2], width: 128, depth: 1 });
  const flat = initialParameters(model, random(2), "float32");
  const { rate, decay } = muFactors(model, "float32");
  const bounds: Record<string, [bound: number, rate: number, decay: number]> = {
    "embedding.Z": [1 / Math.sqrt(32), 1, 1],
    "embedding.N": [1 / Math.sqrt(32), 1, 1],
    "attention.weight": [1 / Math.sqrt(384), 0.25, 4],
    "attention.bias": [1 / Math.sqrt(96), 1, 0],
    "block0.first.weight": [1 / Math.sqrt(128), 0.25, 4],
    "block0.second.bias": [1 / Math.sqrt(32), 1, 0],
    "readout.weight": [1 / Math.sqrt(32), 1, 1],
    "readout.bias": [1 / Math.sqrt(32), 1, 0],
  };
  for (const [name, [bound, r, d]] of Object.entries(bounds)) {
    const { start, end } = model.layout.slice(name);
    const part = Array.from(flat.subarray(start, end));
    const largest = part.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    expect(largest, name).toBeLessThanOrEqual(Math.fround(bound));
    if (part.length > 100) {
      expect(largest, name).toBeGreaterThan(0.97 * bound);
      const square = part.reduce((sum, v) => sum + v * v, 0) / part.length;
      expect(Math.sqrt(square) / bound, `${name}: √3 of a uniform`).toBeCloseTo(1 / Math.sqrt(3), 1);
    }
    expect([rate[start], decay[end - 1]], name).toEqual([r, d]);
  }
});

test("sizes out of range are refused by name", () => {
  const refuse = (change: Partial<TokenRegressorConfig>, message: RegExp) =>
    expect(() => tokenRegressor({ ...small, ...change })).toThrow(message);
  refuse({ width: -3 }, /width is -3/);
  refuse({ width: 2.5 }, /width is 2.5/);
  refuse({ depth: -1 }, /depth is -1/);
  refuse({ vocabularies: [5, 0, 1] }, /N vocabulary is 0/);
});
