import { describe, expect, it } from "vitest";
import { descriptionLength, gaussianNegativeLogLikelihood } from "./description-length.ts";
import { checkDimensions } from "./dimensions.ts";
import { parse } from "./parse.ts";

const names = ["k", "x", "m", "t"];
/** In m, kg, s. */
const dimensions = [
  [0, 1, -2],
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const check = (text: string, more = {}) =>
  checkDimensions(parse(text, { names }), dimensions, {
    target: [1, 0, -2],
    names,
    units: ["m", "kg", "s"],
    ...more,
  });

/** Oracle: the dimensions of mechanics, by hand. */
describe("dimensions", () => {
  it.each([
    "-k*x/m",
    "x/t^2",
    "x*exp(-t/t)/square(t)",
    "sqrt(x^2*(k/m)^2)",
    "x/t/max(t, t)",
    "min(x, 2*x)*k/m",
    "x^3*x^-2/t^2*greater(x, x)",
    "x*pow(t, -2)",
  ])("%s is an acceleration, without help from constants", (text) => {
    expect(check(text)).toMatchObject({ violations: [], absorbed: 0, dimension: [1, 0, -2] });
    expect(check(text, { constants: "dimensionless" }).violations).toEqual([]);
  });

  it.each([
    ["2.5*x", 1],
    ["k*x/m + 1.3", 1],
    ["k*x/m*exp(0.3*t)", 1],
    ["3*x*sin(2*t) + 4", 3],
    ["k*x/m*sin(2*(t/t))", 0],
  ])("%s balances with %i constants that carry a unit", (text, absorbed) => {
    expect(check(text)).toMatchObject({ violations: [], absorbed });
    const strict = check(text, { constants: "dimensionless" }).violations.length;
    expect(strict > 0).toBe(absorbed > 0);
  });

  it.each([
    ["k*x", /k\*x: has m kg s\^-2, expected m s\^-2/],
    ["k*x/m + x", /k\*x\/m \+ x: m s\^-2 and m do not go together/],
    ["k*x/m*exp(t)", /t: needs a pure number, got s/],
    ["k*x/m*x^(t/m)", /x: needs a pure number, got m.*t\/m: needs a pure number, got kg\^-1 s/s],
    ["k*x/m*less(x, t)", /m and s do not go together/],
  ])("%s does not balance", (text, message) => {
    expect(check(text).violations.join("\n")).toMatch(message);
  });

  it("names what is missing", () => {
    expect(() => checkDimensions(parse("x3"), [[1]])).toThrow(/variable 3 has no dimension; 1 were given/);
    expect(() => checkDimensions(parse("x0"), [[1], [1, 2]])).toThrow(/variable 1 has 2 powers; expected 1/);
  });
});

describe("description length", () => {
  it("is the sum of its terms, by hand", () => {
    const information = [300, 48];
    const found = descriptionLength(parse("2.5*x0 + 0.5"), { negativeLogLikelihood: 7, information });
    // Nodes: 2.5, x0, *, 0.5, + from the symbols {c, x0, *, +}. 0.5 is exactly one precision, √(12/48), from 0.
    expect(found.structure).toBeCloseTo(5 * Math.log(4), 12);
    const cost = (c: number, i: number) => -0.5 * Math.log(3) + 0.5 * Math.log(i) + Math.log(c) + Math.log(2);
    expect(found.constants).toBeCloseTo(cost(2.5, 300) + cost(0.5, 48), 12);
    expect(found.total).toBeCloseTo(found.structure + found.constants + 7, 12);
  });

  it("charges ln 2 for a constant that data do not tell from 0, and ln n for a whole number n", () => {
    const tree = parse("0.01*x0 + 7");
    const fit = { negativeLogLikelihood: 0, information: [100, 0], fixed: [false, true] };
    expect(descriptionLength(tree, fit).constants).toBeCloseTo(Math.LN2 + Math.log(7), 12);
    expect(() => descriptionLength(tree, { negativeLogLikelihood: 0, information: [1] })).toThrow(
      /2 constants, but 1 Fisher informations/,
    );
  });

  it("the Gaussian likelihood is the largest of the density over σ", () => {
    const residuals = [0.3, -1.2, 0.7, 0.1];
    const squares = residuals.reduce((s, r) => s + r * r, 0);
    const at = (sigma: number) =>
      residuals.reduce((s, r) => s + 0.5 * Math.log(2 * Math.PI) + Math.log(sigma) + (r / sigma) ** 2 / 2, 0);
    const grid = Array.from({ length: 4000 }, (_, i) => at(0.4 + i * 0.0003));
    expect(gaussianNegativeLogLikelihood(squares, 4)).toBeCloseTo(Math.min(...grid), 6);
  });
});
