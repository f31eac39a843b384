import { expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { variance } from "../../stats/describe.ts";
import { autocorrelationLength } from "./autocorrelation-length.ts";
import { permuted, permutedWithin } from "./permuted.ts";
import { randomWalk } from "./random-walk.ts";
import { randomWeights } from "./random-weights.ts";
import { smoothPath } from "./smooth-path.ts";

const at = (m: Matrix, i: number, j: number) => m.data[i * m.cols + j]!;

test("a random walk has independent standard normal steps", () => {
  const walk = randomWalk(60, 400, random(1));
  const steps = Array.from({ length: 59 * 400 }, (_, k) => {
    const [i, j] = [1 + Math.floor(k / 400), k % 400];
    return at(walk, i, j) - at(walk, i - 1, j);
  });
  expect(variance(steps)).toBeGreaterThan(0.97);
  expect(variance(steps)).toBeLessThan(1.03);
  const lagged = steps.slice(400).reduce((sum, s, k) => sum + s * steps[k]!, 0) / (58 * 400);
  expect(Math.abs(lagged)).toBeLessThan(0.03);
});

test("smooth paths have the covariance exp(−d²/(2ℓ²)) that they are made of", () => {
  const path = smoothPath(4)(30, 4000, random(2));
  for (const lag of [0, 2, 4, 8]) {
    let sum = 0;
    for (let j = 0; j < 4000; j++) sum += at(path, 10, j) * at(path, 10 + lag, j);
    expect(Math.abs(sum / 4000 - Math.exp((-lag * lag) / 32))).toBeLessThan(0.06);
  }
});

test.each([3, 6, 10])("the autocorrelation length of smooth paths of length %d is found again", (length) => {
  const found = autocorrelationLength(smoothPath(length)(200, 200, random(length)));
  expect(found / length).toBeGreaterThan(0.85);
  expect(found / length).toBeLessThan(1.05);
});

test("independent rows have a length below one, a straight line one of a good part of its rows", () => {
  const stream = random(5);
  const noise = matrix(
    100,
    50,
    Array.from({ length: 5000 }, () => stream.normal()),
  );
  expect(autocorrelationLength(noise)).toBeLessThan(0.6);
  expect(
    autocorrelationLength(
      matrix(
        100,
        1,
        Array.from({ length: 100 }, (_, i) => i),
      ),
    ),
  ).toBeGreaterThan(10);
});

test("permuted keeps every value, permutedWithin every group's values, and both reach every order", () => {
  const stream = random(6);
  const orders = new Map<string, number>();
  for (let k = 0; k < 6000; k++) {
    const key = permuted(["a", "b", "c"], stream).join("");
    orders.set(key, (orders.get(key) ?? 0) + 1);
  }
  expect(orders.size).toBe(6);
  // Six equally likely orders: chi-squared with 5 degrees of freedom, 99.9 % below 20.5.
  expect([...orders.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(20.5);
  const within = new Set<string>();
  for (let k = 0; k < 100; k++) within.add(permutedWithin([1, 2, 3, 4], ["x", "y", "x", "y"], stream).join());
  expect([...within].sort()).toEqual(["1,2,3,4", "1,4,3,2", "3,2,1,4", "3,4,1,2"]);
});

test.each([Float32Array, Float64Array])(
  "random weights keep each block's norm and nothing else (%s)",
  (Kind) => {
    const stream = random(7);
    const weights = new Kind(Array.from({ length: 300 }, () => stream.normal()));
    const out = randomWeights(
      weights,
      [
        { start: 0, end: 100 },
        { start: 150, end: 300 },
      ],
      random(8),
    );
    expect(out).toBeInstanceOf(Kind);
    const norm = (w: ArrayLike<number>, from: number, to: number) =>
      Math.hypot(...Array.from(w).slice(from, to));
    expect(norm(out, 0, 100)).toBeCloseTo(norm(weights, 0, 100), 4);
    expect(norm(out, 150, 300)).toBeCloseTo(norm(weights, 150, 300), 4);
    expect(out.slice(100, 150)).toEqual(weights.slice(100, 150));
    const cosine =
      Array.from(out).reduce((s, w, k) => s + (k < 100 ? w * weights[k]! : 0), 0) / norm(out, 0, 100) ** 2;
    expect(Math.abs(cosine)).toBeLessThan(0.4);
  },
);

test.each<[string, () => unknown]>([
  ["3 rows", () => autocorrelationLength(matrix(3, 2))],
  ["does not move", () => autocorrelationLength(matrix(9, 2))],
  ["2 groups for 3 values", () => permutedWithin([1, 2, 3], ["a", "b"], random(1))],
  ["from 2 to 9", () => randomWeights(new Float64Array(4), [{ start: 2, end: 9 }], random(1))],
  ["from 3 to 1", () => randomWeights(new Float64Array(4), [{ start: 3, end: 1 }], random(1))],
])("bad input is refused, saying %j", (said, call) => {
  expect(call).toThrow(UserError);
  expect(call).toThrow(said);
});
