import { expect, test } from "vitest";
import { clouds, normalMatrix, softmaxProblem } from "../../../../test/support/curvature-problems.ts";
import { random } from "../../../core/random.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import {
  chainGradients,
  classMeasures,
  marginWeights,
  predictedClasses,
  probabilities,
  probabilityWeights,
} from "./functionals.ts";

const { x, labels } = clouds({ classes: 3, perClass: 4 });
const model = softmaxProblem(x, labels, { classes: 3 });
const logits = model.logitsOf(model.theta, x);
const jacobian = model.jacobian(x);

test("the gradients of loss, probability and margin are their central differences by θ", () => {
  const k = Int32Array.from(labels, (label) => (label + 1) % 3);
  const gradients = {
    loss: chainGradients(
      jacobian,
      matrix(
        model.n,
        3,
        probabilities(logits).data.map((p, at) => p - (k[Math.floor(at / 3)] === at % 3 ? 1 : 0)),
      ),
    ),
    probability: chainGradients(jacobian, probabilityWeights(logits, k)),
    margin: chainGradients(jacobian, marginWeights(logits, k)),
  };
  const h = 1e-6;
  for (let j = 0; j < model.size; j++) {
    const at = (step: number) =>
      classMeasures(
        model.logitsOf(
          model.theta.map((value, i) => (i === j ? value + step : value)),
          x,
        ),
        k,
      );
    const [up, down] = [at(h), at(-h)];
    for (const name of ["loss", "probability", "margin"] as const) {
      for (let t = 0; t < model.n; t++) {
        const slope = (up[name][t]! - down[name][t]!) / (2 * h);
        expect(gradients[name].data[t * model.size + j]).toBeCloseTo(slope, 7);
      }
    }
  }
});

test("measures are what the definitions say, also for logits beyond what exp can hold", () => {
  const z = matrix(2, 3, [0, Math.log(2), Math.log(5), 1000, 0, -1000]);
  const { loss, probability, margin } = classMeasures(z, [1, 1]);
  expect(probability[0]).toBeCloseTo(2 / 8, 14);
  expect(loss[0]).toBeCloseTo(-Math.log(2 / 8), 14);
  expect(margin[0]).toBeCloseTo(Math.log(2 / 5), 14);
  expect([loss[1], probability[1], margin[1]]).toEqual([1000, 0, -1000]);
  expect(Array.from(predictedClasses(z))).toEqual([2, 0]);
  expect(predictedClasses(matrix(1, 2, [3, 3]))[0]).toBe(0);
  const sums = probabilities(normalMatrix(4, 3, random(1, "z")));
  for (let t = 0; t < 4; t++) expect(rowOf(sums, t).reduce((a, b) => a + b)).toBeCloseTo(1, 15);
});

test("refuses classes that are none and shapes that do not fit", () => {
  expect(() => chainGradients(jacobian, matrix(2, 3))).toThrow(/Jacobian of 36 rows for 2 samples of 3/);
  for (const measure of [classMeasures, probabilityWeights, marginWeights]) {
    expect(() => measure(matrix(1, 1), [0])).toThrow(/1 outputs; expected a logit a class/);
    expect(() => measure(matrix(2, 2), [0])).toThrow(/1 classes for 2 rows/);
    for (const k of [2, -1, 0.5])
      expect(() => measure(matrix(1, 2), [k])).toThrow(/class .* of row 0; expected 0 to 1/);
  }
});
