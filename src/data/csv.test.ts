import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv, writeCsv } from "./csv.ts";
import { numberColumn, numbers, type Table, textColumn } from "./table.ts";

const table = (columns: Table["columns"]): Table => ({
  name: "t",
  rows: columns[0]!.values.length,
  columns,
  provenance: [],
});

test("a table is written as documented", () => {
  const uncertainty = Float64Array.of(0.5, Number.NaN);
  const text = writeCsv(
    table([
      numberColumn("energy", "keV", [1e21, -0], { uncertainty }),
      textColumn("note", ['a "b", c', ""]),
      numberColumn("n", "", [0.1 + 0.2, Number.NaN]),
    ]),
  );
  expect(text).toBe(
    'energy (keV),energy_unc (keV),note,n\n1e+21,0.5,"a ""b"", c",0.30000000000000004\n-0,,"",\n',
  );
});

test("numbers, units, uncertainties and words come back", () => {
  const value = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constant(-0), fc.constant(5e-324));
  const row = fc.tuple(value, value, fc.string({ unit: "grapheme" }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
      const given = table([
        textColumn(
          "label",
          rows.map((r) => `x${r[2]}`),
        ),
        numberColumn("b", "keV/c²", [1, ...rows.slice(1).map((r) => r[0])], {
          uncertainty: Float64Array.from([2, ...rows.slice(1).map((r) => r[1])]),
        }),
      ]);
      const text = writeCsv(given);
      expect(parseCsv(text, { source: "t" })).toEqual(given);
      expect(parseCsv(new TextEncoder().encode(text), { source: "t" })).toEqual(given);
    }),
    { numRuns: 100, seed: 3 },
  );
});

test("typed columns take blanks as missing only where they may", () => {
  const text = '\uFEFFz,e,u,w\r\n1,2.5,,\r\n2," ",3,a\r\n';
  const read = parseCsv(text, {
    source: "f.csv",
    columns: {
      z: { kind: "number", unit: "" },
      energy: { kind: "number", unit: "keV", from: "e", uncertainty: "u", blank: true },
    },
  });
  expect(numbers(read, "energy").values).toEqual(Float64Array.of(2.5, Number.NaN));
  expect(numbers(read, "energy").uncertainty).toEqual(Float64Array.of(Number.NaN, 3));
});

test("bad input names file, line and column", () => {
  const columns = { z: { kind: "number", unit: "" }, e: { kind: "number", unit: "keV" } } as const;
  const cases: [string | Uint8Array, string][] = [
    ["", "f.csv: the file is empty"],
    ["z,e\n1,2\n3", "f.csv, line 3: 1 fields, expected 2 as in the header; the file may be cut"],
    ["z,e\n1,2,3\n3,4\n", "f.csv, line 2: 3 fields, expected 2"],
    ["z,x\n1,2\n", "f.csv, line 1: no column 'e'; there are: z, x"],
    ["z,z\n1,2\n", "column 'z' is there twice"],
    ["z,e\n1,NaN\n", "f.csv, line 2, column 'e': \"NaN\"; expected a number"],
    ["z,e\n1,2\n1,\n", "f.csv, line 3, column 'e': \"\"; expected a number"],
    ["z,e\n1,0x10\n", '"0x10"; expected a number'],
    ["z,e\n1,1e999\n", '"1e999"; expected a number'],
    ['z,e,t\n1,2,"a\nb"\n1,oops,c\n', "f.csv, line 4, column 'e'"],
    ['z,e\n1,"2\n', "f.csv, line 2: Quoted field unterminated"],
    [Uint8Array.of(0xff, 0xfe, 0x80), "f.csv: not UTF-8"],
  ];
  for (const [input, message] of cases) {
    expect(() => parseCsv(input, { source: "f.csv", columns })).toThrow(message);
  }
  expect(() => writeCsv(table([numberColumn("b", "", [Infinity])]))).toThrow("column 'b' holds Infinity");
  expect(() => writeCsv({ ...table([numberColumn("b", "", [1])]), rows: 2 })).toThrow("'b' has 1 values");
  expect(() => writeCsv({ name: "t", rows: 0, columns: [], provenance: [] })).toThrow("no columns");
});
