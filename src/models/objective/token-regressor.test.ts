import { afterAll, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import { spec } from "../../program/dtype.ts";
import type { Samples as TokenSamples } from "../samples.ts";
import { minMaxScaling } from "../target-scaling.ts";
import { type TokenRegressorConfig, tokenRegressor } from "../token-regressor.ts";
import { initialParameters } from "../token-regressor-init.ts";
import { trainToMinimum } from "../train-to-minimum.ts";
import { checkObjective } from "./check.ts";
import { tokenObjectiveSamples, tokenRegressorObjective } from "./token-regressor.ts";
import { tracedObjective } from "./traced.ts";

const config: TokenRegressorConfig = { vocabularies: [5, 6, 2], width: 8, depth: 2 };
const model = tokenRegressor(config);
const stream = random(1, "token objective");
const tokens = Array.from({ length: 40 }, (_, i) => [i % 5, stream.int(6), i % 2] as const);
const samples: TokenSamples = {
  z: Int32Array.from(tokens, ([z]) => z),
  n: Int32Array.from(tokens, ([, n]) => n),
  task: Int32Array.from(tokens, ([, , t]) => t),
  value: Float64Array.from(tokens, ([z, n, t]) => (t === 0 ? 8 * z - n * n : 3 + z * n)),
};
const scaling = minMaxScaling(samples, ["mass", "radius"]);
const objective = tokenRegressorObjective({ config, samples, scaling, ridge: 1e-3, batch: 16 });
const theta = initialParameters(model, random(2), "float64") as Float64Array;
afterAll(() => objective.release());

test("it is a sound objective, and its Jacobian by loops is that of the engine from embedding lookups", async () => {
  await checkObjective(objective, theta);
  const token = spec([1], "int32");
  const engine = tracedObjective({
    model: {
      ...{ name: "lookups", layout: model.layout, inputs: [token, token, token], outputs: 1, kinks: true },
      forward: (flat, ...x) => model.forward(flat, { z: x[0]!, n: x[1]!, task: x[2]! }),
    },
    ...{ train: objective.train, loss: objective.loss, ridge: 0, batch: 16 },
  });
  const [own, expected] = [
    await objective.jacobian(theta, objective.train),
    await engine.jacobian(theta, objective.train),
  ];
  expect([own.rows, own.cols]).toEqual([40, model.layout.size]);
  own.data.forEach((v, i) => {
    expect(v).toBeCloseTo(expected.data[i]!, 13);
  });
  await engine.release();
});

test("outer products of the layer factors are the Jacobian, every parameter once", async () => {
  const factors = await objective.layerFactors!(theta, objective.train);
  const jacobian = await objective.jacobian(theta, objective.train);
  const seen = new Uint8Array(objective.size);
  for (const { inputs, outputSlopes, index, positions } of factors) {
    expect(positions).toBe(1);
    index.forEach((at, k) => {
      seen[at]!++;
      const [u, a] = [Math.floor(k / inputs.cols), k % inputs.cols];
      for (let i = 0; i < 40; i += 7) {
        const product = inputs.data[i * inputs.cols + a]! * outputSlopes.data[i * outputSlopes.cols + u]!;
        expect(jacobian.data[i * objective.size + at]! + 0).toBe(product + 0);
      }
    });
  }
  expect([...seen].every((times) => times === 1)).toBe(true);
});

test("gates flip where parameters differ, and nowhere else", async () => {
  const none = await objective.gateFlips!(theta, theta, objective.train);
  expect(none).toEqual({ flipped: 0, of: 40 * 4 * 8, samplesTouched: 0 });
  const { start } = model.layout.slice("block0.first.bias");
  const shut = theta.map((v, i) => (i === start ? -100 : v));
  const some = await objective.gateFlips!(theta, shut, objective.train);
  expect(some.flipped).toBeGreaterThan(0);
  expect(some.samplesTouched).toBeLessThanOrEqual(40);
});

test("the value is the mean of half squared scaled errors; training lowers it and says where it ends", async () => {
  const { value } = await objective.valueAndGradient(theta);
  const f = await objective.evaluate(theta, objective.train);
  const squares = f.data.reduce((sum, y, i) => sum + (y - objective.train.targets[i]!) ** 2, 0);
  const penalty = 0.0005 * theta.reduce((sum, p) => sum + p * p, 0);
  expect(value).toBeCloseTo(squares / 80 + penalty, 13);
  const trained = await trainToMinimum(objective, theta, {
    adamSteps: 50,
    denseLimit: 10,
    maxIterations: 50,
  });
  expect(trained.value).toBeLessThan(0.6 * value);
  expect(trained.stopped).toMatch(trained.converged ? /≤ 0.000001/ : /not at a minimum/);
});

test("weights, bad tokens and a Hessian of the main job's size are refused", async () => {
  const weighted = { ...samples, weight: new Float64Array(40).fill(2) };
  expect(() => tokenObjectiveSamples(weighted, config, scaling)).toThrow(/have weights/);
  const far = { ...samples, z: samples.z.map((z) => z + 3) };
  expect(() => tokenObjectiveSamples(far, config, scaling)).toThrow(/row 2: z = 5/);
  const large = tokenRegressorObjective({
    ...{ config: { vocabularies: [119, 179, 2], width: 64, depth: 2 }, samples, scaling, ridge: 1e-4 },
    memory: 2 ** 30,
  });
  await expect(large.hessian(new Float64Array(large.size))).rejects.toThrow(/needs 17\.\d GiB.*matrix-free/);
  await expect(large.hessianProducts(new Float64Array(large.size), matrix(1, 3))).rejects.toThrow(
    /vectors of 3/,
  );
  await large.release();
});
