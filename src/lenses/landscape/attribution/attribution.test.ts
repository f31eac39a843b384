import { describe, expect, test } from "vitest";
import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { connectionWeights, firstLayerSize } from "./connection-weights.ts";
import { gradientTimesInput, meanSize } from "./gradient-times-input.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import { permutationImportance } from "./permutation-importance.ts";
import { shapleyValues } from "./shapley.ts";

const draw = random(5);
const rowsOf = (rows: number, cols: number) =>
  matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => draw.normal()),
  );
const each = (f: (x: Float64Array) => number) => (m: Matrix) =>
  Float64Array.from({ length: m.rows }, (_, i) => f(rowOf(m, i)));
const slopes = (g: (x: Float64Array) => number[]) => (m: Matrix) =>
  matrix(m.rows, m.cols, Array.from({ length: m.rows }, (_, i) => g(rowOf(m, i))).flat());

describe("an additive function f = Σ f_k(x_k) has one fair division", () => {
  const parts = [(x: number) => 2 * x, (x: number) => x ** 3, (x: number) => Math.sin(x), () => 0];
  const f = (x: Float64Array) => parts.reduce((sum, part, k) => sum + part(x[k]!), 0);
  const g = (x: Float64Array) => [2, 3 * x[1]! ** 2, Math.cos(x[2]!), 0];
  const features = rowsOf(6, 4);
  const base = [0.3, -0.2, 0.5, 1];
  const fair = Array.from({ length: 6 }, (_, i) =>
    parts.map((part, k) => part(rowOf(features, i)[k]!) - part(base[k]!)),
  ).flat();

  test("Shapley values, exact and over orders, are f_k(x_k) − f_k(background)", () => {
    const exact = shapleyValues(each(f), features, base);
    const sampled = shapleyValues(each(f), features, base, { exactUpTo: 0, orders: 3, random: random(1) });
    expect(exact.orders).toBe("exact");
    expect(sampled.orders).toBe(6);
    fair.forEach((value, i) => {
      expect(exact.values.data[i]).toBeCloseTo(value, 12);
      expect(sampled.values.data[i]).toBeCloseTo(value, 12);
    });
  });

  test("integrated gradients are the same, to the error of the midpoint rule, and complete", () => {
    const { attributions, completeness } = integratedGradients(each(f), slopes(g), features, base, {
      steps: 400,
    });
    fair.forEach((value, i) => {
      expect(attributions.data[i]).toBeCloseTo(value, 4);
    });
    for (const miss of completeness) expect(Math.abs(miss)).toBeLessThan(1e-4);
    const coarse = integratedGradients(each(f), slopes(g), features, base, { steps: 4 });
    expect(meanSize(matrix(1, 6, coarse.completeness)).some((miss) => miss > 1e-4)).toBe(true);
  });
});

test("exact Shapley values of a product are those of the mean over all orders, by brute force", () => {
  const f = (x: Float64Array) => x[0]! * x[1]! + x[1]! * x[2]! * x[3]! + Math.exp(0.3 * x[0]! * x[3]!);
  const features = rowsOf(3, 4);
  const base = [0.1, 0.4, -0.3, 0.2];
  const { values } = shapleyValues(each(f), features, base);
  const orders: number[][] = [];
  const grow = (order: number[]) => {
    if (order.length === 4) orders.push(order);
    for (let k = 0; k < 4; k++) if (!order.includes(k)) grow([...order, k]);
  };
  grow([]);
  for (let i = 0; i < 3; i++) {
    const sums = [0, 0, 0, 0];
    for (const order of orders) {
      const x = Float64Array.from(base);
      for (const k of order) {
        const before = f(x);
        x[k] = features.data[i * 4 + k]!;
        sums[k]! += (f(x) - before) / orders.length;
      }
    }
    sums.forEach((sum, k) => {
      expect(values.data[i * 4 + k]).toBeCloseTo(sum, 12);
    });
    const total = Array.from(rowOf(values, i)).reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(f(rowOf(features, i)) - f(Float64Array.from(base)), 12);
  }
});

test("gradient × input of a linear function is weight times input", () => {
  const weights = [1, -2, 0.5];
  const features = rowsOf(4, 3);
  const out = gradientTimesInput(slopes(() => weights)(features), features);
  expect(Array.from(out.data)).toEqual(Array.from(features.data, (x, i) => x * weights[i % 3]!));
  const sizes = meanSize(matrix(2, 2, [1, -4, -3, 2]));
  expect(Array.from(sizes)).toEqual([2, 3]);
});

test("permutation importance of a linear function by its mean square error is 2w²·var, and 0 for what is not read", () => {
  const features = rowsOf(4000, 3);
  const target = Float64Array.from(
    { length: 4000 },
    (_, i) => 3 * features.data[3 * i]! + features.data[3 * i + 1]!,
  );
  const score = (m: Matrix) => {
    let sum = 0;
    for (let i = 0; i < m.rows; i++)
      sum += (3 * m.data[3 * i]! + m.data[3 * i + 1]! - target[i]!) ** 2 / m.rows;
    return -sum;
  };
  const { mean, sd } = permutationImportance(score, features, { random: random(2), repeats: 10 });
  expect(mean[0]! / 18).toBeCloseTo(1, 1);
  expect(mean[1]! / 2).toBeCloseTo(1, 1);
  expect(mean[2]).toBe(0);
  expect(sd[2]).toBe(0);
});

test("connection weights of a linear network are its matrix; sizes are columns' sums", () => {
  const [a, b] = [rowsOf(3, 2), rowsOf(2, 3)];
  const product = connectionWeights([a, b]);
  const f = (x: Float64Array) => {
    const hidden = [0, 1, 2].map((j) => a.data[2 * j]! * x[0]! + a.data[2 * j + 1]! * x[1]!);
    return [0, 1].map((i) => hidden.reduce((sum, h, j) => sum + b.data[3 * i + j]! * h, 0));
  };
  const columns = [f(Float64Array.of(1, 0)), f(Float64Array.of(0, 1))];
  for (const i of [0, 1])
    for (const k of [0, 1]) expect(product.data[2 * i + k]).toBeCloseTo(columns[k]![i]!, 12);
  expect(Array.from(firstLayerSize(matrix(2, 2, [1, -2, -3, 4])))).toEqual([4, 6]);
});

test.each<[string, () => unknown, RegExp]>([
  [
    "gradients of another shape",
    () => gradientTimesInput(matrix(2, 3), matrix(3, 2)),
    /2×3 for features 3×2/,
  ],
  [
    "a short baseline",
    () =>
      integratedGradients(
        () => [0],
        (m) => m,
        matrix(1, 2),
        [0],
      ),
    /baseline of 1 values for 2/,
  ],
  [
    "no steps",
    () =>
      integratedGradients(
        () => [0],
        (m) => m,
        matrix(1, 1),
        [0],
        { steps: 0 },
      ),
    /0 steps/,
  ],
  [
    "one repeat",
    () => permutationImportance(() => 0, matrix(2, 1), { repeats: 1, random: random(1) }),
    /1 repeats/,
  ],
  ["a short background", () => shapleyValues(() => [0], matrix(1, 2), [0]), /background of 1 values for 2/],
  [
    "many features without a stream",
    () => shapleyValues(() => [0], matrix(1, 13), new Float64Array(13)),
    /13 features need random orders/,
  ],
  ["no layers", () => connectionWeights([]), /no layers/],
  [
    "layers that do not chain",
    () => connectionWeights([matrix(3, 2), matrix(2, 4)]),
    /layer 2 takes 4 values, layer 1 gives 3/,
  ],
])("refuses %s by name", (_, attempt, message) => {
  expect(attempt).toThrow(UserError);
  expect(attempt).toThrow(message);
});
