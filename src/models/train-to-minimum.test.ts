import { afterAll, describe, expect, test } from "vitest";
import { random } from "../core/random.ts";
import { Cancelled, createTask } from "../core/task.ts";
import { cholesky, choleskySolve } from "../linalg/cholesky.ts";
import { gramOfColumns } from "../linalg/gram.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import { evenCoreset, steepCoreset } from "./coreset.ts";
import type { Objective, Samples } from "./objective/contract.ts";
import { crossEntropy, softmaxRows, squaredError } from "./objective/losses.ts";
import { withoutSamples } from "./objective/samples.ts";
import { blobs, drawn, linearModel, lineSamples, perceptron } from "./objective/small-models.fixture.ts";
import { tracedObjective } from "./objective/traced.ts";
import { retrain, retrainer } from "./retrain.ts";
import { trainAsPublished } from "./train-published.ts";
import { trainToMinimum } from "./train-to-minimum.ts";

const open: Objective[] = [];
afterAll(async () => {
  for (const one of open) await one.release();
});
const kept = (objective: Objective) => {
  open.push(objective);
  return objective;
};
const train = blobs(90, 3, 1);
const make = (samples: Samples) =>
  kept(
    tracedObjective({
      model: perceptron(2, 5, 3),
      train: samples,
      loss: crossEntropy(3),
      ridge: 0.01,
      batch: 90,
    }),
  );
const net = make(train);
const start = drawn(net.size, 1);

describe("a perceptron", () => {
  test.each([
    { name: "L-BFGS and |H|", options: {} },
    { name: "Adam first, in batches", options: { adamSteps: 60, batch: 20, random: random(3) } },
    { name: "a coarse set first", options: { coarse: { size: 20, make } } },
    { name: "Hessian-vector products", options: { denseLimit: 10 } },
  ])("comes to a minimum by $name: gradient zero, Hessian positive definite", async ({ options }) => {
    const trained = await trainToMinimum(net, start, { tolerance: 1e-8, ...options });
    expect(trained.stopped).toMatch(/‖∇R‖ = .* ≤ 1e-8/);
    const { value, gradient } = await net.valueAndGradient(trained.parameters);
    expect(Math.hypot(...gradient)).toBeLessThanOrEqual(1e-8);
    expect([trained.value, trained.gradientNorm]).toEqual([
      value,
      Math.sqrt(gradient.reduce((s, g) => s + g * g, 0)),
    ]);
    const hessian = await net.hessian(trained.parameters);
    expect(() => cholesky(hessian)).not.toThrow();
    const again = await trainToMinimum(net, start, { tolerance: 1e-8, ...options });
    expect(again.parameters).toEqual(trained.parameters);
    expect(trained.path.at(-1)!.gradientNorm).toBe(trained.gradientNorm);
  });

  test("the published recipe follows its recurrence, and says that it is not at a minimum", async () => {
    const trained = await trainAsPublished(net, start, { epochs: 3 });
    const p = start.slice();
    const v = p.map(() => 0);
    for (let k = 0; k < 3; k++) {
      const { gradient } = await net.valueAndGradient(p);
      gradient.forEach((g, i) => {
        v[i]! += g;
        p[i]! -= 0.1 * v[i]!;
      });
    }
    expect(trained.parameters).toEqual(p);
    expect([trained.converged, trained.path.length]).toEqual([false, 4]);
    expect(trained.stopped).toMatch(/not at a minimum: .* after 3 epochs/);
  });

  test("what is not reached is said; Adam goes on from its checkpoint; cancelled work ends", async () => {
    const short = await trainToMinimum(net, start, {
      plainIterations: 2,
      maxIterations: 1,
      tolerance: 1e-12,
    });
    expect(short.converged).toBe(false);
    expect(short.stopped).toMatch(/not at a minimum: ‖∇R‖ = .* train longer/);
    const entries = new Map<string, Uint8Array>();
    const store = {
      read: (key: string) => entries.get(key),
      write: (key: string, bytes: Uint8Array) => void entries.set(key, bytes),
    };
    const options = { adamSteps: 120, batch: 10, random: random(5) };
    const whole = await trainToMinimum(net, start, options);
    const controller = new AbortController();
    const task = createTask({
      signal: controller.signal,
      listener: ({ message }) => message.includes("Adam, step 70,") && controller.abort(),
    });
    const checkpoint = { store, key: "net", fingerprint: "a" };
    await expect(trainToMinimum(net, start, { ...options, checkpoint, task })).rejects.toThrow(Cancelled);
    expect(entries.size).toBe(1);
    const resumed = await trainToMinimum(net, start, { ...options, checkpoint });
    expect(resumed.parameters).toEqual(whole.parameters);
    await expect(
      trainToMinimum(net, start, { ...options, checkpoint: { ...checkpoint, fingerprint: "b" } }),
    ).rejects.toThrow(/other settings/);
    await expect(trainToMinimum(net, start, { adamSteps: 5, batch: 10 })).rejects.toThrow(/random stream/);
    await expect(trainToMinimum(net, start.subarray(1))).rejects.toThrow(
      /26 parameters|parameters; 'perceptron/,
    );
    await expect(trainToMinimum(net, start, { tolerance: 0 })).rejects.toThrow(/tolerance 0/);
  });
});

/** C1: for ridge regression the removal of point i moves θ by (1/n)·H⁻¹xᵢeᵢ/(1 − hᵢ), exactly. */
test("leave-one-out retraining of ridge regression is the closed form to 1e-12", async () => {
  const [n, d, ridge] = [40, 5, 0.01];
  const samples = lineSamples(n, d, 2);
  const objective = kept(
    tracedObjective({ model: linearModel(d, 1), train: samples, loss: squaredError(), ridge, batch: 40 }),
  );
  const trained = await trainToMinimum(objective, new Float64Array(d), { tolerance: 1e-13 });
  const x = samples.inputs[0] as Float64Array;
  const h = matrix(
    d,
    d,
    gramOfColumns(matrix(n, d, x)).data.map((v, i) => v / n + (i % (d + 1) === 0 ? ridge : 0)),
  );
  const factor = cholesky(h);
  const again = retrainer(objective, trained.parameters, { tolerance: 1e-13 });
  for (const i of [0, 7, 39]) {
    const row = x.slice(i * d, (i + 1) * d);
    const solved = choleskySolve(factor, row);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, k) => sum + v * b[k]!, 0);
    const error = dot(row, trained.parameters) - samples.targets[i]!;
    const leverage = dot(row, solved) / n;
    const { parameters, evaluations, hessians } = await again(withoutSamples(n, [i]));
    expect(hessians).toBe(0);
    expect(evaluations).toBeLessThan(12);
    parameters.forEach((p, k) => {
      const expected = trained.parameters[k]! + (solved[k]! * error) / n / (1 - leverage);
      expect(Math.abs(p - expected)).toBeLessThan(1e-12);
    });
  }
});

/** The conditions of the optimum written out: (1/n) Σ wᵢ(p − e_y)xᵀ + ridge·W = 0. Convex, so it is the only one. */
test("logistic regression, whole and without samples, meets the conditions of its optimum", async () => {
  const samples = blobs(60, 3, 4);
  const objective = kept(
    tracedObjective({
      model: linearModel(2, 3),
      train: samples,
      loss: crossEntropy(3),
      ridge: 0.01,
      batch: 60,
    }),
  );
  const x = samples.inputs[0] as Float64Array;
  const conditions = (w: Float64Array, weights: Float64Array) => {
    const logits = matrix(60, 3);
    for (let i = 0; i < 60; i++) {
      for (let c = 0; c < 3; c++) logits.data[3 * i + c] = x[2 * i]! * w[c]! + x[2 * i + 1]! * w[3 + c]!;
    }
    const p = softmaxRows(logits).data;
    const sum = w.map((v) => 0.01 * v);
    samples.targets.forEach((y, i) => {
      for (let c = 0; c < 3; c++) {
        const slope = (weights[i]! * (p[3 * i + c]! - (c === y ? 1 : 0))) / 60;
        sum[c]! += slope * x[2 * i]!;
        sum[3 + c]! += slope * x[2 * i + 1]!;
      }
    });
    return Math.hypot(...sum);
  };
  const whole = await trainToMinimum(objective, new Float64Array(6), { tolerance: 1e-10 });
  expect(conditions(whole.parameters, new Float64Array(60).fill(1))).toBeLessThan(1e-10);
  const removed = withoutSamples(60, [0, 1, 2, 3, 17, 59]);
  const { parameters, converged, hessians } = await retrainer(objective, whole.parameters)(removed);
  expect([converged, hessians]).toEqual([true, 0]);
  expect(conditions(parameters, removed)).toBeLessThan(1e-9);
  expect(parameters).not.toEqual(whole.parameters);
});

test("a perceptron retrained without samples: chord steps reach 1e-9, new Hessians where they do not", async () => {
  const { parameters } = await trainToMinimum(net, start, { tolerance: 1e-10 });
  const hessian = await net.hessian(parameters);
  const again = retrainer(net, parameters, { hessian });
  for (const i of [0, 11, 50]) {
    const one = await again(withoutSamples(90, [i]));
    expect([one.converged, one.hessians]).toEqual([true, 0]);
    expect(one.evaluations).toBeLessThan(40);
  }
  const half = withoutSamples(
    90,
    Array.from({ length: 45 }, (_, i) => i),
  );
  const few = { hessian, maxIterations: 10 };
  const short = await retrainer(net, parameters, few)(half);
  expect([short.converged, short.hessians]).toEqual([false, 0]);
  expect(short.stopped).toMatch(/not at a minimum: .* .iterations used up/);
  const far = await retrainer(net, parameters, { ...few, newHessians: 4 })(half);
  expect(far.hessians).toBeGreaterThan(0);
  expect(far.gradientNorm).toBeLessThanOrEqual(1e-9);
  await expect(again(new Float64Array(4))).rejects.toThrow(/4 weights for 90/);
  const negative = withoutSamples(90, [1]).map((w, i) => (i === 3 ? -1 : w));
  await expect(again(negative)).rejects.toThrow(/weight -1 of sample 3/);
});

test("retrained by solves alone it ends in the same minimum; far from one the work is bounded, and it is said", async () => {
  const { parameters } = await trainToMinimum(net, start, { tolerance: 1e-10 });
  const factor = cholesky(await net.hessian(parameters));
  const solve = async ({ rows, cols, data }: Matrix) => matrix(rows, cols, choleskySolve(factor, data));
  const weights = withoutSamples(90, [11]);
  const bySteps = await retrainer(net, parameters, { solve })(weights);
  const byMatrix = await retrain(net, parameters, weights);
  expect([bySteps.converged, byMatrix.converged]).toEqual([true, true]);
  bySteps.parameters.forEach((p, k) => {
    expect(Math.abs(p - byMatrix.parameters[k]!)).toBeLessThan(1e-7);
  });
  for (const how of [{ solve }, {}]) {
    const lost = await retrainer(net, start, { ...how, maxIterations: 4 })(weights);
    expect(lost.converged).toBe(false);
    expect(lost.evaluations).toBeLessThan(4 * 30);
    expect(lost.stopped).toMatch(/not at a minimum/);
  }
});

/** The oracle is the sum over all samples. */
test("coresets stand for the whole: weights sum to their number, and the steep one estimates the loss better", async () => {
  expect([...evenCoreset(10, 3).rows]).toEqual([1, 5, 8]);
  expect(() => evenCoreset(10, 11)).toThrow(/11 of 10/);
  const { parameters } = await trainToMinimum(net, start);
  const { rows, weights } = await steepCoreset(net, parameters, 45);
  expect(Math.abs(rows.length - 45)).toBeLessThanOrEqual(1);
  expect(new Set(rows).size).toBe(rows.length);
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  expect(Math.abs(mean - 1)).toBeLessThan(0.15);
  const losses = net.loss.values(await net.evaluate(parameters, train), train.targets);
  const all = losses.reduce((sum, l) => sum + l, 0) / 90;
  const estimate = [...rows].reduce((sum, row, k) => sum + weights[k]! * losses[row]!, 0) / rows.length;
  expect(Math.abs(estimate / all - 1)).toBeLessThan(0.1);
  expect((await steepCoreset(net, parameters, 90)).rows.length).toBe(90);
});
