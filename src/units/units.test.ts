import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conversionFactor } from "./convert.ts";
import { parseUnit } from "./parse-unit.ts";
import { powersText, printUnit } from "./print-unit.ts";
import { siUnits } from "./si.ts";
import { baseUnits } from "./unit-table.ts";

const parsed = (text: string) => {
  const { scale, powers } = parseUnit(text);
  return [scale, ...powers];
};

describe("parseUnit", () => {
  it("reads units as the SI brochure defines them", () => {
    // Oracle: powers of m, kg, s, A, K, mol, cd written out by hand.
    expect(parsed("kg*m/s^2")).toEqual([1, 1, 1, -2, 0, 0, 0, 0]);
    expect(parsed("N")).toEqual(parsed("kg m s^-2"));
    expect(parsed("J/(mol K)")).toEqual([1, 2, 1, -2, 0, -1, -1, 0]);
    expect(parsed("V")).toEqual(parsed("W/A"));
    expect(parsed("Ω")).toEqual(parsed("V/A"));
    expect(parsed("T")).toEqual(parsed("Wb/m^2"));
    expect(parsed("F")).toEqual(parsed("C/V"));
    expect(parsed("H")).toEqual(parsed("V s/A"));
    expect(parsed("1/s")).toEqual([1, 0, 0, -1, 0, 0, 0, 0]);
    expect(parsed("")).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(parsed("dimensionless")).toEqual(parsed("1"));
    expect(parsed("rad")).toEqual(parsed(""));
  });

  it("takes prefixes, and a whole symbol before them", () => {
    const scale = (text: string) => parseUnit(text).scale;
    expect(scale("fm")).toBeCloseTo(1e-15, 25);
    expect(scale("MeV")).toBeCloseTo(1.602176634e-13, 25);
    expect(scale("km/s")).toBe(1000);
    expect(scale("mm^2")).toBeCloseTo(1e-6, 18);
    expect(scale("kg")).toBe(1);
    expect(scale("mg")).toBeCloseTo(1e-6, 18);
    expect(scale("µs")).toBe(1e-6);
    // "min" is the minute and not a milli-inch; "Pa" no peta-year; "cd" no centi-day; "mol" no milli-…
    expect(scale("min")).toBe(60);
    expect(parsed("Pa")).toEqual(parsed("N/m^2"));
    expect(parsed("cd").at(-1)).toBe(1);
    expect(scale("10^3 kg")).toBe(1000);
    expect(scale("1e-3 m")).toBe(0.001);
    expect(scale("MeV/c^2")).toBeCloseTo(1.78266192e-30, 37);
    expect(scale("a0")).toBe(5.29177210903e-11);
  });

  it("reads powers in every way they are written", () => {
    for (const text of ["m^(1/2)", "m^0.5", "m**(1/2)", "m^(2/4)"]) {
      expect(parseUnit(text).powers[0], text).toBeCloseTo(0.5, 15);
    }
    for (const text of ["s^-2", "s^(-2)", "s-2", "s⁻²", "1/s^2", "(s)^-2", "s**-2"]) {
      expect(parseUnit(text).powers[2], text).toBe(-2);
    }
    expect(parsed("kg m2 s-2")).toEqual(parsed("J"));
    expect(parsed("(m/s)^2")).toEqual(parsed("m^2/s^2"));
    expect(parsed("J/kg*K")).toEqual(parsed("J K/kg"));
    expect(parsed("m·s⁻¹")).toEqual(parsed("m/s"));
  });

  it("takes a table of its own", () => {
    const table = baseUnits(["m", "s", "kg", "T", "V"]);
    expect(parseUnit("m^4 * s^(-3) * kg^1 * V^(-1)", { table })).toEqual({
      scale: 1,
      powers: [4, -3, 1, 0, -1],
    });
  });

  it("names the place of what it cannot read", () => {
    const bad: [string, RegExp][] = [
      ["kgg*m", /unknown unit 'kgg'.*at character 1/],
      ["m/sec", /unknown unit 'sec'.*at character 3/],
      ["m^", /expected a number as the power, at character 3/],
      ["m^(1/0)", /a power divided by 0, at character 6/],
      ["m^(1/2", /expected '\)' after the power, at character 7/],
      ["(m", /this parenthesis is not closed, at character 1/],
      ["m)", /this parenthesis was not opened, at character 2/],
      ["m/", /a unit is missing at the end, at character 3/],
      ["m**", /expected a number as the power/],
      ["J/mol K", /a space after a division reads in two ways; write a\/\(b c\) or a\/b\*c, at character 7/],
      ["m + s", /'\+' is not part of a unit, at character 3/],
      ["0 m", /a unit of size 0, at character 1/],
      ["°C", /does not multiply; convert the column to K/],
      ["kkg", /unknown unit 'kkg'/],
      ["m,s", /',' is not part of a unit/],
    ];
    for (const [text, message] of bad) {
      expect(() => parseUnit(text, { where: "table.csv, line 1, column 'x'" }), text).toThrow(message);
      expect(() => parseUnit(text, { where: "table.csv, line 1, column 'x'" }), text).toThrow(
        /^table\.csv, line 1, column 'x': /,
      );
    }
    expect(() => baseUnits(["m", "m"])).toThrow(/"m" is there twice/);
    expect(() => baseUnits(["m2"])).toThrow(/"m2" is no unit's symbol/);
  });
});

describe("printUnit", () => {
  it("writes what parseUnit reads back", () => {
    expect(powersText([1, 1, -2, 0, 0, 0, 0])).toBe("m*kg/s^2");
    expect(powersText([0.5, 0, 0, 0, -1, -1, 0])).toBe("m^(1/2)/(K*mol)");
    expect(powersText([0, 0, -1, 0, 0, 0, 0])).toBe("1/s");
    expect(powersText([0, 0, 0, 0, 0, 0, 0])).toBe("");
    expect(printUnit(parseUnit("kg m^2/s^2"))).toBe("J");
    expect(printUnit(parseUnit("km/s"))).toBe("1000 m/s");
    const power = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0.5, -0.5, 1 / 3, -2 / 3, 1.5));
    fc.assert(
      fc.property(
        fc.array(power, { minLength: 7, maxLength: 7 }),
        fc.constantFrom(1, 1000, 0.3),
        (p, scale) => {
          const back = parseUnit(printUnit({ scale, powers: p }));
          expect(back.scale / scale).toBeCloseTo(1, 12);
          back.powers.forEach((value, i) => {
            expect(value).toBeCloseTo(p[i]!, 12);
          });
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it("finds every symbol of its table, and reads each back", () => {
    for (const [symbol, unit] of siUnits.units) {
      expect(parseUnit(symbol), symbol).toMatchObject({ scale: unit.scale, powers: unit.powers });
    }
  });
});

describe("conversionFactor", () => {
  it("converts within a dimension and refuses across", () => {
    expect(conversionFactor(parseUnit("km/h"), parseUnit("m/s"))).toBeCloseTo(1 / 3.6, 15);
    expect(conversionFactor(parseUnit("AU"), parseUnit("km"))).toBe(149_597_870.7);
    expect(() => conversionFactor(parseUnit("m"), parseUnit("1/s"))).toThrow(
      /m cannot be converted to 1\/s: different dimensions/,
    );
  });
});
