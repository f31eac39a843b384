import { UserError } from "../../../core/errors.ts";
import type { Task } from "../../../core/task.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import { withStandard } from "../../../expressions/evaluator.ts";
import { call, constant, constantsOf, type Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { simplify } from "../../../expressions/simplify.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { rms } from "../../../stats/describe.ts";
import { type LeastSquares, leastSquares } from "../../../stats/least-squares.ts";
import type { FrontMember } from "../search/contract.ts";
import { searchExpressions } from "../search/search.ts";
import { choose } from "../selection/choose.ts";
import { backfit } from "./backfit.ts";

export interface ComponentsInput {
  columns: readonly Float64Array[];
  names: readonly string[];
  /** Components of the network's last layer, rows × components: what is searched a formula for. */
  components: Matrix;
  /** What the network was trained on: what the formulas are recombined for. */
  target: ArrayLike<number>;
  /** Rows that searches and the recombination may see; the others judge. */
  train: ArrayLike<number>;
}

export interface ComponentsOptions {
  operators: OperatorSet;
  seed: number;
  /** Budget of each component's search. Default 100 000. */
  evaluations?: number;
  maxComplexity?: number;
  /** Threads of one search. Default 0. */
  threads?: number;
  task: Task;
}

export interface ComponentFormula {
  front: FrontMember[];
  expression: Expression;
  complexity: number;
  /** Share of the component's variance that the formula leaves, on the rows that were not searched on. */
  left: number;
}

export interface ComponentsDistilled {
  formulas: ComponentFormula[];
  /** target ≈ Σ aᵢ·formulaᵢ + b by least squares on the training rows. */
  fit: LeastSquares;
  /** The whole as one expression. */
  expression: Expression;
  /** RMS error on the training rows and on the others, in the target's unit. */
  rms: { train: number; heldOut: number };
  /** The same forms with all of their constants fitted to the target, on the training rows. */
  refitted: { expression: Expression; constants: number; rms: { train: number; heldOut: number } };
}

/**
 * From network to formula as in the nuclear paper: a formula for each component of the last layer, then a linear
 * recombination of the formulas for the target itself. Components whose formula is a constant take no part. Formulas come
 * from the training rows alone, and the errors on the other rows say whether they hold beyond.
 * Source: Kitouni et al., ICML 2024, arXiv:2405.17425, appendix G.
 * @throws UserError for lengths that differ, no row held out, and formulas that are not finite on a held-out row.
 */
export async function distilComponents(
  input: ComponentsInput,
  options: ComponentsOptions,
): Promise<ComponentsDistilled> {
  const { columns, names, components, target, train } = input;
  const { operators, seed, evaluations = 100_000, maxComplexity = 20, threads = 0, task } = options;
  const rows = target.length;
  if (components.rows !== rows || columns.some((column) => column.length !== rows)) {
    throw new UserError(
      `distilComponents: ${components.rows} rows of components, ${rows} of the target; expected as many in every column`,
    );
  }
  const inTrain = new Uint8Array(rows);
  for (let i = 0; i < train.length; i++) inTrain[train[i]!] = 1;
  const others = Array.from(inTrain.keys()).filter((i) => inTrain[i] === 0);
  if (others.length === 0)
    throw new UserError("distilComponents: every row is a training row; hold some out");
  const pick = (values: ArrayLike<number>, at: ArrayLike<number>) => Float64Array.from(at, (i) => values[i]!);
  const seen = columns.map((column) => pick(column, train));
  const kept = columns.map((column) => pick(column, others));
  const formulas: ComponentFormula[] = [];
  for (let c = 0; c < components.cols; c++) {
    const part = task.part(c / components.cols, (c + 1) / components.cols, `component ${c + 1}`);
    const component = Float64Array.from(
      { length: rows },
      (_, i) => components.data[i * components.cols + c]!,
    );
    const problem = { columns: seen, names, target: pick(component, train) };
    const { front } = await searchExpressions(problem, {
      ...{ operators, evaluations, maxComplexity, threads },
      seed: seed + c,
      task: part,
    });
    part.check();
    const choice = choose(front, problem, { operators });
    const { expression, complexity } = choice.candidates[choice.chosen]!;
    formulas.push({
      front,
      expression,
      complexity,
      left: leftOver(expression, kept, pick(component, others), operators),
    });
  }
  const told = formulas.filter(({ complexity }) => complexity > 1);
  const designOf = (inputs: readonly Float64Array[], count: number) => {
    const values = told.map(({ expression }) => evaluateRows(expression, inputs, operators));
    const p = told.length + 1;
    const design = matrix(count, p);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < told.length; k++) design.data[i * p + k] = values[k]![i]!;
      design.data[i * p + p - 1] = 1;
    }
    return design;
  };
  const fit = leastSquares(designOf(seen, train.length), pick(target, train), {
    names: [...told.map((_, k) => `formula ${k + 1}`), "constant"],
  });
  const outside = designOf(kept, others.length);
  let squares = 0;
  for (let i = 0; i < others.length; i++) {
    let value = 0;
    for (let k = 0; k < outside.cols; k++)
      value += outside.data[i * outside.cols + k]! * fit.coefficients[k]!;
    squares += (value - target[others[i]!]!) ** 2;
  }
  if (!Number.isFinite(squares)) {
    throw new UserError("distilComponents: a formula is not finite on a held-out row");
  }
  const terms = told.map(({ expression }, k) => call("mul", constant(fit.coefficients[k]!), expression));
  const sum = [...terms, constant(fit.coefficients.at(-1)!)].reduce((a, b) => call("add", a, b));
  const expression = simplify(sum);
  const targets = { train: pick(target, train), heldOut: pick(target, others) };
  return {
    formulas,
    fit,
    expression,
    rms: { train: fit.rms, heldOut: Math.sqrt(squares / others.length) },
    refitted: refit(
      told.map((formula) => formula.expression),
      { train: seen, heldOut: kept },
      targets,
      withStandard(operators),
    ),
  };
}

/** The formulas with all constants fitted to the target, on the training rows: see `backfit`. */
function refit(
  formulas: readonly Expression[],
  inputs: { train: readonly Float64Array[]; heldOut: readonly Float64Array[] },
  targets: { train: Float64Array; heldOut: Float64Array },
  operators: OperatorSet,
): ComponentsDistilled["refitted"] {
  const parts = backfit(formulas, inputs.train, targets.train, operators);
  const best = simplify(
    parts.reduce<Expression>((a, b) => call("add", a, b), constant(0)),
    { operators },
  );
  const rmsOn = (of: "train" | "heldOut") =>
    rms(evaluateRows(best, inputs[of], operators).map((value, i) => value - targets[of][i]!));
  return {
    expression: best,
    constants: constantsOf(best).length,
    rms: { train: rmsOn("train"), heldOut: rmsOn("heldOut") },
  };
}

/** Σ (c − f)²/Σ (c − mean)². */
function leftOver(
  expression: Expression,
  columns: readonly Float64Array[],
  values: Float64Array,
  operators: OperatorSet,
): number {
  const fitted = evaluateRows(expression, columns, operators);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  let [left, all] = [0, 0];
  values.forEach((v, i) => {
    left += (v - fitted[i]!) ** 2;
    all += (v - mean) ** 2;
  });
  return left / all;
}
