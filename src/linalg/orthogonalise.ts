import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";

/**
 * Takes from every row of `rows` its part along the orthonormal rows of `basis` (the first `count`), twice, so that
 * what is left is orthogonal to rounding ("twice is enough", Parlett & Kahan). In place.
 * @returns the coefficients along the basis, rows.rows × count.
 */
export function removeAlong(rows: Matrix, basis: Matrix, count = basis.rows): Matrix {
  const d = rows.cols;
  const along = matrix(rows.rows, count);
  for (let pass = 0; pass < 2; pass++) {
    for (let r = 0; r < rows.rows; r++) {
      const to = r * d;
      for (let i = 0; i < count; i++) {
        const from = i * d;
        const c = dotAt(basis.data, from, rows.data, to, d);
        along.data[r * count + i]! += c;
        for (let j = 0; j < d; j++) rows.data[to + j]! -= c * basis.data[from + j]!;
      }
    }
  }
  return along;
}

/**
 * Orthonormalises the rows in place, in order (Gram–Schmidt, each row twice). A row that is within `tolerance` of the
 * span of those before it is dropped and later rows move up.
 * @returns how many rows remain, and R (remaining × rows.rows) with old row j = Σ_i R_ij · new row i up to tolerance.
 */
export function orthonormalise(rows: Matrix, tolerance: number): { count: number; r: Matrix } {
  const { rows: p, cols: d, data } = rows;
  const full = matrix(p, p);
  let count = 0;
  for (let j = 0; j < p; j++) {
    if (count !== j) data.copyWithin(count * d, j * d, (j + 1) * d);
    const row = matrix(1, d, data.subarray(count * d, (count + 1) * d));
    const along = removeAlong(row, rows, count);
    for (let i = 0; i < count; i++) full.data[i * p + j] = along.data[i]!;
    const norm = Math.sqrt(dotAt(row.data, 0, row.data, 0, d));
    if (!(norm > tolerance)) continue;
    full.data[count * p + j] = norm;
    for (let k = 0; k < d; k++) row.data[k]! /= norm;
    count++;
  }
  return { count, r: matrix(count, p, full.data.slice(0, count * p)) };
}
