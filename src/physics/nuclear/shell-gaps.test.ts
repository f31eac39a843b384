import { expect, test } from "vitest";
import { filterRows } from "../../data/select.ts";
import { numbers } from "../../data/table.ts";
import { npmMasses } from "./npm-masses.ts";
import { indexNuclides, nuclideKey } from "./nuclides.ts";
import { observableColumn } from "./observables.ts";
import { twoNeutronShellGap, twoProtonShellGap } from "./shell-gaps.ts";

const table = npmMasses();
const rows = indexNuclides(table);
const row = (z: number, n: number) => rows.get(nuclideKey(z, n))!;

test("the gap is the step of the two-nucleon separation energy", () => {
  // Oracle: S_2n(Z,N) − S_2n(Z,N+2) from the mass identities.
  const gap = twoNeutronShellGap(table).values;
  const s2n = observableColumn(table, "s2n").values;
  const gapP = twoProtonShellGap(table).values;
  const s2p = observableColumn(table, "s2p").values;
  for (const [z, n] of [
    [50, 82],
    [20, 28],
    [82, 126],
    [60, 90],
  ] as const) {
    expect(gap[row(z, n)]).toBeCloseTo(s2n[row(z, n)]! - s2n[row(z, n + 2)]!, 6);
    expect(gapP[row(z, n)]).toBeCloseTo(s2p[row(z, n)]! - s2p[row(z + 2, n)]!, 6);
  }
  const { uncertainty } = numbers(table, "binding");
  expect(twoNeutronShellGap(table).uncertainty![row(50, 82)]).toBeCloseTo(
    Math.sqrt(
      4 * uncertainty![row(50, 82)]! ** 2 + uncertainty![row(50, 80)]! ** 2 + uncertainty![row(50, 84)]! ** 2,
    ),
    9,
  );
});

test("the gap peaks at N = 82 along tin and at N = 126 along lead", () => {
  const gap = twoNeutronShellGap(table).values;
  for (const [z, n] of [
    [50, 82],
    [82, 126],
  ] as const) {
    const chain = filterRows(table, (i) => numbers(table, "z").values[i] === z);
    const best = Array.from(numbers(chain, "n").values)
      .filter((k) => k % 2 === 0 && k > n - 14 && !Number.isNaN(gap[row(z, k)]!))
      .reduce((a, b) => (gap[row(z, b)]! > gap[row(z, a)]! ? b : a));
    expect(best).toBe(n);
  }
});

test("no gap where a neighbour's mass is unknown", () => {
  const tin = Array.from(numbers(table, "n").values).filter((_, i) => numbers(table, "z").values[i] === 50);
  expect(twoNeutronShellGap(table).values[row(50, Math.max(...tin))]).toBeNaN();
  expect(twoNeutronShellGap(table).uncertainty![row(50, Math.min(...tin))]).toBeNaN();
});
