import { expect, test } from "vitest";
import { numbers, type TextColumn } from "../../data/table.ts";
import { compareByRegion, distanceRegions, distanceToNearest } from "./distance.ts";

const train = { z: [10, 20], n: [10, 20] };
const nuclei = { z: [10, 11, 11, 12, 13, 10, 20], n: [10, 10, 11, 10, 13, 16, 21] };

test("the distance is Euclidean, to the nearest", () => {
  const expected = [0, 1, Math.SQRT2, 2, Math.sqrt(18), 6, 1];
  distanceToNearest(nuclei, train).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 12);
  });
});

test("the distance regions cover the chart once", () => {
  const regions = distanceRegions(train);
  const place = nuclei.z.map((z, i) => regions.map((region) => region.has(z, nuclei.n[i]!)));
  expect(place.map((row) => row.filter(Boolean).length)).toEqual(nuclei.z.map(() => 1));
  expect(place.map((row) => row.indexOf(true))).toEqual([0, 0, 1, 1, 3, 3, 0]);
});

test("errors side by side are the root mean squares of the nuclei in each region", () => {
  const actual = nuclei.z.map(() => 0);
  const table = compareByRegion(nuclei, { one: [1, 2, 3, 4, 5, 6, 7], zero: actual }, actual, { train });
  const names = (table.columns[0] as TextColumn).values;
  const one = numbers(table, "one").values;
  const row = (name: string) => names.indexOf(name);
  expect(one[row("neighbour trains")]).toBeCloseTo(Math.sqrt((1 + 4 + 49) / 3), 12);
  expect(one[row("1–2 from data")]).toBeCloseTo(Math.sqrt((9 + 16) / 2), 12);
  expect(one[row("2–4 from data")]).toBeNaN();
  expect(one[row("over 4 from data")]).toBeCloseTo(Math.sqrt((25 + 36) / 2), 12);
  expect(one[row("all")]).toBeCloseTo(Math.sqrt(140 / 7), 12);
  expect(numbers(table, "zero").values[0]).toBe(0);
  expect(numbers(table, "nuclei").values.slice(-4)).toEqual(Float64Array.from([3, 2, 0, 2]));
});

test("bad input is refused by name", () => {
  expect(() => distanceToNearest(nuclei, { z: [], n: [] })).toThrow("no training nuclei");
  expect(() => compareByRegion(nuclei, {}, [])).toThrow("no predictions");
  expect(() => compareByRegion(nuclei, { one: [1] }, [1])).toThrow("7 nuclei, 1 predictions");
});
