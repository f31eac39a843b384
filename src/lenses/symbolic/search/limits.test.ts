import { describe, expect, it } from "vitest";
import { random } from "../../../core/random.ts";
import { nesting } from "../../../expressions/complexity.ts";
import { evaluate } from "../../../expressions/evaluate.ts";
import { call, constant, nodes, size, substitute, variable } from "../../../expressions/expression.ts";
import { operatorSet } from "../../../expressions/operator.ts";
import { parse } from "../../../expressions/parse.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { undefinedOperators } from "./check-problem.ts";
import type { SearchOptions, SearchProblem } from "./contract.ts";
import { arithmetic, optionsOf, physics, problemOf } from "./fixtures.fixture.ts";
import { searchExpressions } from "./search.ts";

const wave = problemOf("sin(x) + 0.3*x*y + y^2/3", { x: [-2, 2], y: [-2, 2] });
const at = (expression: Parameters<typeof evaluate>[0], x: number, y: number) =>
  evaluate(expression, [x, y], standardOperators);

describe("constraints", () => {
  it("on shape hold in every expression of the front", async () => {
    const { front } = await searchExpressions(
      problemOf("exp(-x*y)*sin(x + 2*cos(y)) + 1/(x + y^2)", { x: [1, 3], y: [1, 3] }),
      optionsOf({
        maxComplexity: 14,
        maxDepth: 6,
        constraints: {
          nesting: { sin: { sin: 0, cos: 0 }, exp: { exp: 0 } },
          argumentSizes: { div: [-1, 1], sin: [3] },
        },
      }),
    );
    expect(front.length).toBeGreaterThan(2);
    for (const { expression, complexity } of front) {
      expect(complexity).toBeLessThanOrEqual(14);
      expect(nesting(expression, "sin")).toBeLessThanOrEqual(1);
      for (const node of nodes(expression)) {
        if (node.kind !== "call") continue;
        if (node.operator === "div") expect(size(node.args[1]!)).toBe(1);
        if (node.operator === "sin") {
          expect(size(node.args[0]!)).toBeLessThanOrEqual(3);
          expect(nesting(node.args[0]!, "cos")).toBe(0);
        }
      }
    }
  });

  it("on behaviour hold on the data: symmetry, bounds, rise, limits", async () => {
    const rng = random(3, "checks");
    const cases = [
      {
        behaviour: { kind: "even" as const, columns: [1] },
        holds: (e: Parameters<typeof evaluate>[0]) => {
          const [x, y] = [rng.uniform(), rng.uniform()];
          return Math.abs(at(e, x, y) - at(e, x, -y)) < 1e-6 * (1 + Math.abs(at(e, x, y)));
        },
      },
      {
        behaviour: { kind: "exchange" as const, columns: [0, 1] as const },
        holds: (e: Parameters<typeof evaluate>[0]) => {
          const [x, y] = [rng.uniform(), rng.uniform()];
          return Math.abs(at(e, x, y) - at(e, y, x)) < 1e-6 * (1 + Math.abs(at(e, x, y)));
        },
      },
      {
        behaviour: { kind: "bound" as const, least: -1.5 },
        holds: (e: Parameters<typeof evaluate>[0]) =>
          at(e, wave.columns[0]![Math.floor(120 * rng.uniform())]!, 0) > Number.NEGATIVE_INFINITY,
      },
      {
        behaviour: { kind: "limit" as const, column: 0, at: 0, value: 0, tolerance: 1e-6 },
        holds: (e: Parameters<typeof evaluate>[0]) => Math.abs(at(e, 0, wave.columns[1]![3]!)) < 1e-5,
      },
      {
        behaviour: { kind: "monotonic" as const, column: 0, direction: "rising" as const },
        holds: (e: Parameters<typeof evaluate>[0]) => {
          const row = Math.floor(10 * rng.uniform());
          const [x, y] = [wave.columns[0]![row]!, wave.columns[1]![row]!];
          return at(e, x + 1e-5, y) >= at(e, x, y) - 1e-9;
        },
      },
    ];
    for (const { behaviour, holds } of cases) {
      const { front } = await searchExpressions(
        wave,
        optionsOf({ constraints: { behaviour: [behaviour] }, evaluations: 8000 }),
      );
      expect(front.length, behaviour.kind).toBeGreaterThan(0);
      for (const { expression } of front) {
        for (let k = 0; k < 10; k++) expect(holds(expression), behaviour.kind).toBe(true);
      }
    }
  });

  it("that are soft raise the loss instead", async () => {
    const soft = await searchExpressions(
      wave,
      optionsOf({
        constraints: { behaviour: [{ kind: "bound", least: 1000, soft: 9 }] },
        evaluations: 3000,
        seeds: false,
      }),
    );
    for (const { expression, loss } of soft.front) {
      const errors = wave.target.map(
        (y, i) => (at(expression, wave.columns[0]![i]!, wave.columns[1]![i]!) - y) ** 2,
      );
      expect(loss).toBeCloseTo((10 * errors.reduce((a, b) => a + b, 0)) / errors.length, 9);
    }
  });
});

describe("templates", () => {
  // f(x)·y + g(y): variables 2 and 3 are the parts.
  const form = call("add", call("mul", variable(2), variable(1)), variable(3));
  it("give expressions of their form, with the parts' constants fitted", async () => {
    const problem = problemOf("(2.5*x^2 + 1)*y + 3/y", { x: [1, 3], y: [1, 3] });
    const result = await searchExpressions(
      problem,
      optionsOf({
        operators: arithmetic,
        template: {
          form,
          parts: [
            { name: "f", columns: [0] },
            { name: "g", columns: [1] },
          ],
        },
        evaluations: 60_000,
        islands: 4,
        stop: { loss: 1e-18 },
      }),
    );
    expect(result.ended).toBe("stop");
    for (const { expression } of result.front) {
      expect(expression).toMatchObject({
        operator: "add",
        args: [{ operator: "mul", args: [{}, variable(1)] }, {}],
      });
      const top = expression as unknown as { args: { args: [Parameters<typeof nodes>[0]] }[] };
      expect([...nodes(top.args[0]!.args[0])]).not.toContainEqual(variable(1));
      expect([...nodes(top.args[1] as never)]).not.toContainEqual(variable(0));
    }
  });

  it("are refused where a part is not used, or a variable is neither", async () => {
    const parts = [{ name: "f" }, { name: "g" }];
    for (const [bad, says] of [
      [substitute(form, [undefined, undefined, undefined, constant(1)]), /does not use part 'g'/],
      [call("add", form, variable(9)), /uses variable 9/],
    ] as const) {
      await expect(searchExpressions(wave, optionsOf({ template: { form: bad, parts } }))).rejects.toThrow(
        says,
      );
    }
  });
});

it("another objective: a function of the same level sets by agreement of gradients", async () => {
  const [x, y] = [wave.columns[0]!, wave.columns[1]!];
  // ∇exp(x² + y²) ∥ (x, y): any monotone function of x² + y² agrees.
  const result = await searchExpressions(
    { ...wave, target: x.map((v, i) => Math.exp(v * v + y[i]! ** 2)) },
    optionsOf({
      operators: arithmetic,
      objective: {
        module: new URL("./fixtures.fixture.ts", import.meta.url).href,
        fn: "gradientAgreement",
        input: { directions: [x, y] },
      },
      stop: { loss: 1e-12 },
      maxComplexity: 9,
    }),
  );
  expect(result.ended).toBe("stop");
  const { expression } = result.front.at(-1)!;
  expect(at(expression, 0.6, 0.8)).toBeCloseTo(at(expression, 1, 0), 9);
});

it("errors in x: the slope of a line is not flattened as by least squares", async () => {
  const rng = random(5, "errors");
  const n = 400;
  const truth = Float64Array.from({ length: n }, () => 4 * rng.normal());
  const x = truth.map((v) => v + 2 * rng.normal());
  const y = truth.map((v) => 3 * v + 0.5 * rng.normal());
  const problem: SearchProblem = { columns: [x], names: ["x"], target: y, weights: y.map(() => 4) };
  const slope = async (more: Partial<SearchProblem>) => {
    const { front } = await searchExpressions(
      { ...problem, ...more },
      optionsOf({ operators: operatorSet([physics.get("mul")!]), maxComplexity: 3, evaluations: 3000 }),
    );
    return at(front.at(-1)!.expression, 1, 0);
  };
  // Flattening by 1/(1 + σ²/Var x) = 1/(1 + 4/16) in least squares.
  expect(await slope({})).toBeCloseTo(3 / 1.25, 0);
  expect(await slope({ inputErrors: [x.map(() => 2)] })).toBeGreaterThan(2.8);
});

describe("bad input", () => {
  const with2 = (change: (column: Float64Array) => Float64Array): SearchProblem => ({
    ...wave,
    columns: [change(wave.columns[0]!), wave.columns[1]!],
  });
  const cases: [string, SearchProblem, Partial<SearchOptions>, RegExp][] = [
    ["a constant column", with2((c) => c.map(() => 2)), {}, /column 'x' is 2 in all 120 rows; leave it out/],
    [
      "duplicates",
      { ...wave, columns: [wave.columns[1]!, wave.columns[1]!] },
      {},
      /'x' and 'y' are the same/,
    ],
    ["NaN", with2((c) => c.map((v, i) => (i === 6 ? Number.NaN : v))), {}, /'x' is NaN in row 7/],
    ["a constant target", { ...wave, target: wave.target.map(() => 1) }, {}, /'target' is 1 in all 120 rows/],
    ["lengths", with2((c) => c.slice(1)), {}, /'x' has 119 values, 'target' has 120/],
    ["names", { ...wave, names: ["x", "x"] }, {}, /both named 'x'/],
    ["weights", { ...wave, weights: wave.target.map((_, i) => i) }, {}, /'weights' is 0 in row 1/],
    ["errors without weights", { ...wave, inputErrors: [wave.target] }, {}, /need weights/],
    [
      "dimensions",
      { ...wave, dimensions: { columns: [[1]], target: [1] } },
      {},
      /1 dimensions for 2 columns/,
    ],
    ["no operators", wave, { operators: new Map() }, /no operators/],
    [
      "an operator that is defined nowhere",
      wave,
      {
        operators: operatorSet([
          ...arithmetic.values(),
          { name: "never", arity: 1, evaluate: () => Number.NaN },
        ]),
      },
      /'never' is defined nowhere on the data, first not at .* of column 'x' in row 1/,
    ],
    ["a constraint on an unknown operator", wave, { constraints: { nesting: { tan: { sin: 0 } } } }, /'tan'/],
    [
      "a behaviour of no column",
      wave,
      { constraints: { behaviour: [{ kind: "even", columns: [7] }] } },
      /column 7/,
    ],
    ["options", wave, { population: 2 }, /population is 2/],
    [
      "more variables than can be searched",
      {
        columns: Array.from({ length: 50 }, (_, k) =>
          wave.target.map((y, i) => Math.sin(k * 7 + i * (k + 1)) + (k === 31 ? y : 0)),
        ),
        names: Array.from({ length: 50 }, (_, k) => `x${k}`),
        target: wave.target,
      },
      {},
      /50 columns are more.*Screen them first.*are x31 /,
    ],
  ];
  it.each(cases)("%s is refused by name", async (_, problem, options, says) => {
    await expect(searchExpressions(problem, optionsOf(options))).rejects.toThrow(says);
  });

  it("operators that are undefined on a column are named with the first line", () => {
    const sqrt = operatorSet([physics.get("sqrt")!]);
    const row = wave.columns[0]!.findIndex((v) => v < 0);
    expect(undefinedOperators(wave, sqrt)[0]).toEqual({
      operator: "sqrt",
      column: "x",
      line: row + 1,
      value: wave.columns[0]![row],
    });
    expect(parse("sqrt(x)", { names: ["x"] })).toBeDefined();
  });
});
