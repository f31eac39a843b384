import { describe, expect, it } from "vitest";
import { random } from "../core/random.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { pearson, spearman } from "./correlation.ts";
import { mean, rms, variance } from "./describe.ts";
import { exceedancePValue } from "./exceedance.ts";
import { permutationTest } from "./permutation-test.ts";
import { median, quantile } from "./quantile.ts";
import { ranks } from "./ranks.ts";

describe("mean, variance, rms", () => {
  it("has the values worked out by hand for 2, 4, 4, 4, 5, 5, 7, 9", () => {
    const x = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(x)).toBe(5);
    expect(variance(x, 0)).toBe(4);
    expect(variance(x)).toBeCloseTo(32 / 7, 14);
    expect(rms(x)).toBeCloseTo(Math.sqrt(29), 14);
  });

  it("does not cancel on a large offset", () => {
    expect(variance([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1);
  });

  it("is NaN where nothing is defined", () => {
    for (const value of [mean([]), rms([]), variance([]), variance([3])]) expect(value).toBeNaN();
  });
});

describe("quantile", () => {
  it("has NumPy's default values", () => {
    // numpy.quantile([15, 20, 35, 40, 50], [0.05, 0.3, 0.4, 0.5, 1]) = 16, 23, 29, 35, 50, worked out by hand.
    const x = [50, 15, 40, 20, 35];
    for (const [share, value] of [
      [0, 15],
      [0.05, 16],
      [0.3, 23],
      [0.4, 29],
      [0.5, 35],
      [1, 50],
    ] as const) {
      expect(quantile(x, share)).toBeCloseTo(value, 12);
    }
    expect(median([1, 2, 3, 10])).toBe(2.5);
    expect(x[0]).toBe(50);
  });

  it("refuses bad input by name", () => {
    expect(() => quantile([], 0.5)).toThrow(/no values/);
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow(/NaN/);
    for (const share of [-0.1, 1.1, Number.NaN]) expect(() => quantile([1], share)).toThrow(/share/);
  });
});

describe("correlations", () => {
  it("share the mean rank among ties", () => {
    expect([...ranks([10, 20, 20, 5, 20])]).toEqual([2, 4, 4, 1, 4]);
    expect([...ranks([])]).toEqual([]);
  });

  it("have the textbook values", () => {
    // IQ and hours of television, n = 10: ρ = −29/165 (a worked example of Spearman's formula without ties).
    const iq = [86, 97, 99, 100, 101, 103, 106, 110, 112, 113];
    const hours = [2, 20, 28, 27, 50, 29, 7, 17, 6, 12];
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
    expect(pearson([1, 2, 3, 4], [2, 4, 6, 8.0])).toBe(1);
    expect(pearson([1, 2, 3], [1, 3, 2])).toBeCloseTo(0.5, 14);
    // With ties, worked out by hand: ranks 1.5 1.5 3 4 against 1 2 3.5 3.5, 4/√(4.5·4.5).
    expect(spearman([1, 1, 2, 3], [0, 1, 9, 9])).toBeCloseTo(4 / 4.5, 12);
  });

  it("is NaN for a constant and refuses unequal lengths", () => {
    expect(pearson([1, 1], [1, 2])).toBeNaN();
    expect(() => pearson([1, 2], [1])).toThrow(/2 and 1/);
    expect(() => spearman([1], [1])).toThrow(RangeError);
  });
});

describe("p-values", () => {
  it("count exceedances with ties, plus one", () => {
    expect(exceedancePValue(3, [1, 2, 3, 4])).toBe(3 / 5);
    expect(exceedancePValue(9, new Float64Array(999))).toBe(1 / 1000);
    expect(() => exceedancePValue(1, [])).toThrow(/empty/);
    expect(() => exceedancePValue(Number.NaN, [1])).toThrow(/NaN/);
    expect(() => exceedancePValue(1, [Number.NaN])).toThrow(/null value 0/);
  });

  it("are near the exact share over all orders of five values", () => {
    // Oracle: all 120 orders by brute force.
    const x = [1, 2, 3, 4, 5];
    const y = [2, 1, 3, 5, 4];
    const orders: number[][] = [[]];
    for (const value of y) {
      const longer = orders
        .splice(0)
        .flatMap((o) => o.concat(value).map((_, at) => o.toSpliced(at, 0, value)));
      orders.push(...longer);
    }
    const observed = pearson(x, y);
    const exact = orders.filter((o) => pearson(x, o) >= observed - 1e-12).length / orders.length;
    expect(orders.length).toBe(120);
    const test = permutationTest(x, y, (a, b) => Math.round(1e9 * pearson(a, b)), {
      rounds: 4000,
      random: random(1),
    });
    expect(test.p).toBeCloseTo(exact, 1);
    expect(test.floor).toBe(1 / 4001);
  });

  it("are uniform when there is no association", () => {
    const source = random(2);
    let small = 0;
    for (let i = 0; i < 200; i++) {
      const x = Array.from({ length: 12 }, () => source.normal());
      const y = Array.from({ length: 12 }, () => source.normal());
      if (permutationTest(x, y, pearson, { rounds: 99, random: source }).p <= 0.1) small++;
    }
    expect(small).toBeGreaterThan(6);
    expect(small).toBeLessThan(36);
  });
});

describe("bootstrapInterval", () => {
  it("covers a mean about as often as it says, with a width near 2·1.96·σ/√n", () => {
    const source = random(3);
    let covered = 0;
    let width = 0;
    for (let i = 0; i < 100; i++) {
      const x = Array.from({ length: 60 }, () => source.normal());
      const { low, high } = bootstrapInterval(x, mean, { rounds: 200, level: 0.95, random: source });
      if (low <= 0 && high >= 0) covered++;
      width += (high - low) / 100;
    }
    expect(covered).toBeGreaterThan(86);
    expect(width).toBeGreaterThan(0.43);
    expect(width).toBeLessThan(0.56);
    expect(() => bootstrapInterval([], mean, { rounds: 9, level: 0.9, random: source })).toThrow(/no items/);
  });
});
