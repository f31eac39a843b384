import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { matrix } from "../linalg/matrix.ts";
import { leastSquares } from "./least-squares.ts";

test("a straight line agrees with the closed form", () => {
  // Oracle: slope, intercept and their standard errors of simple regression from sums (any statistics text).
  const x = [1, 2, 3, 4.5, 6, 7.25];
  const y = [2.1, 3.9, 6.2, 8.7, 12.4, 14.1];
  const n = x.length;
  const fit = leastSquares(
    matrix(
      n,
      2,
      x.flatMap((v) => [1, v]),
    ),
    y,
  );
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const mx = mean(x);
  const sxx = x.reduce((s, v) => s + (v - mx) ** 2, 0);
  const slope = x.reduce((s, v, i) => s + (v - mx) * (y[i]! - mean(y)), 0) / sxx;
  const intercept = mean(y) - slope * mx;
  const s2 = x.reduce((s, v, i) => s + (y[i]! - intercept - slope * v) ** 2, 0) / (n - 2);
  expect(fit.coefficients[1]).toBeCloseTo(slope, 12);
  expect(fit.coefficients[0]).toBeCloseTo(intercept, 12);
  expect(fit.standardErrors[1]).toBeCloseTo(Math.sqrt(s2 / sxx), 12);
  expect(fit.standardErrors[0]).toBeCloseTo(Math.sqrt(s2 * (1 / n + mx ** 2 / sxx)), 12);
  expect(fit.covariance.data[1]).toBeCloseTo((-s2 * mx) / sxx, 12);
});

test("an integer weight is that many copies of a row", () => {
  const x = [0, 1, 2, 3, 4];
  const y = [1, 0, 3, 2, 6];
  const w = [1, 3, 2, 1, 4];
  const weighted = leastSquares(
    matrix(
      5,
      2,
      x.flatMap((v) => [1, v]),
    ),
    y,
    { weights: w },
  );
  const index = w.flatMap((count, i) => Array.from({ length: count }, () => i));
  const copies = leastSquares(
    matrix(
      index.length,
      2,
      index.flatMap((i) => [1, x[i]!]),
    ),
    index.map((i) => y[i]!),
  );
  expect(weighted.coefficients[0]).toBeCloseTo(copies.coefficients[0]!, 12);
  expect(weighted.coefficients[1]).toBeCloseTo(copies.coefficients[1]!, 12);
});

test("standard errors are the scatter of refitted noise", () => {
  // Oracle: Monte Carlo over 4000 noise draws with σᵢ known; 4.5 % is four of its own standard deviations.
  const draw = random(3);
  const sigma = Array.from({ length: 12 }, (_, i) => 0.5 + 0.2 * i);
  const design = matrix(
    12,
    2,
    sigma.flatMap((_, i) => [1, i]),
  );
  const weights = sigma.map((s) => 1 / s ** 2);
  const stated = leastSquares(design, new Float64Array(12), { weights, errors: "weights" })
    .standardErrors[1]!;
  let squares = 0;
  for (let k = 0; k < 4000; k++) {
    squares +=
      leastSquares(
        design,
        sigma.map((s) => s * draw.normal()),
        { weights },
      ).coefficients[1]! ** 2;
  }
  expect(Math.abs(Math.sqrt(squares / 4000) / stated - 1)).toBeLessThan(0.045);
});

test("bad input is refused by name", () => {
  const design = matrix(3, 2, [1, 0, 1, 1, 1, 2]);
  const cases: [() => unknown, string][] = [
    [() => leastSquares(design, [1, 2]), "2 values of y for 3 rows"],
    [() => leastSquares(design, [1, Number.NaN, 3]), "y of row 1 is NaN"],
    [() => leastSquares(design, [1, 2, 3], { weights: [1, 0, 1] }), "weight of row 1 is 0"],
    [() => leastSquares(design, [1, 2, 3], { weights: [1, 1] }), "2 weights for 3 rows"],
    [() => leastSquares(matrix(2, 2), [1, 2]), "2 rows for 2 coefficients"],
    [() => leastSquares(matrix(3, 1), [1, 2, 3], { names: ["a_V"] }), "a_V is zero in every row"],
    [() => leastSquares(matrix(3, 2, [1, 2, 2, 4, 3, 6]), [1, 2, 3]), "combination of the columns before"],
    [() => leastSquares(matrix(3, 1, [1, Infinity, 2]), [1, 2, 3]), "column 0 of row 1 is Infinity"],
  ];
  for (const [run, message] of cases) expect(run).toThrow(message);
});
