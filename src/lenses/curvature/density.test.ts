import { expect, test } from "vitest";
import { stretchedDensity } from "./density.ts";

test("the density integrates to one over the stretched axis, weights or not", () => {
  const values = [-0.2, 5e-5, 5e-5, 0.1, 68];
  for (const weights of [undefined, [0.1, 0.2, 0.3, 0.3, 0.1]]) {
    const linear = 1e-4;
    const { at, density } = stretchedDensity(values, {
      linear,
      points: 2000,
      ...(weights ? { weights } : {}),
    });
    const u = at.map((value) => Math.asinh(value / linear));
    let area = 0;
    for (let k = 1; k < u.length; k++) area += ((density[k]! + density[k - 1]!) / 2) * (u[k]! - u[k - 1]!);
    expect(area).toBeCloseTo(1, 3);
  }
});

test("the peak is where most eigenvalues are", () => {
  const { at, density } = stretchedDensity([1e-3, 1e-3, 1e-3, 2], { linear: 1e-4, points: 1000 });
  const peak = density.indexOf(Math.max(...density));
  expect(Math.abs(Math.log(at[peak]! / 1e-3))).toBeLessThan(0.05);
});
