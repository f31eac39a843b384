import { UserError } from "../../../core/errors.ts";
import { dotAt } from "../../../linalg/gram.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { type Regulariser, withRegulariser } from "./influence.ts";
import { demandRows, rowNorms, type Solve, solveRows } from "./rows.ts";

export interface RelatifInput {
  /** g_i of the training samples, n × d, without the regulariser. */
  gradients: Matrix;
  /** q, t × d. */
  queries: Matrix;
  solve: Solve;
  /** Adds ridge·θ to every g_i and q, as for {@link influence}. */
  regulariser?: Regulariser;
  /**
   * What is measured against: "parameters", the change of θ (θ-RelatIF), or "losses", the change of the training
   * losses (ℓ-RelatIF).
   */
  against: "parameters" | "losses";
  /**
   * "paper" (default): qᵀH⁻¹g_i over the measure. "toolbox": that over n, as in the Hessian-based toolbox of Dawid et
   * al. (2022), where the influence in the numerator has its 1/n. The order of the samples is the same.
   */
  scale?: "paper" | "toolbox";
}

/**
 * Relative influence: influence per global effect of a sample, which brings out samples that speak for this test point
 * and not those that move everything. Against parameters, qᵀH⁻¹g_i / ‖H⁻¹g_i‖₂; against losses,
 * qᵀH⁻¹g_i / √(g_iᵀH⁻¹g_i), for which the curvature must be positive definite (a Gauss–Newton matrix, or enough
 * damping). t × n; a sample with zero gradient gets 0. Multiplying a g_i by a positive number changes nothing;
 * |θ-RelatIF| ≤ ‖q‖₂ and |ℓ-RelatIF| ≤ √(qᵀH⁻¹q), by Cauchy and Schwarz.
 * Source: Barshan, Brunet & Dziugaite, AISTATS 2020, equations 6 and 8.
 * @throws UserError for shapes that do not fit, and against losses naming the sample where g_iᵀH⁻¹g_i is not positive.
 */
export async function relatif(input: RelatifInput): Promise<Matrix> {
  const { gradients, queries, solve, regulariser, against, scale = "paper" } = input;
  const where = "relatif";
  demandRows(where, "the training gradients", gradients, gradients.cols);
  demandRows(where, "the queries", queries, gradients.cols);
  const g = regulariser ? withRegulariser(gradients, regulariser) : gradients;
  const q = regulariser ? withRegulariser(queries, regulariser) : queries;
  const solved = await solveRows(where, solve, g);
  const measure = against === "parameters" ? rowNorms(solved) : lossMeasure(g, solved);
  const products = await product(q, solved, { transposeB: true });
  const factor = scale === "toolbox" ? 1 / gradients.rows : 1;
  const out = matrix(q.rows, g.rows);
  for (let i = 0; i < out.data.length; i++) {
    const over = measure[i % g.rows]!;
    out.data[i] = over === 0 ? 0 : (factor * products.data[i]!) / over;
  }
  return out;
}

function lossMeasure(gradients: Matrix, solved: Matrix): Float64Array {
  const { cols: d, data } = gradients;
  return Float64Array.from({ length: gradients.rows }, (_, i) => {
    const size = dotAt(data, i * d, data, i * d, d);
    if (size === 0) return 0;
    const square = dotAt(data, i * d, solved.data, i * d, d);
    if (square > 0) return Math.sqrt(square);
    throw new UserError(
      `relatif against losses: gᵀH⁻¹g is ${square} for training sample ${i}, so the damped curvature is not positive definite; use the Gauss–Newton matrix, raise the damping, or measure against "parameters"`,
    );
  });
}
