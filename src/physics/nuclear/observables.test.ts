import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { selectRows } from "../../data/select.ts";
import { numberColumn, numbers, type Table } from "../../data/table.ts";
import { readLiveChart } from "./livechart.ts";
import { npmMasses } from "./npm-masses.ts";
import {
  deriveTargets,
  type Observable,
  observableColumn,
  observables,
  tabulatedTargets,
} from "./observables.ts";

const small = (rows: [number, number, number, number, number][]): Table => ({
  name: "small",
  rows: rows.length,
  provenance: [],
  columns: [
    numberColumn(
      "z",
      "",
      rows.map((r) => r[0]),
    ),
    numberColumn(
      "n",
      "",
      rows.map((r) => r[1]),
    ),
    numberColumn(
      "binding",
      "keV",
      rows.map((r) => r[2]),
      { uncertainty: Float64Array.from(rows, (r) => r[3]) },
    ),
    numberColumn(
      "measured",
      "",
      rows.map((r) => r[4]),
    ),
  ],
});

test("by hand: values, uncertainties, flags and partners of a few nuclei", () => {
  const table = small([
    [8, 8, 127000, 3, 1],
    [8, 7, 112000, 4, 0],
    [7, 8, 115000, 12, 1],
    [6, 6, 92000, 0, 1],
    [1, 1, 2224.5, 0, 1],
  ]);
  const of = (name: Observable) =>
    deriveTargets(table, [name]).map((t) => [t.nucleus, t.value, t.uncertainty, t.measured, t.partners]);
  // The deuteron's partner is a free nucleon: B = 0, no partner.
  expect(of("sn")).toEqual([
    [0, 15000, 5, false, [1]],
    [4, 2224.5, 0, true, []],
  ]);
  expect(of("sp")).toEqual([
    [0, 12000, Math.hypot(3, 12), true, [2]],
    [4, 2224.5, 0, true, []],
  ]);
  expect(of("qa")).toEqual([[0, 92000 + 28295.66 - 127000, 3, true, [3]]]);
  expect(of("qec")).toEqual([[1, -782.347 - 112000 + 115000, Math.hypot(4, 12), false, [2]]]);
  expect(of("qbm")).toEqual([[2, 782.347 - 115000 + 112000, Math.hypot(4, 12), false, [1]]]);
  expect(of("s2n")).toEqual([]);
  expect(of("qbm_n")).toEqual([]);
  expect(of("binding").length).toBe(5);
  const column = observableColumn(table, "sn");
  expect(column.values).toEqual(Float64Array.of(15000, Number.NaN, Number.NaN, Number.NaN, 2224.5));
  expect(() => deriveTargets(table, ["mass" as Observable])).toThrow(
    "unknown observable 'mass'; known: binding",
  );
});

test("a chain of separations adds up, and a loop of decays closes", () => {
  // Oracle: S_2n = S_n(N) + S_n(N−1); Q_β−n(Z,N) = Q_β−(Z,N) − S_n(Z+1,N−1); Q_EC(Z+1,N−1) = −Q_β−(Z,N).
  const table = npmMasses();
  const [z, n] = [numbers(table, "z").values, numbers(table, "n").values];
  const row = new Map(Array.from(z, (value, i) => [`${value},${n[i]}`, i]));
  const at = Object.fromEntries(observables.map((name) => [name, observableColumn(table, name).values]));
  let checked = 0;
  for (let i = 0; i < table.rows; i++) {
    const before = row.get(`${z[i]},${n[i]! - 1}`);
    const daughter = row.get(`${z[i]! + 1},${n[i]! - 1}`);
    if (before === undefined || daughter === undefined) continue;
    const near = (a: number, b: number) => {
      if (Number.isNaN(a) || Number.isNaN(b)) return;
      expect(Math.abs(a - b)).toBeLessThan(1e-6);
      checked++;
    };
    near(at["s2n"]![i]!, at["sn"]![i]! + at["sn"]![before]!);
    near(at["qbm_n"]![i]!, at["qbm"]![i]! - at["sn"]![daughter]!);
    near(at["qec"]![daughter]!, -at["qbm"]![i]!);
  }
  expect(checked).toBeGreaterThan(7000);
});

const chart = sharedPath("data/nuclear/ground_states.csv");
describe.skipIf(!chart)("LiveChart", () => {
  const table = chart ? readLiveChart(readFileSync(chart)) : small([]);

  test("the identities give its own columns: within 0.02 keV where all is measured", () => {
    const names = ["sn", "sp", "qa", "qbm", "qbm_n", "qec"] as const;
    const worst: Record<string, number> = {};
    for (const name of names) {
      const stated = numbers(table, name).values;
      const gaps = deriveTargets(table, [name])
        .filter((t) => t.measured && !Number.isNaN(stated[t.nucleus]!))
        .map((t) => Math.abs(t.value - stated[t.nucleus]!));
      expect(gaps.length).toBeGreaterThan(1900);
      worst[name] = gaps.reduce((a, b) => Math.max(a, b), 0);
    }
    for (const name of names) expect(worst[name]).toBeLessThanOrEqual(0.02);
  });

  test("tabulated targets are the column's values, with the partners of the identity", () => {
    const positive = selectRows(
      table,
      Array.from({ length: table.rows }, (_, i) => i).filter(
        (i) => numbers(table, "z").values[i]! > 0 && numbers(table, "n").values[i]! > 0,
      ),
    );
    const names = ["binding", "radius", "qa", "qbm", "qbm_n", "qec", "sn", "sp"];
    const targets = tabulatedTargets(positive, names);
    const counts = names.map((_, task) => targets.filter((t) => t.task === task).length);
    // Oracle: counts by another program (spec 1.3).
    expect(counts).toEqual([3355, 907, 3245, 3142, 3038, 3041, 3285, 3227]);
    expect(targets.filter((t) => t.task < 2).every((t) => t.partners.length === 0)).toBe(true);
    const derived = new Map(deriveTargets(positive, ["sn"]).map((t) => [t.nucleus, t.partners] as const));
    for (const t of targets) {
      if (t.task === 6 && derived.has(t.nucleus)) expect(t.partners).toEqual(derived.get(t.nucleus));
    }
  });
});
