import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { cholesky, choleskySolve } from "./cholesky.ts";
import { eigenSymmetric } from "./eigen-symmetric.ts";
import { ldl, ldlSolveRows } from "./ldl.ts";
import { type Matrix, matrix } from "./matrix.ts";

function symmetric(n: number, seed: number, zeroDiagonal = false): Matrix {
  const draw = random(seed, "ldl", n);
  const a = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = i === j && zeroDiagonal ? 0 : draw.normal();
      a.data[i * n + j] = value;
      a.data[j * n + i] = value;
    }
  }
  return a;
}

describe("LDLᵀ by Bunch and Kaufman", () => {
  it.each([
    [1, false],
    [2, true],
    [3, true],
    [8, false],
    [9, true],
    [60, false],
    [61, true],
    [150, true],
  ] as const)(
    "puts the matrix together again, solves and counts signs, n = %i, zero diagonal %s",
    (n, zero) => {
      if (n === 1 && zero) return;
      const a = symmetric(n, 1, zero);
      const factors = ldl(a);
      // Oracle: L·D·Lᵀ multiplied out equals the permuted matrix.
      const l = (i: number, j: number) => (i === j ? 1 : j < i ? factors.lower.data[i * n + j]! : 0);
      const d = (i: number, j: number) =>
        i === j ? factors.lower.data[i * n + i]! : Math.abs(i - j) === 1 ? factors.off[Math.min(i, j)]! : 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let p = 0; p < n; p++) {
            for (let q = Math.max(0, p - 1); q < Math.min(n, p + 2); q++) sum += l(i, p) * d(p, q) * l(j, q);
          }
          expect(sum).toBeCloseTo(a.data[factors.order[i]! * n + factors.order[j]!]!, 9);
        }
      }
      // Oracle: eigenvalues by QR.
      const values = eigenSymmetric(a).values;
      expect(factors.inertia).toEqual({
        positive: values.filter((v) => v > 0).length,
        negative: values.filter((v) => v < 0).length,
        zero: 0,
      });
      // Oracle: the residual of the system.
      const draw = random(3);
      const right = matrix(
        2,
        n,
        Float64Array.from({ length: 2 * n }, () => draw.normal()),
      );
      const x = ldlSolveRows(factors, right);
      for (let r = 0; r < 2; r++) {
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += a.data[i * n + j]! * x.data[r * n + j]!;
          expect(sum).toBeCloseTo(right.data[r * n + i]!, 8);
        }
      }
    },
  );

  it("agrees with Cholesky where that exists and reads the lower triangle only", () => {
    const n = 40;
    const a = symmetric(n, 5);
    for (let i = 0; i < n; i++) a.data[i * n + i]! += 30;
    const b = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
    const expected = choleskySolve(cholesky(a), b);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a.data[i * n + j] = Number.NaN;
    const factors = ldl(a);
    expect(factors.inertia).toEqual({ positive: n, negative: 0, zero: 0 });
    ldlSolveRows(factors, matrix(1, n, b)).data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 13);
    });
  });

  it("names what cannot be solved", () => {
    expect(() => ldl(matrix(2, 3))).toThrow("square matrix, got 2×3");
    expect(() => ldl(matrix(2, 2, [1, 0, Number.NaN, 1]))).toThrow("element (1, 0) is NaN");
    const singular = ldl(matrix(2, 2, [1, 0, 0, 0]));
    expect(singular.inertia).toEqual({ positive: 1, negative: 0, zero: 1 });
    expect(() => ldlSolveRows(singular, matrix(1, 2))).toThrow("pivot 1 is 0");
    expect(() => ldlSolveRows(singular, matrix(1, 3))).toThrow("rows of 3 values");
  });
});
