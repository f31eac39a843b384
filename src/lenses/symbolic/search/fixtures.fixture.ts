import { random } from "../../../core/random.ts";
import { quietTask } from "../../../core/task.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import { operatorSet } from "../../../expressions/operator.ts";
import { parse } from "../../../expressions/parse.ts";
import { pickOperators, standardOperators } from "../../../expressions/standard-operators.ts";
import type { Objective, SearchOptions, SearchProblem } from "./contract.ts";

export const arithmetic = operatorSet(pickOperators(["add", "sub", "mul", "div"]));
export const physics = operatorSet(
  pickOperators(["add", "sub", "mul", "div", "neg", "inv", "square", "sqrt", "exp", "log", "sin", "cos"]),
);

/** Rows of a law on uniform ranges. */
export function problemOf(
  law: string,
  ranges: Record<string, readonly [number, number]>,
  rows = 120,
  seed = 1,
): SearchProblem {
  const names = Object.keys(ranges);
  const rng = random(seed, "problem");
  const columns = names.map((name) => {
    const [low, high] = ranges[name]!;
    return Float64Array.from({ length: rows }, () => low + (high - low) * rng.uniform());
  });
  return { columns, names, target: evaluateRows(parse(law, { names }), columns, standardOperators) };
}

/** Small options for tests. */
export function optionsOf(more: Partial<SearchOptions> = {}): SearchOptions {
  return {
    operators: physics,
    seed: 1,
    task: quietTask,
    islands: 2,
    population: 40,
    maxComplexity: 20,
    evaluations: 20_000,
    ...more,
  };
}

/** 1 − mean |cos| between a candidate's gradient and given directions, row by row. */
export function gradientAgreement({ directions }: { directions: readonly Float64Array[] }): Objective {
  return ({ gradient, rows }) => {
    const g = gradient();
    const n = g[0]!.length;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const row = rows === undefined ? i : rows[i]!;
      let [dot, a, b] = [0, 0, 0];
      directions.forEach((d, k) => {
        dot += d[row]! * g[k]![i]!;
        a += g[k]![i]! ** 2;
        b += d[row]! ** 2;
      });
      if (a === 0) return 1;
      sum += Math.abs(dot) / Math.sqrt(a * b);
    }
    return Math.max(0, 1 - sum / n);
  };
}
