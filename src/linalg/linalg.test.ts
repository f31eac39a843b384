import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { cholesky, choleskySolve } from "./cholesky.ts";
import { eigenSymmetric } from "./eigen-symmetric.ts";
import { gramOfColumns, gramOfRows } from "./gram.ts";
import { matmul } from "./matmul.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { columnOf, fromRows, rowOf, takeRows } from "./rows.ts";
import { svd } from "./svd.ts";
import { transpose } from "./transpose.ts";

const shapes = [
  [1, 1],
  [1, 7],
  [7, 1],
  [2, 2],
  [5, 3],
  [3, 5],
  [70, 300],
  [130, 65],
] as const;

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const source = random(seed, "linalg", rows, cols);
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => source.normal()),
  );
}

/** Largest |a − b|. */
function gap(a: Matrix, b: Matrix): number {
  expect([a.rows, a.cols]).toEqual([b.rows, b.cols]);
  return a.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b.data[i]!)), 0);
}

function identity(n: number): Matrix {
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}

/** Oracle: the definition, one sum an element. */
function slowProduct(a: Matrix, b: Matrix): Matrix {
  const out = matrix(a.rows, b.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.cols; j++) {
      let sum = 0;
      for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k]! * b.data[k * b.cols + j]!;
      out.data[i * b.cols + j] = sum;
    }
  }
  return out;
}

describe("matmul, transpose and Gram matrices", () => {
  it.each(shapes)("agree with the definition for %i×%i", (m, n) => {
    const a = gaussian(m, n, 1);
    const b = gaussian(n, 9, 2);
    expect(gap(matmul(a, b), slowProduct(a, b))).toBeLessThan(1e-12);
    expect(gap(gramOfRows(a), slowProduct(a, transpose(a)))).toBeLessThan(1e-11);
    expect(gap(gramOfColumns(a), slowProduct(transpose(a), a))).toBeLessThan(1e-11);
  });

  it("take empty sizes", () => {
    expect(matmul(matrix(3, 0), matrix(0, 2)).data).toEqual(new Float64Array(6));
    expect(matmul(matrix(0, 4), matrix(4, 2)).rows).toBe(0);
  });

  it("refuse inner sizes that differ", () => {
    expect(() => matmul(matrix(2, 3), matrix(2, 3))).toThrow(/matmul: 2×3 times 2×3: 3 ≠ 2/);
  });
});

describe("rows", () => {
  it("takes, views and copies rows and columns", () => {
    const a = fromRows([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect([...rowOf(a, 1)]).toEqual([3, 4]);
    expect([...columnOf(a, 1)]).toEqual([2, 4, 6]);
    expect([...takeRows(a, [2, 0]).data]).toEqual([5, 6, 1, 2]);
    expect(() => fromRows([[1], [1, 2]])).toThrow(/row 1 has 2 values/);
  });
});

describe("cholesky", () => {
  it.each([1, 2, 5, 40])("reconstructs and solves a random %i×%i matrix", (n) => {
    const a = gramOfRows(gaussian(n, n + 5, 3));
    const l = cholesky(a);
    expect(gap(slowProduct(l, transpose(l)), a)).toBeLessThan(1e-11 * n);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l.data[i * n + j]).toBe(0);
    const x = Float64Array.from({ length: n }, (_, i) => i - 1.5);
    const b = matmul(a, matrix(n, 1, x));
    const solved = choleskySolve(l, b.data);
    solved.forEach((value, i) => {
      expect(value).toBeCloseTo(x[i]!, 7);
    });
  });

  it("gives the factor written in Golub & Van Loan's style for a 2×2 by hand", () => {
    const l = cholesky(fromRows([[4], [2]].map((r, i) => [r[0]!, [2, 10][i]!])));
    expect([...l.data]).toEqual([2, 0, 1, 3]);
  });

  it("refuses what has no factor", () => {
    expect(() => cholesky(matrix(2, 3))).toThrow(/square/);
    expect(() => cholesky(matrix(2, 2, [1, 2, 2, 1]))).toThrow(/pivot 1 is -3/);
    expect(() => cholesky(matrix(1, 1, [Number.NaN]))).toThrow(/pivot 0/);
    expect(() => choleskySolve(identity(2), [1])).toThrow(/expected 2 values/);
  });
});

describe("eigenSymmetric", () => {
  const cases: [string, Matrix][] = [
    ["1×1", matrix(1, 1, [-3])],
    ["zero", matrix(4, 4)],
    ["diagonal", matrix(3, 3, [1, 0, 0, 0, 5, 0, 0, 0, -2])],
    ["identity", identity(6)],
    ["rank one", gramOfRows(gaussian(20, 1, 4))],
    ["rank three", gramOfRows(gaussian(30, 3, 4))],
    ["positive", gramOfRows(gaussian(60, 80, 5))],
    ["graded", matrix(3, 3, [1e12, 1e3, 1, 1e3, 1, 1e-3, 1, 1e-3, 1e-9])],
    ["tiny", matrix(2, 2, [1e-200, 3e-201, 3e-201, 2e-200])],
  ];
  const indefinite = gaussian(90, 90, 6);
  const symmetric = matrix(90, 90);
  for (let i = 0; i < 90; i++) {
    for (let j = 0; j < 90; j++) {
      symmetric.data[i * 90 + j] = indefinite.data[i * 90 + j]! + indefinite.data[j * 90 + i]!;
    }
  }
  cases.push(["indefinite", symmetric]);

  it.each(cases)("has small residuals and orthonormal vectors: %s", (_, a) => {
    const n = a.rows;
    const { values, vectors } = eigenSymmetric(a);
    const norm = a.data.reduce((worst, value) => Math.max(worst, Math.abs(value)), 1e-300);
    expect(gap(slowProduct(vectors, transpose(vectors)), identity(n))).toBeLessThan(1e-12);
    for (let i = 0; i < n; i++) {
      const v = rowOf(vectors, i);
      const av = slowProduct(a, matrix(n, 1, v)).data;
      av.forEach((value, k) => {
        expect(Math.abs(value - values[i]! * v[k]!) / norm).toBeLessThan(1e-10 * 1e-2);
      });
      if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
    }
  });

  it("finds the closed form of the path graph's Laplacian, 2 − 2cos(πk/n)", () => {
    const n = 50;
    const a = matrix(n, n);
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = i === 0 || i === n - 1 ? 1 : 2;
      if (i > 0) {
        a.data[i * n + i - 1] = -1;
        a.data[(i - 1) * n + i] = -1;
      }
    }
    eigenSymmetric(a).values.forEach((value, i) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - 1 - i)) / n), 12);
    });
  });

  it("scales with the matrix, however small or large: the eigenvalues of [[2, 1], [1, 2]] are 3 and 1", () => {
    for (const size of [1e-300, 1e-163, 1e-150, 1, 1e150, 1e300]) {
      const { values } = eigenSymmetric(matrix(2, 2, [2 * size, size, size, 2 * size]));
      expect(values[0]! / size).toBeCloseTo(3, 12);
      expect(values[1]! / size).toBeCloseTo(1, 12);
    }
    const tiny = Array.from({ length: 25 }, (_, e) => (1 + ((7 * e + 7 * (e % 5) ** 2) % 5)) * 1e-170);
    const symmetric = tiny.map((_, e) => tiny[e]! + tiny[(e % 5) * 5 + Math.floor(e / 5)]!);
    const { values } = eigenSymmetric(matrix(5, 5, symmetric));
    const reference = eigenSymmetric(
      matrix(
        5,
        5,
        symmetric.map((x) => x * 1e170),
      ),
    ).values;
    values.forEach((value, i) => {
      expect(value * 1e170).toBeCloseTo(reference[i]!, 12);
    });
  });

  it("refuses what is not square or not finite", () => {
    expect(() => eigenSymmetric(matrix(2, 3))).toThrow(/square/);
    expect(() => eigenSymmetric(matrix(2, 2, [1, 0, Number.NaN, 1]))).toThrow(/element \(1, 0\) is NaN/);
  });
});

describe("svd", () => {
  it.each(shapes)("reconstructs %i×%i with orthonormal vectors", (m, n) => {
    const a = gaussian(m, n, 7);
    const { u, sigma, v } = svd(a);
    const r = Math.min(m, n);
    const scaled = matrix(
      r,
      n,
      v.data.map((value, k) => value * sigma[Math.floor(k / n)]!),
    );
    expect(gap(slowProduct(transpose(u), scaled), a)).toBeLessThan(1e-12);
    expect(gap(slowProduct(u, transpose(u)), identity(r))).toBeLessThan(1e-12);
    expect(gap(slowProduct(v, transpose(v)), identity(r))).toBeLessThan(1e-12);
  });

  it("keeps singular values that a Gram matrix alone would lose", () => {
    // Oracle: A = U·diag(10⁰ … 10⁻¹²)·Vᵀ, whose Gram matrix spans 24 decades.
    const u = svd(gaussian(40, 13, 8)).u;
    const v = svd(gaussian(13, 13, 9)).v;
    const planted = Array.from({ length: 13 }, (_, i) => 10 ** -i);
    const scaled = matrix(
      13,
      13,
      v.data.map((value, k) => value * planted[Math.floor(k / 13)]!),
    );
    svd(slowProduct(transpose(u), scaled)).sigma.forEach((value, i) => {
      expect(Math.abs(value - planted[i]!)).toBeLessThan(1e-15);
    });
  });

  it("takes rank-deficient and zero matrices", () => {
    const low = slowProduct(gaussian(20, 2, 10), gaussian(2, 8, 11));
    const { u, sigma, v } = svd(low);
    expect(gap(slowProduct(u, transpose(u)), identity(8))).toBeLessThan(1e-12);
    expect(gap(slowProduct(v, transpose(v)), identity(8))).toBeLessThan(1e-12);
    expect(sigma[1]!).toBeGreaterThan(0.1);
    for (const value of sigma.subarray(2)) expect(value).toBeLessThan(1e-13);
    expect([...svd(matrix(3, 2)).sigma]).toEqual([0, 0]);
    expect(() => svd(matrix(1, 2, [1, Number.POSITIVE_INFINITY]))).toThrow(RangeError);
  });
});
