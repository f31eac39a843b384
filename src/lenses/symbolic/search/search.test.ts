import { describe, expect, it } from "vitest";
import { createTask } from "../../../core/task.ts";
import { checkDimensions } from "../../../expressions/dimensions.ts";
import { equivalent } from "../../../expressions/equivalent.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import { nodes } from "../../../expressions/expression.ts";
import { parse } from "../../../expressions/parse.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import type { SearchProblem, SearchResult } from "./contract.ts";
import { arithmetic, optionsOf, problemOf } from "./fixtures.fixture.ts";
import { searchExpressions } from "./search.ts";

const variance = (y: Float64Array) => {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  return y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length;
};
const bytes = ({ front, state, evaluations }: SearchResult) => JSON.stringify({ front, state, evaluations });

/** Whether the last of the front is the law, by values on the ranges: the truth is the oracle. */
function isLaw(
  result: SearchResult,
  law: string,
  ranges: Record<string, readonly [number, number]>,
): boolean {
  const found = result.front.at(-1)!.expression;
  const truth = parse(law, { names: Object.keys(ranges) });
  return equivalent(found, truth, { ranges: Object.values(ranges), tolerance: 1e-6 }).numeric === true;
}

const laws: [string, Record<string, readonly [number, number]>][] = [
  ["-k*x/m", { k: [1, 5], x: [-2, 2], m: [1, 5] }],
  ["sin(2*t + 0.3)", { t: [0, 10] }],
  ["-7*x - 0.7*v", { x: [-1, 1], v: [-2, 2] }],
  ["sqrt((a - b)^2 + c^2)", { a: [1, 5], b: [1, 5], c: [1, 5] }],
  ["0.2*x/(1.5 + y)", { x: [1, 5], y: [1, 5] }],
];

describe.each([true, false])("with direct regressions: %s", (seeds) => {
  it.each(seeds ? laws : laws.slice(0, 3))("finds %s from several seeds", async (law, ranges) => {
    let found = 0;
    for (const seed of [1, 2, 3]) {
      const problem = problemOf(law, ranges, 100, seed);
      const loss = 1e-20 * variance(problem.target);
      const result = await searchExpressions(
        problem,
        optionsOf({ seed, seeds, stop: { loss }, evaluations: 150_000, islands: 4 }),
      );
      if (result.ended === "stop" && isLaw(result, law, ranges)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(seeds ? 3 : 2);
  });
});

const hard = problemOf("exp(-x*y)*sin(x + 2*y) + 1/(x + y^2)", { x: [1, 3], y: [1, 3] });

describe("one seed, one result", () => {
  it("for no, one and two threads", async () => {
    const runs = [];
    for (const threads of [0, 1, 2]) runs.push(await searchExpressions(hard, optionsOf({ threads })));
    expect(bytes(runs[1]!)).toBe(bytes(runs[0]!));
    expect(bytes(runs[2]!)).toBe(bytes(runs[0]!));
    expect(runs[0]!.reproducible).toBe(true);
    const other = await searchExpressions(hard, optionsOf({ seed: 2 }));
    expect(bytes(other)).not.toBe(bytes(runs[0]!));
  });

  it("when it goes on from a checkpoint after being cancelled", async () => {
    const kept = new Map<string, Uint8Array>();
    const store = {
      read: (key: string) => kept.get(key),
      write: (key: string, value: Uint8Array) => void kept.set(key, value),
      remove: (key: string) => void kept.delete(key),
      path: undefined,
    };
    const whole = await searchExpressions(hard, optionsOf());
    expect(whole.ended).toBe("budget");
    const controller = new AbortController();
    let rounds = 0;
    const first = await searchExpressions(
      hard,
      optionsOf({
        checkpoint: { store, key: "search" },
        task: createTask({ signal: controller.signal }),
        onFront: () => {
          if (++rounds === 3) controller.abort();
        },
      }),
    );
    expect(first.ended).toBe("cancelled");
    expect(first.reproducible).toBe(false);
    expect(first.evaluations).toBeLessThan(whole.evaluations);
    const second = await searchExpressions(hard, optionsOf({ checkpoint: { store, key: "search" } }));
    expect(bytes(second)).toBe(bytes(whole));
  });

  it("goes on from a returned state with a new budget, never to a worse front", async () => {
    const first = await searchExpressions(hard, optionsOf({ evaluations: 15_000 }));
    const second = await searchExpressions(hard, optionsOf({ evaluations: 15_000, from: first.state }));
    expect(second.evaluations).toBeGreaterThan(first.evaluations);
    expect(second.evaluations - first.evaluations).toBeLessThan(1.3 * 15_000);
    for (const { complexity, loss } of first.front) {
      expect(second.front.some((m) => m.complexity <= complexity && m.loss <= loss * (1 + 1e-9))).toBe(true);
    }
    await expect(
      searchExpressions(problemOf("x + y", { x: [0, 1], y: [0, 1] }), optionsOf({ from: first.state })),
    ).rejects.toThrow(/of another problem/);
  });
});

describe("budgets", () => {
  it("are kept to within a tenth where evolution does the work", async () => {
    for (const evaluations of [5_000, 30_000]) {
      const result = await searchExpressions(hard, optionsOf({ evaluations, seeds: false }));
      expect(result.ended).toBe("budget");
      expect(result.evaluations).toBeGreaterThan(0.9 * evaluations);
      expect(result.evaluations).toBeLessThan(1.1 * evaluations + 1000);
    }
  });

  it("by the clock end the search and mark it", async () => {
    const start = performance.now();
    const result = await searchExpressions(
      hard,
      optionsOf({ evaluations: 1e9, seconds: 0.7, seeds: false, threads: 1 }),
    );
    expect(result.ended).toBe("time");
    expect(result.reproducible).toBe(false);
    expect(performance.now() - start).toBeLessThan(6000);
  });

  it("a task that is cancelled before ends at once, without an error", async () => {
    const task = createTask({ signal: AbortSignal.abort() });
    const result = await searchExpressions(hard, optionsOf({ task }));
    expect(result).toMatchObject({ ended: "cancelled", reproducible: false });
  });

  it("losses of the front are those of its expressions on all rows", async () => {
    const problem = { ...hard, weights: hard.target.map((_, i) => 1 + (i % 3)) };
    const { front } = await searchExpressions(problem, optionsOf({ evaluations: 8000, rows: 50 }));
    expect(front.length).toBeGreaterThan(3);
    for (const { expression, loss, complexity } of front) {
      const values = evaluateRows(expression, problem.columns, standardOperators);
      let [sum, total] = [0, 0];
      values.forEach((v, i) => {
        sum += problem.weights[i]! * (v - problem.target[i]!) ** 2;
        total += problem.weights[i]!;
      });
      expect(loss).toBeCloseTo(sum / total, 10);
      expect([...nodes(expression)].length).toBe(complexity);
    }
  });
});

describe("dimensions", () => {
  // m, s, kg
  const free = problemOf("m*g*h + 0.5*m*v^2", { m: [1, 5], g: [1, 5], h: [1, 5], v: [1, 5] });
  const dimensions = {
    columns: [
      [0, 0, 1],
      [1, -2, 0],
      [1, 0, 0],
      [1, -1, 0],
    ],
    target: [2, -2, 1],
  };
  const check = (problem: SearchProblem, result: SearchResult, constants: "wildcard" | "dimensionless") =>
    result.front.flatMap(
      ({ expression }) =>
        checkDimensions(expression, dimensions.columns, {
          target: dimensions.target,
          constants,
          names: problem.names,
        }).violations,
    );

  it("balance in every expression of the front, with pure numbers in strict mode", async () => {
    for (const strict of [true, false]) {
      const problem = { ...free, dimensions: { ...dimensions, strict } };
      const result = await searchExpressions(problem, optionsOf({ evaluations: 30_000, seeds: strict }));
      expect(result.front.length).toBeGreaterThan(0);
      expect(check(problem, result, strict ? "dimensionless" : "wildcard")).toEqual([]);
      expect(result.front.every(({ absorbed }) => absorbed !== undefined)).toBe(true);
      if (strict) expect(result.front.every(({ absorbed }) => absorbed === 0)).toBe(true);
    }
    const without = await searchExpressions(free, optionsOf({ evaluations: 20_000 }));
    expect(check(free, without, "dimensionless").length).toBeGreaterThan(0);
  });
});

it("what does not balance stays with ten times its loss, where that is allowed", async () => {
  const [x, y] = [hard.columns[0]!, hard.columns[1]!];
  const problem: SearchProblem = {
    columns: [x, y],
    names: ["x", "y"],
    target: x.map((v, i) => v + Math.sin(y[i]!)),
    dimensions: { columns: [[1], [0]], target: [1], strict: true, violations: "penalty" },
  };
  const guesses = [parse("x + sin(1.1*y + 0.3*x)", { names: ["x", "y"] })];
  const { front } = await searchExpressions(
    problem,
    optionsOf({ evaluations: 3000, seeds: false, guesses, maxComplexity: 12 }),
  );
  let violating = 0;
  for (const { expression, loss } of front) {
    const values = evaluateRows(expression, problem.columns, standardOperators);
    const mean = values.reduce((sum, v, i) => sum + (v - problem.target[i]!) ** 2, 0) / values.length;
    const { violations } = checkDimensions(expression, [[1], [0]], {
      target: [1],
      constants: "dimensionless",
    });
    if (violations.length > 0) violating++;
    expect(loss).toBeCloseTo(violations.length > 0 ? 10 * mean : mean, 9);
  }
  expect(violating).toBeGreaterThan(0);
});

it("guesses enter the front with fitted constants", async () => {
  const guess = parse("3*exp(-x*y)*sin(x + 1.9*y) + 2/(x + y^2)", { names: ["x", "y"] });
  const result = await searchExpressions(
    hard,
    optionsOf({ guesses: [guess], evaluations: 2000, seeds: false, maxComplexity: 25 }),
  );
  expect(result.front.at(-1)!.loss).toBeLessThan(1e-20);
});

it("operators of the user's own work in this thread, and are refused with threads", async () => {
  const own = new Map(arithmetic);
  own.set("bump", { name: "bump", arity: 1, evaluate: (a) => 1 / (1 + a! * a!) });
  const problem = problemOf("2/(1 + x^2)", { x: [-2, 2] });
  const result = await searchExpressions(
    problem,
    optionsOf({ operators: own, evaluations: 20_000, stop: { loss: 1e-20 } }),
  );
  expect(result.front.at(-1)!.loss).toBeLessThan(1e-20);
  await expect(searchExpressions(problem, optionsOf({ operators: own, threads: 1 }))).rejects.toThrow(
    /'bump'/,
  );
});
