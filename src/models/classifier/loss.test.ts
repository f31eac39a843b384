import { describe, expect, test } from "vitest";
import { matrix } from "../../linalg/matrix.ts";
import { differencedHessian, runSearch } from "../../optim/landscape/search.ts";
import { modeSpectrum } from "../../optim/landscape/spectrum.ts";
import { inputGradients } from "./input-gradients.ts";
import { classifierFrom, classifierLandscape } from "./landscape.ts";
import { marginGradient } from "./margin-gradient.ts";
import { logits, probabilities } from "./predict.ts";
import { type ClassifierShape, layersOf, layoutOf, weightCount } from "./shape.ts";
import { randomProblem, randomWeights, shapes, xorProblem } from "./small-problems.fixture.ts";

/** The loss written down again, row by row. */
function plainLoss(problem: ReturnType<typeof randomProblem>, w: Float64Array): number {
  const { shape, data, lambda } = problem;
  const layers = layersOf(shape, w);
  let sum = 0;
  for (let row = 0; row < data.rows; row++) {
    let h = Array.from(data.features.slice(row * shape.inputs, (row + 1) * shape.inputs));
    layers.forEach(({ weights, bias }, l) => {
      const a = Array.from(bias, (b, j) =>
        h.reduce((total, x, k) => total + weights.data[j * weights.cols + k]! * x, b),
      );
      h = l < layers.length - 1 ? a.map(Math.tanh) : a;
    });
    sum += Math.log(h.reduce((total, y) => total + Math.exp(y), 0)) - h[data.labels[row]!]!;
  }
  return sum / data.rows + lambda * w.reduce((total, v) => total + v * v, 0);
}

describe.each(shapes)(
  "a classifier of $inputs inputs, $hidden hidden units and $classes classes",
  (shape) => {
    const problem = randomProblem(shape, 150);
    const land = classifierLandscape(problem);
    const w = randomWeights(shape);
    const n = land.n;
    const gradient = new Float64Array(n);

    test("has the loss that the formula says, whatever the number of rows", () => {
      for (const rows of [2, 127, 128, 129, 300]) {
        const other = randomProblem(shape, Math.max(rows, shape.classes));
        const value = classifierLandscape(other).valueAndGradient(w, gradient);
        expect(Math.abs(value - plainLoss(other, w))).toBeLessThan(1e-13 * value);
      }
    });

    test("gradient against central differences", () => {
      land.valueAndGradient(w, gradient);
      const scratch = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        const moved = w.slice();
        moved[i] = w[i]! + 1e-5;
        const up = land.valueAndGradient(moved, scratch);
        moved[i] = w[i]! - 1e-5;
        const down = land.valueAndGradient(moved, scratch);
        expect(Math.abs((up - down) / 2e-5 - gradient[i]!)).toBeLessThan(1e-9 * (1 + Math.abs(gradient[i]!)));
      }
    });

    test("Hessian and its products against differences of the gradient; the Hessian is symmetric", () => {
      const hessian = land.hessian!(w);
      const differenced = runSearch(land, differencedHessian(w)).data;
      const largest = Math.max(...differenced.map(Math.abs));
      const v = randomWeights(shape, 2);
      const product = new Float64Array(n);
      land.hvp!(w, v, product);
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) {
          const value = hessian.data[i * n + j]!;
          expect(value).toBe(hessian.data[j * n + i]);
          expect(Math.abs(value - differenced[i * n + j]!)).toBeLessThan(1e-8 * largest);
          sum += value * v[j]!;
        }
        expect(Math.abs(sum - product[i]!)).toBeLessThan(1e-12 * largest * n);
      }
    });

    test("logits and probabilities are those of the loss; input and margin gradients against differences", () => {
      const { labels, rows } = problem.data;
      const features = matrix(rows, shape.inputs, problem.data.features);
      const p = probabilities(shape, w, features);
      const entropy =
        Array.from(labels, (c, row) => -Math.log(p.data[row * p.cols + c]!)).reduce((a, b) => a + b) / rows;
      const penalty = w.reduce((sum, v) => sum + 0.01 * v * v, 0);
      expect(land.valueAndGradient(w, gradient)).toBeCloseTo(entropy + penalty, 12);
      const output = shape.classes - 1;
      const slopes = inputGradients(shape, w, features, output);
      for (let k = 0; k < shape.inputs; k++) {
        const y = [1e-5, -1e-5].map((by) => {
          const data = features.data.map((value, i) => (i % shape.inputs === k ? value + by : value));
          return logits(shape, w, matrix(rows, shape.inputs, data));
        });
        for (let row = 0; row < rows; row++) {
          const at = row * shape.classes + output;
          const slope = (y[0]!.data[at]! - y[1]!.data[at]!) / 2e-5;
          expect(Math.abs(slope - slopes.data[row * shape.inputs + k]!)).toBeLessThan(1e-8);
        }
      }
      const margins = (weights: Float64Array) => {
        const y = logits(shape, weights, features);
        return Array.from(labels, (c, row) => {
          const mine = y.data.subarray(row * y.cols, (row + 1) * y.cols);
          return mine[c]! - Math.max(...mine.filter((_, i) => i !== c));
        });
      };
      const found = marginGradient(shape, w, features, Int32Array.from(labels));
      for (let i = 0; i < n; i++) {
        const [up, down] = [1e-6, -1e-6].map((by) => margins(w.map((v, j) => (j === i ? v + by : v))));
        const mean =
          up!.reduce((sum, m, row) => sum + Math.abs((w[i]! * (m - down![row]!)) / 2e-6), 0) / rows;
        expect(Math.abs(mean - found[i]!)).toBeLessThan(1e-6 * (1 + mean));
      }
    });
  },
);

test("weights lie as the published layout says", () => {
  const shape: ClassifierShape = { inputs: 2, hidden: [3], classes: 2 };
  expect(weightCount(shape)).toBe(17);
  const [first, second] = layersOf(
    shape,
    Float64Array.from({ length: 17 }, (_, i) => i),
  );
  expect(first!.weights.data[1 * 2 + 1]).toBe(1 * 2 + 1);
  expect(second!.weights.data[1 * 3 + 2]).toBe(3 * 2 + 1 * 3 + 2);
  expect([[...first!.bias], [...second!.bias]]).toEqual([
    [12, 13, 14],
    [15, 16],
  ]);
  first!.bias[0] = 7;
  expect(
    layersOf({ ...shape, hidden: [3, 2] }, new Float64Array(weightCount({ ...shape, hidden: [3, 2] })))
      .length,
  ).toBe(3);
});

describe("curvature at the origin and along the outputs' biases", () => {
  test.each([1, 2, 3])(
    "XOR with %i hidden units: w = 0 is a minimum of ln 2 with eigenvalues 2λ and once 2λ + ½",
    (hidden) => {
      const lambda = 0.003;
      const land = classifierLandscape(xorProblem(hidden, lambda));
      const zero = new Float64Array(land.n);
      const g = new Float64Array(land.n);
      expect(land.valueAndGradient(zero, g)).toBeCloseTo(Math.LN2, 15);
      expect(Math.max(...g.map(Math.abs))).toBeLessThan(1e-16);
      const { values } = modeSpectrum(land.hessian!(zero));
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(i === land.n - 1 ? 2 * lambda + 0.5 : 2 * lambda, 14);
      });
    },
  );

  test("the same number on all output biases: flat without λ or without λ on biases, 2λ with it", () => {
    const shape: ClassifierShape = { inputs: 3, hidden: [4], classes: 3 };
    const w = randomWeights(shape);
    const { biasAt } = layoutOf(shape);
    const shift = w.map((_, i) => (i >= biasAt[1]! ? 1 / Math.sqrt(3) : 0));
    const out = new Float64Array(w.length);
    for (const [lambda, regulariseBiases, expected] of [
      [0, true, 0],
      [0.01, false, 0],
      [0.01, true, 0.02],
    ] as const) {
      const land = classifierLandscape({ ...randomProblem(shape, 40, lambda), regulariseBiases });
      land.hvp!(w, shift, out);
      for (let i = 0; i < w.length; i++) expect(Math.abs(out[i]! - expected * shift[i]!)).toBeLessThan(1e-15);
    }
  });
});

test("large logits overflow nothing", () => {
  const shape: ClassifierShape = { inputs: 2, hidden: [2], classes: 3 };
  const land = classifierLandscape(randomProblem(shape, 20, 0));
  const g = new Float64Array(land.n);
  const value = land.valueAndGradient(randomWeights(shape, 1, 1e5), g);
  expect(value).toBeGreaterThan(1e3);
  expect(value).toBeLessThan(1e7);
  expect(g.every(Number.isFinite)).toBe(true);
});

test("a hundred thousand rows are summed to the last digits", () => {
  const shape: ClassifierShape = { inputs: 1, hidden: [1], classes: 2 };
  const small = randomProblem(shape, 10);
  const times = 10_000;
  const repeat = <T>(values: ArrayLike<T>) => Array.from({ length: times }, () => Array.from(values)).flat();
  const data = { features: repeat(small.data.features), labels: repeat(small.data.labels), rows: 10 * times };
  const w = randomWeights(shape);
  const g = new Float64Array(weightCount(shape));
  const value = classifierLandscape(small).valueAndGradient(w, g);
  const many = g.slice();
  expect(classifierLandscape({ ...small, data }).valueAndGradient(w, many)).toBeCloseTo(value, 13);
  for (let i = 0; i < g.length; i++) expect(many[i]!).toBeCloseTo(g[i]!, 13);
});

describe("bad problems are refused by name", () => {
  const good = randomProblem({ inputs: 2, hidden: [2], classes: 2 }, 4);
  const data = { ...good.data, features: Array.from(good.data.features), labels: [0, 1, 0, 1] };
  test.each([
    [{ shape: { inputs: 2, hidden: [], classes: 2 } }, /hidden layers of \[\].*at least one layer/],
    [{ shape: { inputs: 2, hidden: [1.5], classes: 2 } }, /\[1.5\] units/],
    [{ shape: { inputs: 2, hidden: [2], classes: 1 } }, /1 classes; a classifier needs at least 2/],
    [{ data: { ...data, rows: 0 } }, /data.rows is 0/],
    [{ data: { ...data, rows: 5 } }, /holds 8 numbers; 5 rows of 2 need 10/],
    [{ data: { ...data, labels: [0, 1] } }, /2 classes for 4 rows/],
    [{ data: { ...data, labels: [0, 1, 0, 2] } }, /label of row 3 is 2; .* from 0 to 1/],
    [{ data: { ...data, labels: [0, 1, 0, 0.5] } }, /label of row 3 is 0.5/],
    [{ data: { ...data, labels: [1, 1, 1, 1] } }, /every one of 4 rows is of class 1.*at least two classes/],
    [{ data: { ...data, features: [0, 1, 2, Number.NaN, 4, 5, 6, 7] } }, /feature 1 of row 1 is NaN/],
    [{ lambda: -1 }, /lambda is -1/],
  ])("%o", (change, message) => {
    expect(() => classifierFrom({ ...good, data, ...change })).toThrow(message);
  });

  test("weights and features of other lengths", () => {
    const features = matrix(1, 3);
    expect(() => logits(good.shape, new Float64Array(3), features)).toThrow(/3 weights.*2-2-2, which has 12/);
    expect(() => logits(good.shape, new Float64Array(12), features)).toThrow(/3 features.*2 inputs/);
    expect(() => inputGradients(good.shape, new Float64Array(12), matrix(1, 2), 2)).toThrow(/output 2/);
    expect(() => marginGradient(good.shape, new Float64Array(12), matrix(1, 2), Int32Array.of(5))).toThrow(
      /row 0 is 5/,
    );
    expect(() => marginGradient(good.shape, new Float64Array(12), matrix(1, 2), Int32Array.of())).toThrow(
      /0 labels/,
    );
  });
});
