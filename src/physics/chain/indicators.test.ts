import { expect, test } from "vitest";
import { criticalEstimates } from "./indicators.ts";
import { phasePlane } from "./plane.ts";

test("classical indicators: spectroscopy is exact, the others are as poor as they say", async () => {
  const found = await criticalEstimates({ sizes: [8, 10, 12] });
  const by = Object.fromEntries(found.map((entry) => [entry.name, entry]));
  const levels = by["level spectroscopy"]!;
  expect(Math.abs(levels.estimate - 1)).toBeLessThan(1e-8);
  expect(levels.spread).toBeLessThan(1e-8);
  // Label boundary of 12 sites: between 1.02 (OP 9.957e-7) and 1.03, where the published labels change.
  const label = by["order parameter, label threshold"]!;
  expect(label.estimate).toBeGreaterThan(1.02);
  expect(label.estimate).toBeLessThan(1.03);
  expect(label.spread).toBeGreaterThan(0.3);
  // Visible symmetry breaking between V1 = 20 (0.239) and 26 (0.673).
  const half = by["order parameter, one half"]!;
  expect(half.estimate).toBeGreaterThan(20);
  expect(half.estimate).toBeLessThan(26);
  const chi = by["fidelity susceptibility"]!;
  expect(chi.estimate).toBeGreaterThan(1.2);
  expect(chi.estimate).toBeLessThan(2.5);
  expect(by["gap scaling"]!.sizes.map(({ L }) => L)).toEqual([10, 12]);
  for (const entry of found) expect(entry.caveat).not.toBe("");
});

test("the plane: each phase in its corner, order parameters of the points on the axes", async () => {
  const plane = await phasePlane({ L: 12, V1: [0, 6], V2: [0, 1.3, 6] });
  const name = (i: number, j: number) => plane.classes[plane.labels[j * 2 + i]!];
  expect(name(0, 0)).toBe("LL");
  expect(name(1, 0)).toBe("CDW-I");
  expect(name(0, 1)).toBe("BO");
  expect(name(0, 2)).toBe("CDW-II");
  expect(plane.orders.cdw2[4]! / 0.013 - 1).toBeCloseTo(0, 1);
});

test("bad input by name", async () => {
  await expect(phasePlane({ L: 10, V1: [0], V2: [0] })).rejects.toThrow(/L = 10/);
  await expect(phasePlane({ V1: [], V2: [0] })).rejects.toThrow(/0 × 1 points/);
  await expect(criticalEstimates({ sizes: [9] })).rejects.toThrow(/sizes/);
});
