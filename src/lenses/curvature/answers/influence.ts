import { UserError } from "../../../core/errors.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { demandRows, type Solve, shiftRows, solveRows } from "./rows.ts";

/** The term ½·ridge·‖θ‖² of the training loss, for those who count it among the loss of every sample. */
export interface Regulariser {
  parameters: Float64Array;
  /** λ/n. */
  ridge: number;
}

export interface InfluenceInput {
  /** g_i = ∇ℓ(z_i; θ̂) of the training samples, n × d, without the regulariser. */
  gradients: Matrix;
  /** q = ∇ of what is asked about (a test loss, a class probability, a prediction), t × d. */
  queries: Matrix;
  solve: Solve;
  /**
   * Adds ridge·θ to every g_i and q, as the Hessian-based toolbox of Dawid et al. (2022) does. Left out by default:
   * removing a sample does not remove the regulariser, and for confident samples the term would be all of q.
   */
  regulariser?: Regulariser;
}

/** Influences and what they were made of. */
export interface Influence {
  /** t × n; row: what is asked about, column: training sample. */
  values: Matrix;
  /** s = H_δ⁻¹ q, t × d. */
  solvedQueries: Matrix;
}

/**
 * Influence functions IF_i = +(1/n) qᵀ H_δ⁻¹ g_i: to first order, by how much q's quantity rises when training sample i
 * is taken out and the model trained to its new minimum. For a test loss, positive is helpful (removal hurts) and
 * negative harmful. In the unit of q's quantity. One solve a query, all of them at once.
 * Source: Koh & Liang, ICML 2017, equation 2 times −1/n.
 * @throws UserError for shapes that do not fit and for values that are not finite.
 */
export async function influence({
  gradients,
  queries,
  solve,
  regulariser,
}: InfluenceInput): Promise<Influence> {
  const where = "influence";
  if (gradients.rows === 0) throw new UserError(`${where}: no training gradients`);
  demandRows(where, "the training gradients", gradients, gradients.cols);
  demandRows(where, "the queries", queries, gradients.cols);
  const g = regulariser ? withRegulariser(gradients, regulariser) : gradients;
  const q = regulariser ? withRegulariser(queries, regulariser) : queries;
  const solvedQueries = await solveRows(where, solve, q);
  const values = await product(solvedQueries, g, { transposeB: true });
  for (let i = 0; i < values.data.length; i++) values.data[i]! /= gradients.rows;
  return { values, solvedQueries };
}

/** Every gradient plus ridge·θ, as a copy. @throws UserError for another number of parameters. */
export function withRegulariser(gradients: Matrix, { parameters, ridge }: Regulariser): Matrix {
  if (parameters.length !== gradients.cols) {
    throw new UserError(
      `withRegulariser: ${parameters.length} parameters for gradients of ${gradients.cols} columns`,
    );
  }
  return shiftRows(gradients, parameters, ridge);
}

/**
 * Self-influence (1/n) g_iᵀ H_δ⁻¹ g_i: how much the sample's own loss rises when it is taken out; large for samples that
 * only they themselves explain. Not negative where H_δ is positive definite.
 * @param gradients g_i, n × d @param solved H_δ⁻¹ g_i, n × d
 */
export function selfInfluence(gradients: Matrix, solved: Matrix): Float64Array {
  demandRows("selfInfluence", "the solved gradients", solved, gradients.cols);
  if (solved.rows !== gradients.rows) {
    throw new UserError(
      `selfInfluence: ${solved.rows} solved gradients for ${gradients.rows} training samples`,
    );
  }
  const { rows: n, cols: d } = gradients;
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = i * d; j < (i + 1) * d; j++) sum += gradients.data[j]! * solved.data[j]!;
    return sum / n;
  });
}
