import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { createTask } from "../../core/task.ts";
import { selectRows } from "../../data/select.ts";
import { numbers, type Table, type TextColumn } from "../../data/table.ts";
import { measureLeak } from "./leak-table.ts";
import { readLiveChart } from "./livechart.ts";
import { npmMasses } from "./npm-masses.ts";

const npm = npmMasses();
const percent = (table: Table, kind: string, fraction: number) => {
  const kinds = (table.columns.find((column) => column.name === "kind") as TextColumn).values;
  const row = kinds.findIndex((k, i) => k === kind && numbers(table, "fraction").values[i] === fraction);
  return 100 * numbers(table, "share").values[row]!;
};

test("the masses that come with npm leak in both of the paper's splits and not in the leak-free one", async () => {
  const table = await measureLeak(npm, { random: random(1) });
  for (const fraction of [0.1, 0.5, 0.9]) {
    expect(percent(table, "nuclei", fraction)).toBe(0);
    expect(percent(table, "random", fraction)).toBeGreaterThan(fraction === 0.1 ? 30 : 99);
    expect(percent(table, "random-all_same", fraction)).toBeGreaterThan(fraction === 0.1 ? 30 : 95);
  }
  expect(await measureLeak(npm, { random: random(1) })).toEqual(table);
});

test("bad input is refused by name, and it stops when told", async () => {
  await expect(measureLeak(npm, { seeds: 0, random: random(1) })).rejects.toThrow("0 seeds");
  await expect(measureLeak(npm, { fractions: [], random: random(1) })).rejects.toThrow("no fractions");
  await expect(measureLeak(npm, { fractions: [2], random: random(1) })).rejects.toThrow("fraction 2");
  await expect(measureLeak(selectRows(npm, []), { random: random(1) })).rejects.toThrow(
    "no nuclide with Z, N > 0",
  );
  const abort = new AbortController();
  abort.abort();
  const task = createTask({ signal: abort.signal });
  await expect(measureLeak(npm, { random: random(1), task })).rejects.toThrow("cancelled");
});

const chart = sharedPath("data/nuclear/ground_states.csv");
describe.skipIf(!chart)("LiveChart, the paper's ten targets", () => {
  test.each([1, 2, 3])("leak as was found, mean of ten seeds (stream %i)", async (seed) => {
    // Oracle: section 9 of the specification, within two points.
    const table = await measureLeak(readLiveChart(readFileSync(chart!)), { seeds: 10, random: random(seed) });
    for (const [kind, found] of [
      ["random", [31, 99.7, 100]],
      ["random-all_same", [44, 97, 99.8]],
      ["nuclei", [0, 0, 0]],
    ] as const) {
      [0.1, 0.5, 0.9].forEach((fraction, k) => {
        expect(Math.abs(percent(table, kind, fraction) - found[k]!)).toBeLessThanOrEqual(
          kind === "nuclei" ? 0 : 2,
        );
      });
    }
  });
});
