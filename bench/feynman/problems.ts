import { readFileSync } from "node:fs";
import { UserError } from "../../src/core/errors.ts";
import { random } from "../../src/core/random.ts";
import type { Dimension } from "../../src/expressions/dimensions.ts";
import { evaluateRows } from "../../src/expressions/evaluate.ts";
import type { Expression } from "../../src/expressions/expression.ts";
import { parse } from "../../src/expressions/parse.ts";
import { standardOperators } from "../../src/expressions/standard-operators.ts";
import { parseFeynmanProblems } from "../../src/physics/feynman/problems.ts";

/** A formula to be recovered, with the ranges of its variables. */
export interface Problem {
  id: string;
  formula: string;
  truth: Expression;
  names: string[];
  ranges: [number, number][];
  targetName: string;
  /** Undefined where the problem has no units. */
  dimensions: { columns: Dimension[]; target: Dimension } | undefined;
}

/** The 17 problems of the smoke set. */
export const smokeSet = [
  "I_12_1 I_12_5 vdp2 I_14_3 I_25_13 II_27_18 I_43_31 I_29_4 II_37_1 I_18_12 II_27_16 I_43_16 I_34_8 I_34_27",
  "I_39_1 I_39_22 I_18_14",
]
  .join(" ")
  .split(" ");

/** The problems of the shared table, and vdp2 (second component of van der Pol's oscillator, y' = −x/10). */
export function readProblems(path: string): Problem[] {
  const problems = parseFeynmanProblems(readFileSync(path, "utf8"), path).map(
    ({ id, target, formula, dimension, variables }): Problem => {
      const names = variables.map(({ name }) => name);
      return {
        id,
        formula,
        truth: parse(formula, { names }),
        names,
        ranges: variables.map(({ low, high }) => [low, high]),
        targetName: target,
        dimensions: { columns: variables.map((one) => one.dimension), target: dimension },
      };
    },
  );
  const names = ["x", "y"];
  problems.push({
    id: "vdp2",
    formula: "-x/10",
    truth: parse("-x/10", { names }),
    names,
    ranges: [
      [-3, 3],
      [-3, 3],
    ],
    targetName: "y'",
    dimensions: undefined,
  });
  return problems;
}

/** Rows drawn uniformly in the problem's ranges where the formula is defined. */
export function sample(problem: Problem, rows: number, seed: number) {
  const rng = random(seed, "feynman", problem.id);
  const columns = problem.names.map(() => new Float64Array(rows));
  const target = new Float64Array(rows);
  const one = problem.names.map(() => new Float64Array(1));
  for (let row = 0, tries = 0; row < rows; tries++) {
    if (tries > 100 * rows) throw new UserError(`sample: ${problem.id} is hardly defined on its ranges.`);
    problem.ranges.forEach(([low, high], i) => {
      one[i]![0] = low + (high - low) * rng.uniform();
    });
    const value = evaluateRows(problem.truth, one, standardOperators)[0]!;
    if (!Number.isFinite(value)) continue;
    one.forEach((column, i) => {
      columns[i]![row] = column[0]!;
    });
    target[row++] = value;
  }
  return { columns, target };
}
