import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { numbers, type Table } from "../../data/table.ts";
import { readAme2020 } from "./ame2020.ts";
import { readLiveChart } from "./livechart.ts";
import { joinMasses, npmMasses, parseNistMasses } from "./npm-masses.ts";
import { indexNuclides, nuclideKey } from "./nuclides.ts";
import { readWs4 } from "./ws4.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const ame = sharedPath("data/nuclear/mass.mas20.txt");
const chart = sharedPath("data/nuclear/ground_states.csv");
const ws4 = sharedPath("data/nuclear/WS4.txt");
const bindingOf = (table: Table, z: number, n: number) => {
  const row = indexNuclides(table).get(nuclideKey(z, n))!;
  const column = numbers(table, "binding");
  return { value: column.values[row]!, uncertainty: column.uncertainty?.[row] };
};

describe("masses from npm", () => {
  const table = npmMasses();

  test("3352 nuclides, 915 of them extrapolated, with provenance", () => {
    // Oracle: a count of the '#' marks in the NIST file by another program.
    expect(table.rows).toBe(3352);
    expect(numbers(table, "measured").values.filter((flag) => flag === 0).length).toBe(915);
    expect(table.provenance.map((p) => p.source)).toEqual([
      "npm chemical-elements 2.3.3, lib/src/elementsAndIsotopes.js",
      "npm isotope-abundances 2.0.4, NIST_DATA.dat",
    ]);
    for (const p of table.provenance) expect(p.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("known binding energies", () => {
    // Oracle: AME2012's printed values, keV a nucleon: ⁴He 7073.915, ⁵⁶Fe 8790.354, ²⁰⁸Pb 7867.453.
    expect(bindingOf(table, 2, 2).value / 4).toBeCloseTo(7073.915, 2);
    expect(Math.abs(bindingOf(table, 26, 30).value / 56 - 8790.354)).toBeLessThan(0.02);
    expect(Math.abs(bindingOf(table, 82, 126).value / 208 - 7867.453)).toBeLessThan(0.02);
    // ⁷H: 7.0527(11#) u
    expect(bindingOf(table, 1, 6).uncertainty).toBeCloseTo(0.0011 * 931494.10242, 6);
  });

  test.skipIf(!ame)(
    "against AME2020, measured nuclides of Z, N ≥ 8: mean below 25 keV, median below 1 keV",
    () => {
      const reference = readAme2020(readFileSync(ame!), { source: "mass.mas20.txt" });
      const rows = indexNuclides(table);
      const [z, n] = [numbers(reference, "z").values, numbers(reference, "n").values];
      const measured = numbers(reference, "measured").values;
      const expected = numbers(reference, "binding").values;
      const ours = numbers(table, "binding").values;
      const gaps: number[] = [];
      for (let i = 0; i < reference.rows; i++) {
        const row = rows.get(nuclideKey(z[i]!, n[i]!));
        if (row !== undefined && measured[i] === 1 && z[i]! >= 8 && n[i]! >= 8) {
          gaps.push(Math.abs(ours[row]! - expected[i]!));
        }
      }
      gaps.sort((a, b) => a - b);
      const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
      expect(gaps.length).toBeGreaterThan(2400);
      expect(mean).toBeLessThan(25);
      expect(mean).toBeGreaterThan(5);
      expect(gaps[gaps.length >> 1]).toBeLessThan(1);
    },
  );

  test("a nuclide without flag, with another mass, a cut or odd table: refused by name", () => {
    const block = (z: number, a: number, mass: string) =>
      `Atomic Number = ${z}\nAtomic Symbol = X\nMass Number = ${a}\nRelative Atomic Mass = ${mass}\nIsotopic Composition = \nStandard Atomic Weight = \nNotes = \n\n`;
    const flags = parseNistMasses(encode(block(1, 1, "1.00782503223(9)")), "nist");
    expect(flags.get(1001)).toEqual({ mass: 1.00782503223, uncertainty: 9e-11, measured: true });
    const element = (mass: number, nominal = 1) => [
      { number: 1, symbol: "H", isotopes: [{ nominal, mass }] },
    ];
    expect(() => joinMasses(element(2.014, 2), flags, [])).toThrow("H-2 (Z = 1) has no entry");
    expect(() => joinMasses(element(1.0079), flags, [])).toThrow("weighs 1.0079 u in one package");
    const cases: [string, string][] = [
      [
        block(1, 1, "1.0(1)") + block(1, 1, "1.0(1)"),
        "nist, lines 9–15: nuclide Z = 1, A = 1 is there twice",
      ],
      [block(1, 1, "NaN"), "mass 'NaN'"],
      [block(1, 1, "1.0(1)").slice(0, 60), "4 fields, expected 7; the file may be cut"],
    ];
    for (const [text, message] of cases) expect(() => parseNistMasses(encode(text), "nist")).toThrow(message);
  });
});

describe.skipIf(!ame)("AME2020", () => {
  const bytes = ame ? readFileSync(ame) : Buffer.alloc(0);
  const lines = bytes.toString("latin1").split("\n");

  test("3558 nuclides, 2550 measured, printed values", () => {
    const table = readAme2020(bytes);
    expect(table.rows).toBe(3558);
    expect(numbers(table, "measured").values.filter((flag) => flag === 1).length).toBe(2550);
    // Oracle: the line of ²⁰⁸Pb says 7867.4530(0.0055) keV a nucleon.
    const lead = lines.find(
      (line) => line.startsWith("  126   82", 4) || /^.{4} {2}126 {3}82 {2}208/.test(line),
    )!;
    const printed = Number(lead.slice(54, 67));
    expect(bindingOf(table, 82, 126).value / 208).toBeCloseTo(printed, 3);
    expect(bindingOf(table, 82, 126).uncertainty! / 208).toBeCloseTo(Number(lead.slice(68, 78)), 8);
    expect(table.provenance[0]!.sha256).toBe(
      "5ffac3813cb24e8410d17c6bf8fca3deb3eb4a9130cb7138823c907ad3170c73",
    );
  });

  test("bad files are refused, with the line", () => {
    const edit = (line: number, change: (text: string) => string) =>
      encode(lines.map((text, i) => (i === line - 1 ? change(text) : text)).join("\n"));
    const put = (at: number, value: string) => (text: string) =>
      text.slice(0, at) + value + text.slice(at + value.length);
    const cases: [Uint8Array, string][] = [
      [encode(""), "f: not an AME2020 mass table"],
      [encode(lines.slice(0, 30).join("\n")), "f: no column titles"],
      [encode("z,n,binding\n1,1,2\n"), "f: not an AME2020 mass table"],
      [bytes.subarray(0, 2300), "f: 0 nuclides, expected 3558; the file is cut"],
      [bytes.subarray(0, 200_050), "the file is cut here"],
      [encode(lines.slice(0, 2000).join("\n")), "nuclides, expected 3558; the file is cut"],
      [bytes.subarray(0, bytes.length - 8), "f, line 3593: 121 characters, expected at least 129"],
      [edit(100, put(28, "           NaN")), "f, line 100, mass excess (columns 29–42)"],
      [edit(100, put(33, "9")), "keV of binding per nucleon, the file says"],
      [edit(100, put(14, "   99")), "do not add up to A = 99"],
      [edit(101, () => lines[99]!), "f, line 101: nucleus Z = "],
      [edit(100, (text) => text.slice(0, 60)), "f, line 100: 60 characters"],
    ];
    for (const [input, message] of cases) expect(() => readAme2020(input, { source: "f" })).toThrow(message);
  });
});

describe.skipIf(!chart)("LiveChart", () => {
  const text = chart ? readFileSync(chart, "utf8") : "";

  test("the counts of the table", () => {
    const table = readLiveChart(encode(text));
    const [z, n, b, r] = ["z", "n", "binding", "radius"].map((name) => numbers(table, name).values);
    const count = (least: number, values: Float64Array) =>
      values.filter((v, i) => z![i]! > least && n![i]! > least && !Number.isNaN(v)).length;
    // Oracle: counts by another program (spec 1.3).
    expect(table.rows).toBe(3386);
    expect([count(-1, b!), count(0, b!), count(8, b!)]).toEqual([3357, 3355, 3245]);
    expect([count(-1, r!), count(0, r!), count(8, r!)]).toEqual([909, 907, 880]);
    expect(numbers(table, "measured").values.filter((flag) => flag === 1).length).toBe(2549);
  });

  test("bad files are refused, with line and column", () => {
    const lines = text.trimEnd().split("\n");
    const edit = (line: number, change: (text: string) => string) =>
      encode(lines.map((row, i) => (i === line - 1 ? change(row) : row)).join("\n"));
    const cases: [Uint8Array, string][] = [
      [encode(""), "f: the file is empty"],
      [encode(text.replace("massexcess", "mass")), "f, line 1: no column 'massexcess'"],
      [encode(text.trimEnd().slice(0, -3)), "f, line 3387, column 'Extraction_date': '2023-10'"],
      [
        encode(text.trimEnd().slice(0, -40)),
        "f, line 3387: 52 fields, expected 55 as in the header; the file may be cut",
      ],
      [encode(lines.slice(0, 900).join("\n")), "f: 899 nuclides, expected at least 3300; the file is cut"],
      [edit(90, (row) => row.replace(/^\d+,\d+/, "x,1")), "f, line 90, column 'z': \"x\""],
      [edit(90, () => lines[88]!), "f, line 90: nucleus Z = "],
      [edit(3387, (row) => row.replace("7079.0", "NaN")), "f, line 3387, column 'binding': \"NaN\""],
      [edit(3387, (row) => row.replace("7079.0", "7179.0")), "f, line 3387: the mass excess means 7079"],
      [edit(3387, (row) => row.replace(",Y,", ",?,")), "f, line 3387, column 'me_systematics': '?'"],
    ];
    for (const [input, message] of cases)
      expect(() => readLiveChart(input, { source: "f" })).toThrow(message);
  });
});

describe.skipIf(!ws4)("WS4", () => {
  const text = ws4 ? readFileSync(ws4, "utf8") : "";

  test("10 237 nuclides; 294.6 and 188.8 keV from the 2456 measured ones of Z, N ≥ 8", () => {
    // Oracle: spec 3.1, computed by another program against the LiveChart of an earlier date, without Np-222.
    const table = readWs4(encode(text));
    expect(table.rows).toBe(10_237);
    if (!chart) return;
    const reference = readLiveChart(readFileSync(chart));
    const rows = indexNuclides(table);
    const [z, n, b, m] = ["z", "n", "binding", "measured"].map((name) => numbers(reference, name).values);
    const squares = { binding: 0, binding_rbf: 0 };
    let count = 0;
    for (let i = 0; i < reference.rows; i++) {
      if (!(m![i] === 1 && z![i]! >= 8 && n![i]! >= 8) || (z![i] === 93 && n![i] === 129)) continue;
      const row = rows.get(nuclideKey(z![i]!, n![i]!))!;
      count++;
      for (const name of ["binding", "binding_rbf"] as const) {
        squares[name] += (numbers(table, name).values[row]! - b![i]!) ** 2;
      }
    }
    expect(count).toBe(2456);
    expect(Math.sqrt(squares.binding / count)).toBeCloseTo(294.6, 0);
    expect(Math.sqrt(squares.binding_rbf / count)).toBeCloseTo(188.8, 0);
  });

  test("bad files are refused, with the line", () => {
    const lines = text.trimEnd().split("\n");
    const cases: [string, string][] = [
      ["", "f: 0 nuclides, expected 10237; the file is cut"],
      [text.trimEnd().slice(0, -2), "f, line 10237: '350   132       367.4774       367.15'; expected A, Z"],
      [lines.slice(0, 4).join("\n"), "f: 4 nuclides, expected 10237; the file is cut"],
      [
        [lines[0], lines[1], lines[0]].join("\n"),
        "f, line 3: nucleus Z = 8, N = 8 is there twice (first: f, line 1)",
      ],
      ["16 8 NaN 1.0000", "f, line 1: '16 8 NaN 1.0000'; expected A, Z"],
      ["8 16 1.0000 1.0000", "f, line 1: Z = 16, N = -8"],
      ["A Z 1.0000 1.0000", 'f, line 1, column 1: "A"; expected a number'],
    ];
    for (const [input, message] of cases)
      expect(() => readWs4(encode(input), { source: "f" })).toThrow(message);
  });
});
