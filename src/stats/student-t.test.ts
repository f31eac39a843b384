import { expect, test } from "vitest";
import { incompleteBeta, logGamma, studentHalfWidth, studentShareWithin } from "./student-t.ts";

test("logGamma at whole and half numbers", () => {
  // Oracle: Γ(n) = (n−1)!, Γ(½) = √π.
  expect(logGamma(1)).toBeCloseTo(0, 13);
  expect(logGamma(6)).toBeCloseTo(Math.log(120), 13);
  expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
});

test("the share within ±t in closed form for one and two degrees of freedom", () => {
  for (const t of [0.1, 1, 3, 12, 60]) {
    expect(studentShareWithin(t, 1)).toBeCloseTo((2 / Math.PI) * Math.atan(t), 12);
    expect(studentShareWithin(t, 2)).toBeCloseTo(t / Math.sqrt(2 + t * t), 12);
  }
  expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
});

test("half widths as in printed tables (95 %, two-sided)", () => {
  // Oracle: Student's table, Abramowitz & Stegun 26.10: 12.706, 4.303, 2.776, 2.228, 2.042.
  for (const [freedom, t] of [
    [1, 12.706],
    [2, 4.303],
    [4, 2.776],
    [10, 2.228],
    [30, 2.042],
  ] as const) {
    expect(studentHalfWidth(0.95, freedom)).toBeCloseTo(t, 3);
  }
  expect(() => studentHalfWidth(1, 3)).toThrow(RangeError);
  expect(() => studentHalfWidth(0.9, 0)).toThrow(RangeError);
});
