import { expect, test } from "vitest";
import { filterRows, selectRows } from "./select.ts";
import { numberColumn, numbers, type Table, textColumn } from "./table.ts";

const table: Table = {
  name: "t",
  rows: 3,
  columns: [
    numberColumn("b", "keV", [1, 2, 3], { uncertainty: Float64Array.of(0.1, 0.2, 0.3) }),
    textColumn("s", ["x", "y", "z"]),
  ],
  provenance: [],
};

test("rows are picked in order, with their uncertainties", () => {
  const picked = selectRows(table, [2, 0]);
  expect(picked.rows).toBe(2);
  expect(numbers(picked, "b").values).toEqual(Float64Array.of(3, 1));
  expect(numbers(picked, "b").uncertainty).toEqual(Float64Array.of(0.3, 0.1));
  expect(picked.columns[1]!.values).toEqual(["z", "x"]);
  expect(filterRows(table, (i) => i === 1).columns[1]!.values).toEqual(["y"]);
  expect(numbers(table, "b").values).toEqual(Float64Array.of(1, 2, 3));
});

test("an index that is no row is refused", () => {
  for (const bad of [-1, 3, 0.5, Number.NaN]) expect(() => selectRows(table, [bad])).toThrow(`no row ${bad}`);
});
