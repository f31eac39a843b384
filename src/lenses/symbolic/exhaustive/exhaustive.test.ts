import { expect, test } from "vitest";
import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import { createTask } from "../../../core/task.ts";
import { numbers } from "../../../data/table.ts";
import { operatorSet } from "../../../expressions/operator.ts";
import { parse } from "../../../expressions/parse.ts";
import { print } from "../../../expressions/print.ts";
import { pickOperators, standardOperators } from "../../../expressions/standard-operators.ts";
import { bodePlanets, keplerPlanets } from "../../../physics/famous/measured.ts";
import { enumerateExpressions } from "./enumerate.ts";
import { familyKeys } from "./family.ts";
import { exhaustiveSearch } from "./search.ts";

const key = familyKeys(standardOperators);
const of = (text: string) => key(parse(text));

test.each([
  ["2*(x0 + 3)", "2*x0 + 3"],
  ["x0 - 2", "3 + x0"],
  ["2*exp(3*x0)", "exp(3*x0 + 2)"],
  ["x0/2", "2*x0"],
  ["2*(x0 - x1)", "(x0 - x1)*3"],
  ["sqrt(2*x0)", "2*sqrt(x0)"],
  ["x0*x1*x0", "x1*x0^2"],
])("%s and %s are one family", (a, b) => {
  expect(of(a)).toBeDefined();
  expect(of(a)).toBe(of(b));
});

test.each([
  ["x0 + x0", "2*x0"],
  ["2*(x0 - x1)", "2*(x0 + x1)"],
  ["2*(x0 - x1)", "2*x0 + 3*x1"],
  ["2 - x0", "2 + x0"],
  ["x0^2", "pow(x0, 2)*x1"],
])("%s and %s are two", (a, b) => {
  expect(of(a)).not.toBe(of(b));
});

test.each(["2*(3*x0)", "x0 + 2 + 3", "x0/x0", "2 + 3", "x0 - x0", "2*exp(x0 + 3)", "2*x0/(3*x1)"])(
  "%s has fewer dimensions than constants, or no variable",
  (text) => {
    expect(of(text)).toBeUndefined();
  },
);

test("counts by hand: one variable, + and ×, up to three nodes", () => {
  const operators = operatorSet(pickOperators(["add", "mul"]));
  const { expressions, counts } = enumerateExpressions({ operators, variables: 1, maxComplexity: 3 });
  expect(expressions.map((e) => print(e, { constantName: () => "c" })).sort()).toEqual(
    ["c", "x0", "x0 + x0", "x0 + c", "x0*x0", "x0*c"].sort(),
  );
  expect(counts).toEqual([
    { complexity: 1, made: 1, distinct: 2 },
    { complexity: 2, made: 0, distinct: 0 },
    { complexity: 3, made: 4, distinct: 4 },
  ]);
});

/** Independent oracle: all trees of so many nodes without constants by plain recursion, told apart by their values. */
test("without constants there are as many expressions as there are different functions", () => {
  const operators = operatorSet(pickOperators(["add", "mul", "sub"]));
  const points = [0.3, 1.7, 2.9, 4.1];
  type Values = number[];
  const trees: Values[][] = [[], [points]];
  for (let size = 2; size <= 7; size++) {
    const list: Values[] = [];
    for (let left = 1; left < size - 1; left++) {
      for (const a of trees[left]!) {
        for (const b of trees[size - 1 - left]!) {
          list.push(
            a.map((v, i) => v + b[i]!),
            a.map((v, i) => v * b[i]!),
            a.map((v, i) => v - b[i]!),
          );
        }
      }
    }
    trees.push(list);
  }
  const functions = new Set(
    trees.flat().map((values) => values.map((v) => (Math.abs(v) < 1e-9 ? "0" : v.toPrecision(8))).join()),
  );
  const { expressions } = enumerateExpressions({
    operators,
    variables: 1,
    maxComplexity: 7,
    constants: false,
  });
  // Constants alone (0 = x − x) are not listed; x/x does not occur.
  const constants = [...functions].filter((text) => new Set(text.split(",")).size === 1);
  expect(expressions.length).toBe(functions.size - constants.length);
});

test("Kepler's third law is the best of all expressions up to six nodes", () => {
  const a = numbers(keplerPlanets, "a").values;
  const found = exhaustiveSearch(
    { columns: [a], names: ["a"], target: numbers(keplerPlanets, "P").values },
    {
      operators: operatorSet(pickOperators(["add", "sub", "mul", "div", "sqrt", "square", "cube"])),
      random: random(1),
    },
  );
  const best = found.front.at(-1)!;
  expect(print(best.expression, { names: ["a"], constantName: () => "c" })).toMatch(
    /^sqrt\(a\^3\)\*c|a\*sqrt\(a\)\*c/,
  );
  expect(best.complexity).toBe(5);
  expect(found.all.length).toBeGreaterThan(500);
  expect(found.evaluations).toBeGreaterThan(found.all.length);
});

test("the rule of Titius and Bode is the best of all up to seven nodes", () => {
  const found = exhaustiveSearch(
    { columns: [numbers(bodePlanets, "n").values], names: ["n"], target: numbers(bodePlanets, "a").values },
    { operators: operatorSet(pickOperators(["add", "mul", "pow"])), maxComplexity: 7, random: random(1) },
  );
  const text = print(found.front.at(-1)!.expression, { names: ["n"], digits: 2 });
  expect(text).toMatch(/2(\.0)?\^n\*0\.\d+ \+ 0\.4/);
});

test("bad input: too many expressions, three arguments, cancelled", () => {
  const operators = operatorSet(pickOperators(["add", "mul", "sin"]));
  expect(() => enumerateExpressions({ operators, variables: 2, maxComplexity: 8, limit: 100 })).toThrow(
    /more than 100 expressions at complexity \d; take fewer/,
  );
  const body = parse("x0*x1 + x2");
  const wide = operatorSet([{ name: "fma", arity: 3, evaluate: (a, b, c) => a! * b! + c!, body }]);
  expect(() => enumerateExpressions({ operators: wide, variables: 1, maxComplexity: 3 })).toThrow(UserError);
  const controller = new AbortController();
  controller.abort();
  const x = Float64Array.of(1, 2, 3);
  expect(() =>
    exhaustiveSearch(
      { columns: [x], names: ["x"], target: x },
      { operators, random: random(1), task: createTask({ signal: controller.signal }) },
    ),
  ).toThrow(/cancelled/);
});
