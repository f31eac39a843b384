import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { checkDimensions } from "../../expressions/dimensions.ts";
import { parse } from "../../expressions/parse.ts";
import { feynmanUnits, parseFeynmanProblems } from "./problems.ts";

const path = sharedPath("data/feynman/equations.tsv") ?? "";
if (path === "") console.warn("skipped: data/feynman/equations.tsv of the shared data is missing");

describe.skipIf(path === "")("the Feynman table", () => {
  const problems = path === "" ? [] : parseFeynmanProblems(readFileSync(path, "utf8"));

  it("is read whole", () => {
    expect(problems.length).toBe(119);
    // Oracle: as printed in the table.
    expect(problems[0]).toMatchObject({ id: "III_10_19", target: "E_n", dimension: [2, -2, 1, 0, 0] });
    expect(problems[0]!.variables[0]).toEqual({
      name: "mom",
      low: 1,
      high: 5,
      quantity: "Magnetic moment",
      dimension: [4, -3, 1, 0, -1],
    });
    expect(problems[1]!.variables[0]).toMatchObject({ quantity: "", dimension: [0, 0, 0, 0, 0] });
  });

  it("has formulas that balance, with their numbers as pure numbers", () => {
    for (const { id, formula, variables, dimension } of problems) {
      const names = variables.map(({ name }) => name);
      const report = checkDimensions(
        parse(formula, { names }),
        variables.map((variable) => variable.dimension),
        { target: dimension, constants: "dimensionless", names, units: feynmanUnits.base },
      );
      expect(report.violations, id).toEqual([]);
    }
  });
});

it("names the line and the variable of a unit that does not read", () => {
  const head = "id\ttarget\tformula\tquantity\tvariables\tn_vars\n";
  const row = (unit: string) => `A\ty\tx\ty, Length, m^1\tx [1.0,5.0] Length, ${unit}\t1`;
  expect(() => parseFeynmanProblems(head + row("m^1 * J^1"))).toThrow(
    /line 2, variable 'x': unknown unit 'J'; there are: m, s, kg, T, V, at character 7 of the unit/,
  );
  expect(() => parseFeynmanProblems(`${head}A\ty\tx`)).toThrow(/line 2: expected six columns/);
});
