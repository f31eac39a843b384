import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { eigenSymmetric } from "./eigen-symmetric.ts";
import { hutchinson, hutchPlusPlus } from "./hutchpp.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { gram } from "./products.ts";
import { exactQuadrature, quadratureTrace, spectralDensity, spectralQuadrature } from "./slq.ts";
import { frobenius, traceOf } from "./symmetric.ts";
import { operatorOf } from "./symmetric-operator.ts";

/** A few large eigenvalues and many small ones, some negative. */
async function matrixLikeAHessian(n: number): Promise<Matrix> {
  const draw = random(1, "estimators");
  const rows = matrix(
    6,
    n,
    Float64Array.from({ length: 6 * n }, () => draw.normal()),
  );
  const a = await gram(rows, "columns");
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const noise = 0.3 * draw.normal();
      a.data[i * n + j]! += noise;
      if (i !== j) a.data[j * n + i]! += noise;
    }
  }
  return a;
}

describe("stochastic Lanczos quadrature", () => {
  it("has the moments tr A and tr A² of the matrix within its error bars, and tr f for all of them", async () => {
    const n = 200;
    const a = await matrixLikeAHessian(n);
    const values = eigenSymmetric(a).values;
    const q = await spectralQuadrature(operatorOf(a), { random: random(2), probes: 30, steps: 40 });
    // Oracles: the diagonal's sum, the Frobenius norm, and f of the dense eigenvalues.
    const cases: [(x: number) => number, number][] = [
      [(x) => x, traceOf(a)],
      [(x) => x * x, frobenius(a) ** 2],
      [() => 1, n],
      [(x) => Math.exp(-((x / 5) ** 2)), values.reduce((s, x) => s + Math.exp(-((x / 5) ** 2)), 0)],
    ];
    for (const [f, expected] of cases) {
      const { value, error } = quadratureTrace(q, f);
      expect(Math.abs(value - expected)).toBeLessThan(4 * error + 1e-9 * Math.abs(expected));
      expect(error).toBeLessThan(0.2 * Math.abs(expected));
    }
  });

  it("integrates exactly what its probes see: zᵀA²z = ‖Az‖² for each", async () => {
    const n = 60;
    const a = await matrixLikeAHessian(n);
    const q = await spectralQuadrature(operatorOf(a), { random: random(3), probes: 1, steps: 5 });
    const signs = random(3);
    const z = Float64Array.from({ length: n }, () => (signs.uniform() < 0.5 ? -1 : 1));
    const image = await operatorOf(a).multiply(matrix(1, n, z));
    const squares = image.data.reduce((s, v) => s + v * v, 0);
    expect(quadratureTrace(q, (x) => x * x).value / squares).toBeCloseTo(1, 12);
    expect(quadratureTrace(q, (x) => x).error).toBeNaN();
  });

  it("has a density that integrates to 1 and is near the broadened full spectrum", async () => {
    const n = 200;
    const a = await matrixLikeAHessian(n);
    const values = eigenSymmetric(a).values;
    const q = await spectralQuadrature(operatorOf(a), { random: random(4), probes: 20, steps: 80 });
    const width = 3;
    const step = 0.5;
    const from = values[n - 1]! - 15;
    const grid = Float64Array.from(
      { length: Math.ceil((values[0]! + 15 - from) / step) },
      (_, i) => from + i * step,
    );
    const estimate = spectralDensity(q, { grid, width });
    const full = spectralDensity(exactQuadrature(values), { grid, width });
    expect(step * estimate.density.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 6);
    expect(full.error.every((e) => e === 0)).toBe(true);
    const misses = grid.filter(
      (_, i) => Math.abs(estimate.density[i]! - full.density[i]!) > 4 * estimate.error[i]! + 2e-4,
    );
    expect(misses.length).toBeLessThan(0.02 * grid.length);
    const peak =
      values.reduce((s, v) => s + Math.exp(-0.5 * (v / width) ** 2), 0) /
      (n * width * Math.sqrt(2 * Math.PI));
    expect(
      spectralDensity(exactQuadrature(values), { grid: Float64Array.of(0), width }).density[0],
    ).toBeCloseTo(peak, 12);
  });

  it("stops where the space is closed and repeats itself", async () => {
    const identity = operatorOf(matrix(3, 3, [2, 0, 0, 0, 2, 0, 0, 0, 2]));
    const q = await spectralQuadrature(identity, { random: random(1), probes: 2, steps: 3 });
    expect(q.probes.map(({ nodes }) => nodes.length)).toEqual([1, 1]);
    expect(quadratureTrace(q, (x) => x)).toEqual({
      value: expect.closeTo(6, 12),
      error: expect.closeTo(0, 12),
    });
    const run = () => spectralQuadrature(identity, { random: random(9), probes: 2 });
    expect(await run()).toEqual(await run());
    for (const bad of [{ probes: 0 }, { steps: 0 }, { probes: 1.5 }]) {
      await expect(spectralQuadrature(identity, { random: random(1), ...bad })).rejects.toThrow(
        "whole numbers",
      );
    }
    expect(() => spectralDensity(q, { grid: Float64Array.of(1), width: 0 })).toThrow("width 0");
  });
});

describe("trace estimates", () => {
  it("Hutch++ is right within its error, with a spread far below Hutchinson's at equal cost", async () => {
    const n = 300;
    const a = await matrixLikeAHessian(n);
    const exact = traceOf(a);
    const deviations = { plus: [] as number[], plain: [] as number[] };
    for (let seed = 0; seed < 12; seed++) {
      const options = { products: 60, random: random(seed, "trace") };
      const plus = await hutchPlusPlus(operatorOf(a), options);
      const plain = await hutchinson(operatorOf(a), options);
      expect(plus.products).toBeLessThanOrEqual(60);
      expect(Math.abs(plus.value - exact)).toBeLessThan(5 * plus.error);
      expect(Math.abs(plain.value - exact)).toBeLessThan(5 * plain.error);
      deviations.plus.push(plus.value - exact);
      deviations.plain.push(plain.value - exact);
    }
    const rms = (v: number[]) => Math.sqrt(v.reduce((s, x) => s + x * x, 0) / v.length);
    expect(rms(deviations.plus)).toBeLessThan(0.5 * rms(deviations.plain));
  });

  it("is exact for low rank, for more products than dimensions and for zero", async () => {
    const draw = random(3);
    const low = await gram(
      matrix(
        3,
        40,
        Float64Array.from({ length: 120 }, () => draw.normal()),
      ),
      "columns",
    );
    const found = await hutchPlusPlus(operatorOf(low), { products: 30, random: random(1) });
    expect(found.value).toBeCloseTo(traceOf(low), 10);
    expect(found.error).toBeLessThan(1e-9);
    const all = await hutchPlusPlus(operatorOf(await matrixLikeAHessian(8)), {
      products: 60,
      random: random(1),
    });
    expect(all.value).toBeCloseTo(traceOf(await matrixLikeAHessian(8)), 10);
    expect(all.error).toBe(0);
    expect((await hutchPlusPlus(operatorOf(matrix(5, 5)), { random: random(1), products: 6 })).value).toBe(0);
    await expect(hutchPlusPlus(operatorOf(low), { products: 5, random: random(1) })).rejects.toThrow(
      "5 products",
    );
    await expect(hutchinson(operatorOf(low), { products: 1, random: random(1) })).rejects.toThrow(
      "1 products",
    );
  });
});
