import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { cholesky, choleskySteps } from "./cholesky.ts";
import { gramOfRows } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { solveLowerRows } from "./solve-lower.ts";
import { subtractProducts } from "./subtract-products.ts";

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const stream = random(seed);
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => stream.normal()),
  );
}

describe("subtractProducts", () => {
  it("is the sum written out, for every remainder of the tiles and across pieces of the inner sum", () => {
    for (const [m, n, k] of [
      [1, 1, 1],
      [2, 4, 3],
      [3, 5, 7],
      [7, 6, 300],
      [5, 9, 513],
      [4, 3, 0],
    ] as const) {
      const [a, b, c] = [gaussian(m, k, 1), gaussian(n, k, 2), gaussian(m, n, 3)];
      const out = matrix(m, n, c.data.slice());
      subtractProducts(out, a, b, {
        rows: { from: 0, to: m },
        cols: { from: 0, to: n },
        inner: { from: 0, to: k },
      });
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = c.data[i * n + j]!;
          for (let q = 0; q < k; q++) sum -= a.data[i * k + q]! * b.data[j * k + q]!;
          expect(out.data[i * n + j]).toBeCloseTo(sum, 10);
        }
      }
    }
  });

  it("touches nothing outside the ranges", () => {
    const [a, b, c] = [gaussian(6, 9, 1), gaussian(8, 9, 2), gaussian(6, 8, 3)];
    const out = matrix(6, 8, c.data.slice());
    subtractProducts(out, a, b, {
      rows: { from: 1, to: 4 },
      cols: { from: 2, to: 7 },
      inner: { from: 3, to: 8 },
    });
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 8; j++) {
        const inside = i >= 1 && i < 4 && j >= 2 && j < 7;
        expect(out.data[i * 8 + j] !== c.data[i * 8 + j]).toBe(inside);
      }
    }
  });
});

describe("blocked Cholesky factor", () => {
  it.each([63, 64, 65, 131, 200])("is the one of the textbook's loop, n = %i", (n) => {
    const a = gramOfRows(gaussian(n, n + 20, 4));
    const l = cholesky(a);
    // Oracle: Cholesky–Crout, element by element.
    const slow = new Float64Array(n * n);
    for (let j = 0; j < n; j++) {
      for (let i = j; i < n; i++) {
        let sum = a.data[i * n + j]!;
        for (let k = 0; k < j; k++) sum -= slow[i * n + k]! * slow[j * n + k]!;
        slow[i * n + j] = i === j ? Math.sqrt(sum) : sum / slow[j * n + j]!;
      }
    }
    slow.forEach((value, i) => {
      expect(Math.abs(l.data[i]! - value)).toBeLessThan(1e-9);
    });
  });

  it("says how far it is, reads only the lower triangle and names a bad pivot in a late block", () => {
    const a = gramOfRows(gaussian(150, 170, 5));
    const shares = [...choleskySteps(a)];
    expect(shares.length).toBe(3);
    expect(shares).toEqual([...shares].sort((x, y) => x - y));
    expect(shares.at(-1)).toBe(1);
    const lower = matrix(150, 150, a.data.slice());
    for (let i = 0; i < 150; i++) for (let j = i + 1; j < 150; j++) lower.data[i * 150 + j] = Number.NaN;
    expect(cholesky(lower)).toEqual(cholesky(a));
    a.data[100 * 150 + 100] = -1;
    expect(() => cholesky(a)).toThrow(/pivot 100 is -/);
  });
});

describe("solveLowerRows", () => {
  it.each([1, 5, 64, 130])("gives rows that multiply back to the right-hand sides, n = %i", (n) => {
    const l = cholesky(gramOfRows(gaussian(n, n + 9, 6)));
    const b = gaussian(7, n, 7);
    const x = solveLowerRows(l, b);
    for (let r = 0; r < 7; r++) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let k = 0; k <= i; k++) sum += l.data[i * n + k]! * x.data[r * n + k]!;
        expect(sum).toBeCloseTo(b.data[r * n + i]!, 9);
      }
    }
    expect(() => solveLowerRows(l, matrix(2, n + 1))).toThrow(/expected n×n and m×n/);
  });
});
