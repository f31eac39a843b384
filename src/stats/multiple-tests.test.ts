import { expect, test } from "vitest";
import { random } from "../core/random.ts";
import { auc } from "./auc.ts";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { kolmogorovSmirnovTail, kolmogorovSmirnovUniform } from "./kolmogorov-smirnov.ts";
import { signAgreement } from "./sign-agreement.ts";

test("Benjamini–Hochberg on the fifteen p-values of the 1995 paper: the first four are discoveries at 5 %", () => {
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ];
  const adjusted = [...benjaminiHochberg(p)];
  expect(adjusted.filter((value) => value <= 0.05).length).toBe(4);
  expect(adjusted[0]).toBeCloseTo(0.0015, 12);
  expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
  // 0.0298 · 15/7 is smaller than 0.0278 · 15/6: the step-up minimum passes down.
  expect(adjusted[5]).toBeCloseTo((0.0298 * 15) / 7, 12);
});

test("Benjamini–Hochberg against the definition by brute force, in any order and with ties", () => {
  const stream = random(1, "bh");
  for (let round = 0; round < 50; round++) {
    const m = 1 + stream.int(12);
    const p = Array.from({ length: m }, () => Math.round(20 * stream.uniform()) / 20);
    const adjusted = benjaminiHochberg(p);
    const sorted = [...p].sort((a, b) => a - b);
    p.forEach((value, i) => {
      const candidates = sorted.flatMap((q, k) => (q >= value ? [Math.min(1, (m * q) / (k + 1))] : []));
      expect(adjusted[i]).toBeCloseTo(Math.min(...candidates), 12);
    });
  }
  expect(benjaminiHochberg([]).length).toBe(0);
});

test("the Kolmogorov–Smirnov distribution: published values and closed forms", () => {
  // Marsaglia, Tsang & Wang (2003): P(D₁₀ < 0.274) = 0.6284796154565.
  expect(1 - kolmogorovSmirnovTail(10, 0.274)).toBeCloseTo(0.6284796154565, 10);
  // One value: P(D < d) = 2d − 1. Two: 2(2d − ½)² for ¼ ≤ d ≤ ½, 1 − 2(1 − d)² above (Durbin 1973).
  expect(kolmogorovSmirnovTail(1, 0.8)).toBeCloseTo(0.4, 12);
  expect(1 - kolmogorovSmirnovTail(2, 0.4)).toBeCloseTo(2 * (0.8 - 0.5) ** 2, 12);
  expect(kolmogorovSmirnovTail(2, 0.7)).toBeCloseTo(2 * 0.3 ** 2, 12);
  // Tabulated 5 % point for n = 20: 0.29408 (Miller, J. Am. Stat. Assoc. 51 (1956) 111).
  expect(kolmogorovSmirnovTail(20, 0.29408)).toBeCloseTo(0.05, 4);
  // Large n: Kolmogorov's limit, 1.3581/√n at 5 %.
  expect(kolmogorovSmirnovTail(1000, 1.3581 / Math.sqrt(1000))).toBeGreaterThan(0.047);
  expect(kolmogorovSmirnovTail(1000, 1.3581 / Math.sqrt(1000))).toBeLessThan(0.05);
});

test("exact and tail formulas of Kolmogorov–Smirnov meet, and the limits are 0 and 1", () => {
  for (const n of [100, 400]) {
    const below = kolmogorovSmirnovTail(n, Math.sqrt(3.7599 / n));
    const above = kolmogorovSmirnovTail(n, Math.sqrt(3.7601 / n));
    expect(above / below).toBeGreaterThan(0.995);
    expect(above / below).toBeLessThan(1.001);
  }
  expect(kolmogorovSmirnovTail(5, 0)).toBe(1);
  expect(kolmogorovSmirnovTail(5, 1)).toBe(0);
});

test("D by brute force over a fine grid; uniform values pass, squared ones do not", () => {
  const stream = random(2, "ks");
  const values = Array.from({ length: 300 }, () => stream.uniform());
  const { d, p } = kolmogorovSmirnovUniform(values);
  let brute = 0;
  for (let i = 0; i <= 3000; i++) {
    const x = i / 3000;
    brute = Math.max(brute, Math.abs(values.filter((value) => value <= x).length / 300 - x));
  }
  expect(d).toBeGreaterThanOrEqual(brute - 1e-9);
  expect(d).toBeLessThan(brute + 1 / 3000 + 1 / 300);
  expect(p).toBeGreaterThan(0.01);
  expect(kolmogorovSmirnovUniform(values.map((value) => value * value)).p).toBeLessThan(1e-6);
  expect(kolmogorovSmirnovUniform([0.1, 0.2, 0.9]).d).toBeCloseTo(2 / 3 - 0.2, 12);
});

test("AUC and sign agreement against counting pairs", () => {
  const stream = random(3, "auc");
  for (let round = 0; round < 30; round++) {
    const scores = Array.from({ length: 15 }, () => stream.int(6));
    const positive = scores.map((_, i) => i < 5);
    let won = 0;
    for (let i = 0; i < 5; i++) {
      for (let j = 5; j < 15; j++) {
        won += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }
    }
    expect(auc(scores, positive)).toBeCloseTo(won / 50, 12);
  }
  expect(signAgreement([1, -2, 0, 0, 3], [5, -1, 0, 1, -1])).toBe(0.5);
  expect(signAgreement([0, 0], [0, 0])).toBeNaN();
});

test.each([
  ["auc", () => auc([1], [true, false])],
  ["both classes", () => auc([1, 2], [true, true])],
  ["NaN", () => auc([1, Number.NaN], [true, false])],
  ["equal length", () => signAgreement([1], [1, 2])],
  ["NaN", () => signAgreement([Number.NaN], [1])],
  ["value 1 is 1.5", () => benjaminiHochberg([0.1, 1.5])],
  ["value 0 is NaN", () => benjaminiHochberg([Number.NaN])],
  ["no values", () => kolmogorovSmirnovUniform([])],
  ["is 2", () => kolmogorovSmirnovUniform([0.5, 2])],
  ["is NaN", () => kolmogorovSmirnovUniform([Number.NaN])],
])("bad input is refused, saying %j", (said, call) => {
  expect(call).toThrow(said);
});
