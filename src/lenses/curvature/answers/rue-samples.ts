import { breathe } from "../../../core/breathe.ts";
import { UserError } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import type { CurvatureSolver } from "../operator.ts";
import { demandDefinite } from "./definite.ts";
import { demandRows, rowNorms, solveRows } from "./rows.ts";

/** Named quantities of the test points, t values each. */
export type Quantities = Readonly<Record<string, Float64Array>>;

export interface ResampleInput {
  /** θ̂. */
  parameters: Float64Array;
  /** g_i of the training samples at θ̂, n × d, without the regulariser. */
  gradients: Matrix;
  solver: CurvatureSolver;
  /** How many training sets are drawn, or the weights themselves, one set a row (B × n). */
  draws: number | Matrix;
  /** Used where `draws` is a number. */
  random: Random;
  /** The quantities of the test points at given parameters: `{ loss, probability, margin }` of {@link classMeasures}. */
  evaluate: (parameters: Float64Array) => Promise<Quantities>;
  task?: Task;
}

export interface Resampled {
  /** The quantities at θ̂. */
  at: Quantities;
  mean: Quantities;
  /** Standard deviation over the draws (B − 1 in the denominator): the resampling uncertainty. */
  deviation: Quantities;
  /** ‖θ_b − θ̂‖ of every draw: where it leaves the region in which the network's gates stay, the answer is not local. */
  steps: Float64Array;
}

/**
 * Resampling uncertainty estimation: draws weights w ~ Multinomial(n; 1/n, …), takes θ_b = θ̂ − (1/n) H_δ⁻¹ Σ_i (w_i − 1)
 * g_i for the network trained on that draw, and evaluates there. Unlike {@link resamplingSpread} it follows the
 * quantities beyond their slopes; its standard deviations scatter by 1/√(2B). Same seed, same numbers.
 * Source: Schulam & Saria, AISTATS 2019.
 * @throws UserError for shapes that do not fit, fewer than two draws, quantities that change their length or are not
 * finite, and where H_δ is not positive definite
 */
export async function resample(input: ResampleInput): Promise<Resampled> {
  const { parameters, gradients, solver, evaluate, task = quietTask } = input;
  const where = "resample";
  const { rows: n, cols: d } = gradients;
  demandRows(where, "the training gradients", gradients, parameters.length);
  const solved = await solveRows(where, solver.solve, gradients);
  demandDefinite(where, solver, gradients, solved, "training sample");
  const weights =
    typeof input.draws === "number" ? multinomialWeights(input.draws, n, input.random) : input.draws;
  demandRows(where, "the weights", weights, n);
  const draws = weights.rows;
  if (draws < 2) throw new UserError(`${where}: ${draws} draws; expected two or more for a spread`);
  const moved = await product(
    matrix(
      draws,
      n,
      weights.data.map((w) => (1 - w) / n),
    ),
    solved,
  );
  const at = await evaluate(parameters);
  const sums = accumulator(at);
  for (let b = 0; b < draws; b++) {
    if (b % 16 === 15) await breathe(task);
    task.report(b / draws, "resampling");
    const theta = parameters.map((value, j) => value + moved.data[b * d + j]!);
    sums.add(await evaluate(theta), b);
  }
  return { at, ...sums.result(), steps: rowNorms(moved) };
}

/**
 * Weights of resampled training sets: each row counts how often every one of n samples was drawn in n draws with
 * replacement; it adds up to n. @throws UserError for a number of rows that is not whole and positive
 */
export function multinomialWeights(draws: number, n: number, random: Random): Matrix {
  if (!Number.isInteger(draws) || draws < 1) {
    throw new UserError(`multinomialWeights: ${draws} draws; expected a whole number of at least 1`);
  }
  const out = matrix(draws, n);
  for (let b = 0; b < draws; b++) for (let k = 0; k < n; k++) out.data[b * n + random.int(n)]! += 1;
  return out;
}

/** Running mean and variance of every quantity (Welford 1962), which does not lose a small spread on a large mean. */
function accumulator(at: Quantities) {
  const names = Object.keys(at);
  const zero = () => Object.fromEntries(names.map((name) => [name, new Float64Array(at[name]!.length)]));
  const mean = zero();
  const squares = zero();
  let count = 0;
  return {
    add(values: Quantities, draw: number) {
      count++;
      for (const name of names) {
        const row = values[name];
        if (row?.length !== at[name]!.length) {
          throw new UserError(
            `resample: draw ${draw} gave ${row?.length ?? "no"} values of '${name}'; expected ${at[name]!.length}`,
          );
        }
        for (let t = 0; t < row.length; t++) {
          if (!Number.isFinite(row[t]!)) {
            throw new UserError(
              `resample: '${name}' of test point ${t} is ${row[t]} at draw ${draw}; raise the damping`,
            );
          }
          const delta = row[t]! - mean[name]![t]!;
          mean[name]![t]! += delta / count;
          squares[name]![t]! += delta * (row[t]! - mean[name]![t]!);
        }
      }
    },
    result() {
      const deviation = Object.fromEntries(
        names.map((name) => [name, squares[name]!.map((sum) => Math.sqrt(sum / (count - 1)))]),
      );
      return { mean, deviation };
    },
  };
}
