import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { numberColumn, numbers, type Table } from "../../data/table.ts";
import { median } from "../../stats/quantile.ts";
import { readAme2020 } from "./ame2020.ts";
import { rmsError } from "./fits.ts";
import { futureHoldout, futureTable } from "./future.ts";
import { massBaselinesNamed } from "./mass-baselines.ts";
import { npmMasses } from "./npm-masses.ts";

function table(rows: readonly [z: number, n: number, binding: number, measured: number][]): Table {
  const column = (k: 0 | 1 | 2 | 3) => rows.map((row) => row[k]);
  return {
    name: "made up",
    rows: rows.length,
    provenance: [],
    columns: [
      numberColumn("z", "", column(0)),
      numberColumn("n", "", column(1)),
      numberColumn("binding", "keV", column(2), { uncertainty: Float64Array.from(rows, () => 5) }),
      numberColumn("measured", "", column(3)),
    ],
  };
}

const older = table([
  [20, 20, 100, 1],
  [20, 21, 110, 0],
  [20, 22, 120, 0],
  [20, 23, 130, 0],
  [7, 9, 50, 0],
]);
const newer = table([
  [7, 9, 51, 1],
  [20, 22, 123, 1],
  [20, 21, 112, 0],
  [20, 20, 100, 1],
  [20, 24, 140, 1],
]);

test("tests on what was extrapolated and is measured, trains on what was measured", () => {
  const { train, test: held, extrapolated } = futureHoldout(older, newer);
  expect([train.z, train.n, train.binding].map((v) => [...Array.from(v)])).toEqual([[20], [20], [100]]);
  expect([held.z, held.n, held.binding].map((v) => [...Array.from(v)])).toEqual([[20], [22], [123]]);
  expect([...extrapolated.binding, ...extrapolated.sigma]).toEqual([120, 5]);
  expect(futureHoldout(older, newer, { least: 7 }).test.z.length).toBe(2);
});

test("a newer table that measured nothing new is refused", () => {
  expect(() => futureHoldout(newer, newer)).toThrow("give the older table first");
});

const masses = sharedPath("data/nuclear/mass.mas20.txt");
describe.skipIf(!masses)("AME2012 and AME2020", () => {
  const load = () => readAme2020(readFileSync(masses!));

  test("the evaluators' extrapolations of 2012 miss by what the specification found", () => {
    // Oracle: section 1.5 of the specification: 116 nuclides, 111 of them with Z, N ≥ 8; RMS 465, median 176 keV.
    const all = futureHoldout(npmMasses(), load(), { least: 1 });
    expect(Math.abs(all.test.z.length - 116)).toBeLessThanOrEqual(1);
    expect(Math.abs(rmsError(all.extrapolated.binding, all.test.binding) - 465)).toBeLessThan(3);
    const misses = all.extrapolated.binding.map((value, i) => Math.abs(value - all.test.binding[i]!));
    expect(Math.abs(median(misses) - 176)).toBeLessThan(3);
    expect(Math.abs(futureHoldout(npmMasses(), load()).test.z.length - 111)).toBeLessThanOrEqual(1);
  });

  test("the baselines' errors stand below the evaluators' own", async () => {
    const future = futureHoldout(npmMasses(), load());
    const baselines = massBaselinesNamed(["semf_fitted", "bw2_fitted", "bw2_additive"]);
    const found = await futureTable(future, { baselines, random: random(1) });
    expect(found.rows).toBe(4);
    const rms = numbers(found, "rms").values;
    expect(rms[0]).toBe(rmsError(future.extrapolated.binding, future.test.binding));
    expect(rms[0]).toBeLessThan(Math.min(...rms.slice(1)));
    expect(rms[3]).toBeLessThan(rms[2]!);
    expect(numbers(found, "coverage_95").values[0]).toBeGreaterThan(0.9);
  });
});
