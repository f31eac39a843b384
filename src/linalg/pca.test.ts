import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { leadingScores, pca, project, reconstruct } from "./pca.ts";
import { columnOf, fromRows, rowOf, takeRows } from "./rows.ts";

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const source = random(seed, "pca");
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => source.normal()),
  );
}

describe("pca", () => {
  it("has the closed form of a 2×2 covariance", () => {
    const x = gaussian(200, 2, 1);
    for (let i = 0; i < 200; i++) x.data[2 * i + 1]! += 0.7 * x.data[2 * i]!;
    // Oracle: eigenvalues (tr ± √(tr² − 4 det))/2 of the covariance, formed by its definition.
    const [a, b] = [columnOf(x, 0), columnOf(x, 1)];
    const [ma, mb] = [a, b].map((c) => c.reduce((s, v) => s + v, 0) / 200);
    const cov = (p: Float64Array, mp: number, q: Float64Array, mq: number) =>
      p.reduce((s, v, i) => s + (v - mp) * (q[i]! - mq), 0) / 199;
    const [aa, ab, bb] = [cov(a, ma!, a, ma!), cov(a, ma!, b, mb!), cov(b, mb!, b, mb!)];
    const root = Math.sqrt((aa - bb) ** 2 + 4 * ab * ab);
    const fitted = pca(x);
    expect(fitted.variance[0]).toBeCloseTo((aa + bb + root) / 2, 12);
    expect(fitted.variance[1]).toBeCloseTo((aa + bb - root) / 2, 12);
    expect(fitted.explained[0]! + fitted.explained[1]!).toBeCloseTo(1, 14);
    const angle = Math.atan2(2 * ab, aa - bb) / 2;
    const direction = rowOf(fitted.components, 0);
    expect(Math.abs(direction[0]! * Math.cos(angle) + direction[1]! * Math.sin(angle))).toBeCloseTo(1, 12);
  });

  it.each([
    [30, 8],
    [8, 30],
  ])("reconstructs %i×%i, centred scores being uncorrelated", (m, n) => {
    const x = gaussian(m, n, 2);
    const fitted = pca(x);
    const back = reconstruct(fitted, fitted.scores);
    back.data.forEach((value, k) => {
      expect(value).toBeCloseTo(x.data[k]!, 11);
    });
    project(fitted, x).data.forEach((value, k) => {
      expect(value).toBeCloseTo(fitted.scores.data[k]!, 11);
    });
    const k = Math.min(m, n);
    for (let i = 0; i < k; i++) {
      const u = columnOf(fitted.scores, i);
      expect(u.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 10);
      for (let j = 0; j < k; j++) {
        const w = columnOf(fitted.scores, j);
        const covariance = u.reduce((s, v, row) => s + v * w[row]!, 0) / (m - 1);
        expect(covariance).toBeCloseTo(i === j ? fitted.variance[i]! : 0, 10);
      }
    }
  });

  it("gives each component the sign that makes its largest loading positive, whatever the sign of the data", () => {
    const x = gaussian(40, 6, 3);
    const mirrored = matrix(
      40,
      6,
      x.data.map((value) => -value),
    );
    const [one, other] = [pca(x), pca(mirrored)];
    for (let c = 0; c < 6; c++) {
      const loadings = rowOf(one.components, c);
      const largest = loadings.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
      expect(largest).toBeGreaterThan(0);
      expect(rowOf(other.components, c)[0]).toBeCloseTo(loadings[0]!, 10);
    }
    expect(other.scores.data[0]).toBeCloseTo(-one.scores.data[0]!, 10);
  });

  it("keeps the best k components: the loss is the variance left out", () => {
    const x = gaussian(25, 7, 4);
    const full = pca(x);
    const three = pca(x, { components: 3 });
    const back = reconstruct(three, three.scores);
    const loss = back.data.reduce((s, v, i) => s + (v - x.data[i]!) ** 2, 0) / 24;
    expect(loss).toBeCloseTo(
      full.variance.subarray(3).reduce((a, b) => a + b, 0),
      10,
    );
    const narrow = matrix(
      25,
      3,
      Float64Array.from({ length: 75 }, (_, i) => full.scores.data[Math.floor(i / 3) * 7 + (i % 3)]!),
    );
    expect(reconstruct(full, narrow).data[5]).toBeCloseTo(back.data[5]!, 11);
  });

  it.each([
    [80, 64],
    [12, 30],
    [9, 9],
    [5, 1],
  ])("leadingScores are those of the whole decomposition up to sign, %i×%i", (rows, cols) => {
    const stream = random(rows);
    const x = matrix(
      rows,
      cols,
      Array.from({ length: rows * cols }, (_, k) => stream.normal() / (1 + (k % cols)) + 7),
    );
    const count = Math.min(3, cols);
    const leading = leadingScores(x, count);
    const { scores } = pca(x, { components: count });
    for (let c = 0; c < count; c++) {
      const [own, whole] = [columnOf(leading, c), columnOf(scores, c)];
      const sign = Math.sign(own.reduce((sum, v, i) => sum + v * whole[i]!, 0));
      own.forEach((v, i) => {
        expect(sign * v).toBeCloseTo(whole[i]!, 10);
      });
    }
  });

  it("leadingScores refuse as many components as there are none of", () => {
    for (const count of [0, 1.5, 4]) {
      expect(() => leadingScores(matrix(3, 5), count)).toThrow(
        /leadingScores: .* of a 3×5 matrix; expected 1 to 3/,
      );
    }
    expect(() => leadingScores(matrix(1, 5), 1)).toThrow(RangeError);
  });

  it("takes constant rows and refuses what has no components", () => {
    const flat = pca(takeRows(fromRows([[1, 2, 3]]), [0, 0, 0]));
    expect([...flat.explained]).toEqual([0, 0, 0]);
    expect(() => pca(matrix(1, 4))).toThrow(/at least 2 rows/);
    expect(() => pca(matrix(4, 3), { components: 4 })).toThrow(/4 components of a 4×3 matrix/);
    expect(() => pca(matrix(4, 3), { components: 0 })).toThrow(/expected 1 to 3/);
    expect(() => pca(matrix(2, 2, [1, 2, Number.NaN, 4]))).toThrow(RangeError);
    expect(() => project(pca(matrix(3, 2, [1, 2, 3, 5, 9, 1])), matrix(1, 3))).toThrow(/3 values/);
  });

  it.each([
    [180, 1024],
    [3300, 64],
  ])("keeps all of the variance of %i×%i", (m, n) => {
    const x = gaussian(m, n, 5);
    const { variance, mean } = pca(x);
    // Oracle: the trace of the covariance, by its definition.
    let trace = 0;
    x.data.forEach((value, k) => {
      trace += (value - mean[k % n]!) ** 2 / (m - 1);
    });
    expect(Math.abs(variance.reduce((sum, v) => sum + v, 0) / trace - 1)).toBeLessThan(1e-12);
  });
});
