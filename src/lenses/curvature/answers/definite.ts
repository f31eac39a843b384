import { UserError } from "../../../core/errors.ts";
import { dotAt } from "../../../linalg/gram.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import type { CurvatureSolver } from "../operator.ts";

/**
 * Refuses a damped curvature that is not positive definite: by the solver's count of negative directions where it
 * knows one, else by any of the solved right-hand sides with bᵀH⁻¹b ≤ 0.
 * @param right b, k × d @param solved H⁻¹b @param name what a row of `right` is, for the message
 */
export function demandDefinite(
  where: string,
  solver: Pick<CurvatureSolver, "damping" | "negative">,
  right: Matrix,
  solved: Matrix,
  name: string,
): void {
  const advice = `the curvature damped by ${solver.damping} is not positive definite; raise the damping above its most negative eigenvalue, or use the Gauss–Newton matrix`;
  if (solver.negative !== undefined && solver.negative > 0) {
    throw new UserError(`${where}: ${solver.negative} negative directions: ${advice}`);
  }
  const d = right.cols;
  for (let i = 0; i < right.rows; i++) {
    const square = dotAt(right.data, i * d, solved.data, i * d, d);
    if (square > 0 || dotAt(right.data, i * d, right.data, i * d, d) === 0) continue;
    throw new UserError(`${where}: bᵀH⁻¹b is ${square} for ${name} ${i}: ${advice}`);
  }
}
