import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { matrix } from "../linalg/matrix.ts";
import { leastSquares } from "./least-squares.ts";
import { fitRidge, normalEquations, ridgeDeviation, ridgeMean } from "./ridge.ts";

const stream = random(2);
const design = matrix(
  30,
  4,
  Float64Array.from({ length: 120 }, () => stream.normal()),
);
const y = Float64Array.from({ length: 30 }, (_, i) => 2 * design.data[4 * i]! + stream.normal());

test("without penalty it is least squares, by QR", () => {
  const fit = fitRidge(normalEquations(design, y), [0, 0, 0, 0]);
  const oracle = leastSquares(design, y);
  fit.coefficients.forEach((value, j) => {
    expect(value).toBeCloseTo(oracle.coefficients[j]!, 10);
  });
  expect(fit.variance).toBeCloseTo(oracle.variance, 10);
  const x = matrix(1, 4, [1, -2, 0.5, 3]);
  let spread = oracle.variance;
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) spread += x.data[a]! * oracle.covariance.data[a * 4 + b]! * x.data[b]!;
  }
  expect(ridgeDeviation(fit, x)[0]).toBeCloseTo(Math.sqrt(spread), 10);
});

test("a penalty is least squares with one more row each, √penalty beside a zero", () => {
  const penalties = [0.5, 0, 3, 10];
  const fit = fitRidge(normalEquations(design, y), penalties);
  const rows = matrix(34, 4, [
    ...design.data,
    ...penalties.flatMap((p, j) => penalties.map((_, k) => (k === j ? Math.sqrt(p) : 0))),
  ]);
  const oracle = leastSquares(rows, [...y, 0, 0, 0, 0]);
  fit.coefficients.forEach((value, j) => {
    expect(value).toBeCloseTo(oracle.coefficients[j]!, 10);
  });
  const mean = ridgeMean(fit, design);
  oracle.residuals.subarray(0, 30).forEach((residual, i) => {
    expect(mean[i]).toBeCloseTo(y[i]! - residual, 10);
  });
});

test("one column, one penalty: the closed form", () => {
  const fit = fitRidge(normalEquations(matrix(2, 1, [1, 2]), [3, 4]), [1]);
  expect(fit.coefficients[0]).toBeCloseTo(11 / 6, 12);
  expect(fit.variance).toBeCloseTo((25 - 121 / 6) / 2, 12);
  expect(ridgeDeviation(fit, matrix(1, 1, [1]))[0]).toBeCloseTo(Math.sqrt(fit.variance * (1 + 1 / 6)), 12);
});

test("bad input is refused by name", () => {
  const equations = normalEquations(design, y);
  const twice = normalEquations(matrix(3, 2, [1, 1, 2, 2, 3, 3]), [1, 2, 3]);
  const cases: [() => unknown, string][] = [
    [() => normalEquations(design, [1]), "1 values for 30 rows"],
    [() => fitRidge(equations, [1]), "1 penalties for 4 columns"],
    [() => fitRidge(equations, [0, 0, 0, -1]), "penalty -1 of column 3"],
    [() => fitRidge(equations, [0, 0, Number.NaN, 0]), "penalty NaN of column 2"],
    [() => fitRidge(normalEquations(matrix(1, 1, [1]), [1]), [0]), "1 rows for 1 free"],
    [() => fitRidge(twice, [0, 0]), "columns depend on each other"],
    [() => ridgeMean(fitRidge(equations, [1, 1, 1, 1]), matrix(1, 3)), "3 columns for 4 coefficients"],
  ];
  for (const [run, message] of cases) expect(run).toThrow(message);
});
