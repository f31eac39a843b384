import { describe, expect, it } from "vitest";
import { randomWalk } from "../../claims/nulls/random-walk.ts";
import { smoothPath } from "../../claims/nulls/smooth-path.ts";
import { random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { pca } from "../../linalg/pca.ts";
import { columnOf } from "../../linalg/rows.ts";
import { quantile } from "../../stats/quantile.ts";
import { fitHelix, helixAt, turnsGrid } from "./helix.ts";
import { helixStatistic } from "./helix-statistic.ts";
import { plantedHelix } from "./planted-helix.ts";

const t = Float64Array.from({ length: 80 }, (_, i) => i / 79);

function look(rows: Matrix) {
  const { scores } = pca(rows, { components: 3 });
  return {
    fit: fitHelix(scores, t),
    statistic: helixStatistic(columnOf(scores, 1), columnOf(scores, 2), t),
  };
}

describe("fitHelix", () => {
  it("recovers planted coefficients exactly", () => {
    const planted = matrix(4, 3, [1, -2, 0.5, 7, 0.3, -1, 0.2, 1.1, 0.4, -0.6, 0.1, 1.3]);
    const truth = { coefficients: planted, turns: 2.35 };
    const scores = matrix(80, 3);
    t.forEach((at, i) => {
      scores.data.set(helixAt(truth, at), 3 * i);
    });
    const fit = fitHelix(scores, t);
    expect(fit.turns).toBe(2.35);
    expect(fit.r2).toBeCloseTo(1, 13);
    fit.coefficients.data.forEach((value, k) => {
      expect(value).toBeCloseTo(planted.data[k]!, 10);
    });
    fit.fitted.data.forEach((value, k) => {
      expect(value).toBeCloseTo(scores.data[k]!, 11);
    });
  });

  it("finds the least squares of normal equations solved by brute force at every frequency", () => {
    const source = random(1);
    const y = matrix(
      40,
      3,
      Float64Array.from({ length: 120 }, () => source.normal()),
    );
    const times = Float64Array.from({ length: 40 }, (_, i) => (i / 39) ** 1.2);
    const fit = fitHelix(y, times);
    const losses = turnsGrid.map((f) => bruteForceLoss(y, times, f));
    const least = Math.min(...losses);
    expect(fit.turns).toBe(turnsGrid[losses.indexOf(least)]);
    let total = 0;
    for (let c = 0; c < 3; c++) {
      const column = columnOf(y, c);
      const centre = column.reduce((a, b) => a + b) / 40;
      total += column.reduce((a, b) => a + (b - centre) ** 2, 0);
    }
    expect(fit.r2).toBeCloseTo(1 - least / total, 8);
    expect(turnsGrid.at(0)).toBe(0.5);
    expect(turnsGrid.at(-1)).toBe(6);
  });

  it("refuses shapes that do not fit", () => {
    expect(() => fitHelix(matrix(8, 3), [0, 1])).toThrow(/8 rows of scores but 2 values of t/);
    expect(() => fitHelix(matrix(4, 3), [0, 0.3, 0.6, 1])).toThrow(/needs at least 6/);
  });
});

describe("helixStatistic", () => {
  it("is its definition, written out in complex arithmetic", () => {
    const source = random(2);
    const a = Float64Array.from(t, (at) => Math.cos(15 * at) + 0.4 * source.normal() + 3 * at);
    const b = Float64Array.from(t, (at) => 5 * Math.sin(15 * at) + 2 * source.normal());
    const clean = (y: Float64Array) => {
      // Detrending by the normal equations of a straight line in closed form.
      const [n, st, sy] = [80, t.reduce((p, q) => p + q), y.reduce((p, q) => p + q)];
      const stt = t.reduce((p, q) => p + q * q, 0);
      const sty = t.reduce((p, q, i) => p + q * y[i]!, 0);
      const slope = (n * sty - st * sy) / (n * stt - st * st);
      const rest = y.map((value, i) => value - (sy - slope * st) / n - slope * t[i]!);
      const sd = Math.sqrt(rest.reduce((p, q) => p + q * q, 0) / n);
      return rest.map((value) => value / sd);
    };
    const [u, w] = [clean(a), clean(b)];
    let best = 0;
    for (let f = 1.5; f < 4.001; f += 0.05) {
      for (const sign of [1, -1]) {
        let [re, im, power] = [0, 0, 0];
        t.forEach((at, i) => {
          const [x, y, c, s] = [
            u[i]!,
            sign * w[i]!,
            Math.cos(-2 * Math.PI * f * at),
            Math.sin(-2 * Math.PI * f * at),
          ];
          re += (x * c - y * s) / 80;
          im += (x * s + y * c) / 80;
          power += (x * x + y * y) / 80;
        });
        best = Math.max(best, (re * re + im * im) / power);
      }
    }
    expect(helixStatistic(a, b, t).q).toBeCloseTo(best, 12);
  });

  it("is 1 for a perfect circle without trend, 0 for constants, and blind to signs and scales", () => {
    const open = Float64Array.from({ length: 80 }, (_, i) => i / 80);
    const c = Float64Array.from(open, (at) => Math.cos(2 * Math.PI * 2 * at));
    const s = Float64Array.from(open, (at) => Math.sin(2 * Math.PI * 2 * at));
    const q = helixStatistic(c, s, open).q;
    expect(q).toBeGreaterThan(0.9);
    expect(
      helixStatistic(
        c,
        s.map((v) => -7 * v),
        open,
      ).q,
    ).toBeCloseTo(q, 12);
    expect(helixStatistic(c, c, open).q).toBeLessThan(0.55);
    expect(helixStatistic(new Float64Array(80), new Float64Array(80), open).q).toBe(0);
  });
});

describe("what chance gives, 80 tokens × 64 dimensions (independent re-computation in NumPy, spec section 9)", () => {
  it("random walks: 99 % of q below 0.81, at most 1.25 turns, median R² 0.98", () => {
    const all = Array.from({ length: 400 }, (_, i) => look(randomWalk(80, 64, random(3, "walk", i))));
    const q = all.map(({ statistic }) => statistic.q);
    expect(quantile(q, 0.99)).toBeGreaterThan(0.77);
    expect(q.filter((value) => value < 0.81).length / q.length).toBeGreaterThan(0.975);
    expect(Math.max(...all.map(({ fit }) => fit.turns))).toBeLessThanOrEqual(1.25);
    expect(
      quantile(
        all.map(({ fit }) => fit.r2),
        0.5,
      ),
    ).toBeCloseTo(0.98, 2);
  });

  it("smooth paths of length 10: 99 % of q below 0.89", () => {
    const model = smoothPath(10);
    const q = Array.from({ length: 400 }, (_, i) => look(model(80, 64, random(4, "smooth", i))).statistic.q);
    expect(q.filter((value) => value < 0.89).length / q.length).toBeGreaterThan(0.97);
    expect(quantile(q, 0.99)).toBeGreaterThan(0.85);
    expect(quantile(q, 0.99)).toBeLessThan(0.915);
  });

  it("clean helices: q 0.91 to 0.92 with a noise of 0.05 to 0.1 radii, above all but chance's last percent", () => {
    for (let seed = 0; seed < 20; seed++) {
      const noise = 0.05 + 0.0025 * seed;
      const { fit, statistic } = look(plantedHelix(80, 64, { turns: 2, noise }, random(5, seed)));
      expect(statistic.q).toBeGreaterThan(0.9);
      expect(statistic.q).toBeLessThan(0.93);
      expect(fit.turns).toBeGreaterThanOrEqual(1.95);
      expect(fit.turns).toBeLessThanOrEqual(2.05);
      expect(fit.r2).toBeGreaterThan(0.97);
    }
  });
});

describe("null models", () => {
  it("a walk's variance grows as the number of steps", () => {
    const walk = randomWalk(50, 4000, random(6));
    for (const i of [0, 9, 49]) {
      const square = walk.data.subarray(i * 4000, (i + 1) * 4000).reduce((a, b) => a + b * b, 0) / 4000;
      expect(square / (i + 1)).toBeGreaterThan(0.9);
      expect(square / (i + 1)).toBeLessThan(1.1);
    }
  });

  it("a smooth path has the covariance exp(−d²/2ℓ²)", () => {
    const path = smoothPath(6)(30, 6000, random(7));
    for (const d of [0, 3, 6, 12]) {
      let sum = 0;
      for (let j = 0; j < 6000; j++) sum += path.data[5 * 6000 + j]! * path.data[(5 + d) * 6000 + j]!;
      expect(Math.abs(sum / 6000 - Math.exp(-(d * d) / 72))).toBeLessThan(0.06);
    }
  });
});

/** Oracle: normal equations by Gaussian elimination with pivoting. */
function bruteForceLoss(y: Matrix, times: Float64Array, f: number): number {
  const rows = Array.from(times, (at) => {
    const angle = 2 * Math.PI * f * at;
    return [1, at, Math.cos(angle), Math.sin(angle)];
  });
  let loss = 0;
  for (let c = 0; c < y.cols; c++) {
    const a = [0, 1, 2, 3].map((i) => [
      ...[0, 1, 2, 3].map((j) => rows.reduce((sum, r) => sum + r[i]! * r[j]!, 0)),
      rows.reduce((sum, r, k) => sum + r[i]! * y.data[k * y.cols + c]!, 0),
    ]);
    for (let k = 0; k < 4; k++) {
      const pivot = a
        .slice(k)
        .reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(a[best]![k]!) ? i + k : best), k);
      [a[k], a[pivot]] = [a[pivot]!, a[k]!];
      for (let i = 0; i < 4; i++) {
        if (i === k) continue;
        const factor = a[i]![k]! / a[k]![k]!;
        for (let j = k; j < 5; j++) a[i]![j]! -= factor * a[k]![j]!;
      }
    }
    rows.forEach((r, k) => {
      const fitted = r.reduce((sum, value, i) => sum + (value * a[i]![4]!) / a[i]![i]!, 0);
      loss += (y.data[k * y.cols + c]! - fitted) ** 2;
    });
  }
  return loss;
}
