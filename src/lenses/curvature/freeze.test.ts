import { expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { crossEntropy } from "../../models/objective/losses.ts";
import { retrainer } from "../../models/retrain.ts";
import { initialSequentialParameters } from "../../models/sequential/initial.ts";
import { sequentialObjective } from "../../models/sequential/objective.ts";
import { sequential } from "../../models/sequential/sequential.ts";
import { freezeAllBut } from "./freeze.ts";

const model = sequential({
  name: "small",
  input: [4],
  layers: [
    { kind: "dense", outputs: 5 },
    { kind: "activation", function: "tanh" },
    { kind: "dense", outputs: 3 },
  ],
});
const stream = random(2);
const samples = {
  count: 30,
  inputs: [Float64Array.from({ length: 120 }, () => stream.normal())],
  targets: Float64Array.from({ length: 30 }, (_, i) => i % 3),
};
const whole = sequentialObjective({ model, train: samples, loss: crossEntropy(3), ridge: 0.02 });
const theta = initialSequentialParameters(model, random(1));

test("the part's gradient, Jacobian and Hessian are the whole's rows and columns", async () => {
  const { objective, parameters } = freezeAllBut(whole, theta);
  expect(objective.size).toBe(18);
  const at = whole.size - 18;
  expect([...parameters]).toEqual([...theta.subarray(at)]);
  const [own, all] = [await objective.valueAndGradient(parameters), await whole.valueAndGradient(theta)];
  expect([...own.gradient]).toEqual([...all.gradient.subarray(at)]);
  const squares = theta.subarray(0, at).reduce((sum, x) => sum + x * x, 0);
  expect(own.value).toBeCloseTo(all.value - 0.01 * squares, 14);
  const [h, big] = [await objective.hessian(parameters), await whole.hessian(theta)];
  const [j, wide] = [await objective.jacobian(parameters, samples), await whole.jacobian(theta, samples)];
  for (let a = 0; a < 18; a++) {
    for (let b = 0; b < 18; b++) {
      expect(h.data[a * 18 + b]).toBeCloseTo(big.data[(at + a) * whole.size + at + b]!, 13);
    }
    expect(j.data[5 * 18 + a]).toBeCloseTo(wide.data[5 * whole.size + at + a]!, 14);
  }
});

test("retraining the last layer ends where its gradient vanishes, below the start, others untouched", async () => {
  const { objective, parameters } = freezeAllBut(whole, theta);
  const retrain = retrainer(objective, parameters, {
    hessian: await objective.hessian(parameters),
    tolerance: 1e-11,
  });
  const weights = new Float64Array(30).fill(1);
  weights[4] = 0;
  const end = await retrain(weights, quietTask);
  expect(end.converged).toBe(true);
  const { value, gradient } = await objective.valueAndGradient(end.parameters, weights);
  expect(Math.hypot(...gradient)).toBeLessThan(1e-11);
  expect(value).toBeLessThan((await objective.valueAndGradient(parameters, weights)).value);
});

test("a layer that is not there is refused with those that are", () => {
  expect(() => freezeAllBut(whole, theta, "conv1")).toThrow(UserError);
  expect(() => freezeAllBut(whole, theta, "conv1")).toThrow(/no layer 'conv1'; it has dense1, dense2/);
});
