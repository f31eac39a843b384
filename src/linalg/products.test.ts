import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { Cancelled, createTask } from "../core/task.ts";
import { cholesky, choleskySolve } from "./cholesky.ts";
import { choleskyLarge, choleskySolveRows } from "./cholesky-large.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { addGram, gram, mirrorLower, product } from "./products.ts";
import { addDiagonal, asymmetry, frobenius, symmetrise, traceOf } from "./symmetric.ts";
import { transpose } from "./transpose.ts";

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const source = random(seed, "products", rows, cols);
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => source.normal()),
  );
}

/** Oracle: one element of a product by its definition. */
function element(a: Matrix, b: Matrix, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k]! * b.data[k * b.cols + j]!;
  return sum;
}

function expectProduct(found: Matrix, a: Matrix, b: Matrix): void {
  expect([found.rows, found.cols]).toEqual([a.rows, b.cols]);
  const places = random(5, "places");
  for (let draw = 0; draw < 2000; draw++) {
    const [i, j] = [places.int(a.rows), places.int(b.cols)];
    expect(Math.abs(found.data[i * b.cols + j]! - element(a, b, i, j))).toBeLessThan(1e-11);
  }
  for (const [i, j] of [
    [0, 0],
    [a.rows - 1, b.cols - 1],
    [0, b.cols - 1],
  ] as const) {
    expect(Math.abs(found.data[i * b.cols + j]! - element(a, b, i, j))).toBeLessThan(1e-11);
  }
}

describe("product", () => {
  it.each([
    [13, 7, 9],
    [530, 600, 521],
    [1030, 513, 40],
  ])("is the sum by definition for %i×%i×%i, either factor transposed or not", async (m, k, n) => {
    const a = gaussian(m, k, 1);
    const b = gaussian(k, n, 2);
    expectProduct(await product(a, b), a, b);
    expectProduct(await product(transpose(a), b, { transposeA: true }), a, b);
    expectProduct(await product(a, transpose(b), { transposeB: true }), a, b);
    expectProduct(await product(transpose(a), transpose(b), { transposeA: true, transposeB: true }), a, b);
  });

  it("gives the same bytes twice, and says which sizes do not fit", async () => {
    const a = gaussian(600, 700, 3);
    const b = gaussian(700, 300, 4);
    expect(await product(a, b)).toEqual(await product(a, b));
    await expect(product(a, a)).rejects.toThrow("600×700 times 600×700: 700 ≠ 600");
  });

  it("hears that it should stop", async () => {
    const stop = new AbortController();
    stop.abort();
    const a = gaussian(600, 600, 3);
    await expect(product(a, a, { task: createTask({ signal: stop.signal }) })).rejects.toThrow(Cancelled);
  });
});

describe("gram", () => {
  it.each([
    [30, 20],
    [700, 530],
  ])("of rows and columns of %i×%i, exactly symmetric, also summed over batches", async (m, n) => {
    const a = gaussian(m, n, 6);
    const columns = await gram(a, "columns");
    expectProduct(columns, transpose(a), a);
    expectProduct(await gram(a, "rows"), a, transpose(a));
    expect(asymmetry(columns).gap).toBe(0);
    const sum = matrix(n, n);
    const half = Math.floor(m / 3);
    await addGram(sum, matrix(half, n, a.data.slice(0, half * n)), "columns");
    await addGram(sum, matrix(m - half, n, a.data.slice(half * n)), "columns");
    mirrorLower(sum);
    expectProduct(sum, transpose(a), a);
  });
});

describe("large Cholesky factor", () => {
  it.each([40, 1100])("equals the plain one and solves, n = %i", async (n) => {
    const a = addDiagonal(await gram(gaussian(n, n + 10, 7), "rows"), 0.5);
    const plain = cholesky(a);
    const large = await choleskyLarge(a);
    const scale = frobenius(plain);
    large.data.forEach((value, i) => {
      if (Math.abs(value - plain.data[i]!) > 1e-13 * scale) throw new Error(`element ${i} differs`);
    });
    const right = gaussian(3, n, 8);
    const x = await choleskySolveRows(large, right);
    for (let r = 0; r < 3; r++) {
      const one = choleskySolve(plain, right.data.subarray(r * n, (r + 1) * n));
      const norm = Math.hypot(...one);
      one.forEach((value, i) => {
        expect(Math.abs(x.data[r * n + i]! - value)).toBeLessThan(1e-9 * norm);
      });
    }
    const place = matrix(n, n, a.data.slice());
    expect(await choleskyLarge(place, { inPlace: true })).toEqual(large);
    expect(place.data).toEqual(large.data);
  });

  it("solves many right-hand sides by products of the runtime", async () => {
    const n = 600;
    const a = addDiagonal(await gram(gaussian(n, n, 9), "rows"), 1);
    const solution = gaussian(700, n, 10);
    const right = await product(solution, a);
    const found = await choleskySolveRows(await choleskyLarge(a), right);
    const gap = found.data.reduce((worst, v, i) => Math.max(worst, Math.abs(v - solution.data[i]!)), 0);
    expect(gap).toBeLessThan(1e-8);
  });

  it("names the bad pivot and bad shapes", async () => {
    const a = addDiagonal(matrix(1100, 1100), 1);
    a.data[700 * 1100 + 700] = -2;
    await expect(choleskyLarge(a)).rejects.toThrow("pivot 700 is -2");
    await expect(choleskyLarge(matrix(2, 3))).rejects.toThrow("needs a square matrix, got 2×3");
    await expect(choleskySolveRows(matrix(2, 2), matrix(1, 3))).rejects.toThrow("b 1×3");
  });
});

describe("symmetric helpers", () => {
  it("agree with their definitions on a small matrix", () => {
    const a = matrix(2, 2, [1, 2, 5, -3]);
    expect(symmetrise(a)).toEqual(matrix(2, 2, [1, 3.5, 3.5, -3]));
    expect(asymmetry(a)).toEqual({ gap: 3, row: 1, col: 0 });
    expect(frobenius(a)).toBeCloseTo(Math.sqrt(39), 14);
    expect(traceOf(a)).toBe(-2);
    expect(addDiagonal(a, 1)).toEqual(matrix(2, 2, [2, 2, 5, -2]));
    for (const f of [symmetrise, asymmetry, traceOf, (m: Matrix) => addDiagonal(m, 1)]) {
      expect(() => f(matrix(1, 2))).toThrow("square");
    }
  });
});
