import { UserError } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import type { CurvatureSolver } from "../operator.ts";
import { demandDefinite } from "./definite.ts";
import { demandRows, meanRow, solveRows } from "./rows.ts";

export interface SpreadInput {
  /** g_i of the training samples, n × d, without the regulariser. */
  gradients: Matrix;
  /** q = ∇ of what is asked about: a loss, a class probability, a logit margin, a prediction; t × d. */
  queries: Matrix;
  solver: CurvatureSolver;
}

/**
 * The spread of a prediction over training sets resampled from the one at hand, in closed form (infinitesimal
 * jackknife): Var = (1/n²) Σ_i [qᵀ H_δ⁻¹ (g_i − ḡ)]², the sandwich qᵀ H⁻¹ Ĉ H⁻¹ q / n of the resampling uncertainty
 * estimation to first order in the weights. No sampling noise. t standard deviations, in the unit of q's quantity.
 * Source: Schulam & Saria, AISTATS 2019; Efron, J. R. Statist. Soc. B 54 (1992) 83; Giordano et al., AISTATS 2019.
 * @throws UserError for shapes that do not fit, and where H_δ is not positive definite
 */
export async function resamplingSpread({ gradients, queries, solver }: SpreadInput): Promise<Float64Array> {
  const where = "resamplingSpread";
  const { rows: n, cols: d } = gradients;
  if (n < 2) throw new UserError(`${where}: ${n} training samples; expected two or more`);
  demandRows(where, "the training gradients", gradients, d);
  demandRows(where, "the queries", queries, d);
  const solved = await solveRows(where, solver.solve, queries);
  demandDefinite(where, solver, queries, solved, "query");
  const products = await product(solved, centred(gradients), { transposeB: true });
  return Float64Array.from({ length: queries.rows }, (_, t) => {
    let sum = 0;
    for (let i = t * n; i < (t + 1) * n; i++) sum += products.data[i]! ** 2;
    return Math.sqrt(sum) / n;
  });
}

/** g_i − ḡ: what is left of the gradients under weights that add up to n. */
export function centred(gradients: Matrix): Matrix {
  const { rows, cols } = gradients;
  const middle = meanRow(gradients);
  const out = matrix(rows, cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = gradients.data[i]! - middle[i % cols]!;
  return out;
}
