import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { createTask } from "../core/task.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import {
  fitGaussianProcess,
  gaussianKernel,
  gaussianProcessDeviation,
  gaussianProcessMean,
} from "./gaussian-process.ts";

/** The inverse by Gauss–Jordan elimination with pivoting: no factor, no triangle. */
function inverse(a: Matrix): Matrix {
  const n = a.rows;
  const work = Array.from({ length: n }, (_, i) =>
    Array.from({ length: 2 * n }, (_, j) => (j < n ? a.data[i * n + j]! : j - n === i ? 1 : 0)),
  );
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k; i < n; i++) if (Math.abs(work[i]![k]!) > Math.abs(work[pivot]![k]!)) pivot = i;
    [work[k], work[pivot]] = [work[pivot]!, work[k]!];
    const scale = work[k]![k]!;
    work[k] = work[k]!.map((value) => value / scale);
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = work[i]![k]!;
      work[i] = work[i]!.map((value, j) => value - factor * work[k]![j]!);
    }
  }
  return matrix(
    n,
    n,
    work.flatMap((row) => row.slice(n)),
  );
}

describe("Gaussian process", () => {
  it("solves its system at a size where the runtime multiplies (oracle: the residual, row by row)", async () => {
    const [side, noise, length] = [34, 1e-2, 3.5];
    const points = matrix(
      side * side,
      2,
      Array.from({ length: 2 * side * side }, (_, k) =>
        k % 2 === 0 ? Math.floor(k / 2 / side) : Math.floor(k / 2) % side,
      ),
    );
    const stream = random(8);
    const values = Array.from({ length: points.rows }, () => stream.normal());
    const { weights } = await fitGaussianProcess(points, values, { length, noise });
    for (let i = 0; i < points.rows; i += 97) {
      let sum = noise * weights[i]!;
      for (let j = 0; j < points.rows; j++) {
        const square =
          (points.data[2 * i]! - points.data[2 * j]!) ** 2 +
          (points.data[2 * i + 1]! - points.data[2 * j + 1]!) ** 2;
        sum += Math.exp(-square / (2 * length * length)) * weights[j]!;
      }
      expect(sum).toBeCloseTo(values[i]!, 9);
    }
  });

  it("is the closed form on one point", async () => {
    const process = await fitGaussianProcess(matrix(1, 2, [3, 4]), [2], { length: 2, noise: 0.25 });
    const at = matrix(2, 2, [3, 4, 3, 6]);
    const k = [1, Math.exp(-0.5)];
    const amplitude = 4 / 1.25;
    expect(process.amplitude).toBeCloseTo(amplitude, 12);
    expect([...gaussianProcessMean(process, at)]).toEqual(
      k.map((value) => expect.closeTo((value * 2) / 1.25, 12)),
    );
    expect([...(await gaussianProcessDeviation(process, at))]).toEqual(
      k.map((value) => expect.closeTo(Math.sqrt(amplitude * (1.25 - value ** 2 / 1.25)), 12)),
    );
  });

  it("is the closed form on three points: 1 + noise on the diagonal, inverse by cofactors", async () => {
    const [x, y, noise] = [[0, 1, 2.5], [1, -2, 0.5], 0.1];
    const k = (a: number, b: number) => Math.exp(-((a - b) ** 2) / (2 * 1.5 ** 2));
    const [p, q, r] = [k(0, 1), k(0, 2.5), k(1, 2.5)];
    const d = 1 + noise;
    const det = d * (d * d - r * r) - p * (p * d - q * r) + q * (p * r - q * d);
    const inv = [
      [d * d - r * r, q * r - p * d, p * r - q * d],
      [q * r - p * d, d * d - q * q, p * q - r * d],
      [p * r - q * d, p * q - r * d, d * d - p * p],
    ].map((row) => row.map((value) => value / det));
    const weights = inv.map((row) => row.reduce((sum, value, j) => sum + value * y[j]!, 0));
    const process = await fitGaussianProcess(matrix(3, 1, x), y, { length: 1.5, noise });
    const at = 1.7;
    const kernel = x.map((value) => k(at, value));
    expect(gaussianProcessMean(process, matrix(1, 1, [at]))[0]).toBeCloseTo(
      kernel.reduce((sum, value, i) => sum + value * weights[i]!, 0),
      12,
    );
    const amplitude = weights.reduce((sum, value, i) => sum + value * y[i]!, 0) / 3;
    const explained = kernel.reduce(
      (sum, a, i) => sum + a * inv[i]!.reduce((inner, value, j) => inner + value * kernel[j]!, 0),
      0,
    );
    const sd = (await gaussianProcessDeviation(process, matrix(1, 1, [at])))[0];
    expect(sd).toBeCloseTo(Math.sqrt(amplitude * (1 + noise - explained)), 12);
  });

  it("agrees with a brute-force inverse on 90 points, over several blocks", async () => {
    const stream = random(3);
    const points = matrix(
      90,
      2,
      Float64Array.from({ length: 180 }, () => 12 * stream.uniform()),
    );
    const values = Float64Array.from({ length: 90 }, () => stream.normal());
    const process = await fitGaussianProcess(points, values, { length: 2, noise: 0.05 });
    const kernel = gaussianKernel(points, points, 2);
    for (let i = 0; i < 90; i++) kernel.data[i * 90 + i]! += 0.05;
    const inv = inverse(kernel);
    const at = matrix(
      300,
      2,
      Float64Array.from({ length: 600 }, () => 15 * stream.uniform()),
    );
    const cross = gaussianKernel(at, points, 2);
    const mean = gaussianProcessMean(process, at);
    const sd = await gaussianProcessDeviation(process, at);
    for (let r = 0; r < 300; r++) {
      let expected = 0;
      let explained = 0;
      for (let i = 0; i < 90; i++) {
        for (let j = 0; j < 90; j++) {
          const weight = cross.data[r * 90 + i]! * inv.data[i * 90 + j]!;
          expected += weight * values[j]!;
          explained += weight * cross.data[r * 90 + j]!;
        }
      }
      expect(mean[r]).toBeCloseTo(expected, 8);
      expect(sd[r]).toBeCloseTo(Math.sqrt(process.amplitude * (1.05 - explained)), 8);
    }
  });

  it("takes the amplitude of largest marginal likelihood", async () => {
    const stream = random(4);
    const points = matrix(
      12,
      1,
      Float64Array.from({ length: 12 }, (_, i) => i),
    );
    const values = Float64Array.from({ length: 12 }, () => 3 * stream.normal());
    const { amplitude, weights, factor } = await fitGaussianProcess(points, values, {
      length: 1,
      noise: 0.1,
    });
    const quadratic = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    let logDet = 0;
    for (let i = 0; i < 12; i++) logDet += 2 * Math.log(factor.data[i * 13]!);
    const likelihood = (s: number) => -0.5 * (quadratic / s + 12 * Math.log(s) + logDet);
    for (const s of [0.5, 0.9, 1.1, 2])
      expect(likelihood(amplitude)).toBeGreaterThan(likelihood(s * amplitude));
  });

  it("stops when told, and refuses bad input by name", async () => {
    const points = matrix(2, 1, [0, 1]);
    const abort = new AbortController();
    abort.abort();
    const cancelled = fitGaussianProcess(points, [1, 2], {
      length: 1,
      noise: 0.1,
      task: createTask({ signal: abort.signal }),
    });
    await expect(cancelled).rejects.toThrow("cancelled");
    const cases: [Matrix, number[], number, number, string][] = [
      [matrix(0, 1), [], 1, 0.1, "0 values for 0 points"],
      [points, [1], 1, 0.1, "1 values for 2 points"],
      [points, [1, 2], 0, 0.1, "length 0; expected a positive"],
      [points, [1, 2], 1, -1, "noise -1; expected a positive"],
      [points, [1, 2], 1, Number.NaN, "noise NaN"],
      [points, [1, Number.NaN], 1, 0.1, "point 1 is (1) with value NaN"],
      [matrix(2, 1, [0, Infinity]), [1, 2], 1, 0.1, "point 1 is (Infinity)"],
      [matrix(2, 1, [3, 3]), [1, 2], 1, 1e-300, "singular in double precision: raise the noise"],
    ];
    for (const [x, y, length, noise, message] of cases) {
      await expect(fitGaussianProcess(x, y, { length, noise })).rejects.toThrow(message);
    }
    expect(() => gaussianKernel(points, matrix(1, 2), 1)).toThrow("points in 1 and in 2 dimensions");
  });
});
