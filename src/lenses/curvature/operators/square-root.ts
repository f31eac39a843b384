import { UserError } from "../../../core/errors.ts";

/**
 * Rows r with Σ r rᵀ = S for a positive semi-definite C × C matrix: Cholesky's columns without pivoting, a vanishing
 * pivot leaving its column out, so that a softmax's S gives C − 1 rows.
 * @param s the C² values of S, row-major.
 * @throws UserError naming `where` if S has negative curvature: the loss is not convex in the outputs.
 */
export function squareRootRows(s: Float64Array, size: number, where: string): Float64Array[] {
  const work = s.slice();
  const rows: Float64Array[] = [];
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(work[i * size + i]!));
  for (let k = 0; k < size; k++) {
    const pivot = work[k * size + k]!;
    let beside = 0;
    for (let i = k + 1; i < size; i++) beside = Math.max(beside, Math.abs(work[i * size + k]!));
    if (pivot <= 1e-13 * largest) {
      if (pivot < -1e-10 * largest || beside > 1e-6 * largest) {
        throw new UserError(
          `${where}: the loss has negative curvature in the outputs (pivot ${pivot} of largest ${largest}); Gauss–Newton and Fisher need a convex loss, take the exact Hessian`,
        );
      }
      continue;
    }
    const row = new Float64Array(size);
    for (let i = k; i < size; i++) row[i] = work[i * size + k]! / Math.sqrt(pivot);
    for (let i = k; i < size; i++) {
      for (let j = k; j < size; j++) work[i * size + j]! -= row[i]! * row[j]!;
    }
    rows.push(row);
  }
  return rows;
}
