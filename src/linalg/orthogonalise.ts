import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { subtractProducts } from "./subtract-products.ts";

const chunk = 1024;

/**
 * Takes from every row of `rows` its part along the orthonormal rows of `basis` (the first `count`): all coefficients
 * first, then the subtraction (classical Gram–Schmidt), twice, so that what is left is orthogonal to rounding ("twice
 * is enough", Parlett & Kahan). In place.
 * @returns the coefficients along the basis, rows.rows × count.
 */
export function removeAlong(rows: Matrix, basis: Matrix, count = basis.rows): Matrix {
  const along = matrix(rows.rows, count);
  for (let pass = 0; pass < 2 && count > 0; pass++) {
    const minus = matrix(rows.rows, count);
    subtractProducts(minus, rows, basis, {
      rows: { from: 0, to: rows.rows },
      cols: { from: 0, to: count },
      inner: { from: 0, to: rows.cols },
    });
    addCombinations(rows, minus, basis);
    for (let k = 0; k < along.data.length; k++) along.data[k]! -= minus.data[k]!;
  }
  return along;
}

/** rows += weights·basis, a piece of the columns at a time, four rows of the basis together. */
function addCombinations(rows: Matrix, weights: Matrix, basis: Matrix): void {
  const d = rows.cols;
  const count = weights.cols;
  const [x, q, w] = [rows.data, basis.data, weights.data];
  const fours = count - (count % 4);
  for (let from = 0; from < d; from += chunk) {
    const length = Math.min(chunk, d - from);
    for (let i = 0; i < fours; i += 4) {
      for (let r = 0; r < rows.rows; r++) {
        const [a, b, c, e] = [
          w[r * count + i]!,
          w[r * count + i + 1]!,
          w[r * count + i + 2]!,
          w[r * count + i + 3]!,
        ];
        let q0 = i * d + from;
        let q1 = q0 + d;
        let q2 = q1 + d;
        let q3 = q2 + d;
        for (let at = r * d + from, end = at + length; at < end; at++) {
          x[at]! += a * q[q0++]! + b * q[q1++]! + (c * q[q2++]! + e * q[q3++]!);
        }
      }
    }
    for (let i = fours; i < count; i++) {
      for (let r = 0; r < rows.rows; r++) {
        const a = w[r * count + i]!;
        for (let j = 0; j < length; j++) x[r * d + from + j]! += a * q[i * d + from + j]!;
      }
    }
  }
}

/**
 * Orthonormalises the rows in place, in order (Gram–Schmidt, each row twice). A row that is within `tolerance` of the
 * span of those before it is dropped and later rows move up.
 * @returns how many rows remain, the `shortest` of their lengths before division, and R (remaining × rows.rows) with old row j = Σ_i R_ij · new row i up to tolerance.
 */
export function orthonormalise(
  rows: Matrix,
  tolerance: number,
): { count: number; shortest: number; r: Matrix } {
  const { rows: p, cols: d, data } = rows;
  const full = matrix(p, p);
  let count = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < p; j++) {
    if (count !== j) data.copyWithin(count * d, j * d, (j + 1) * d);
    const row = matrix(1, d, data.subarray(count * d, (count + 1) * d));
    const along = removeAlong(row, rows, count);
    for (let i = 0; i < count; i++) full.data[i * p + j] = along.data[i]!;
    const norm = Math.sqrt(dotAt(row.data, 0, row.data, 0, d));
    if (!(norm > tolerance)) continue;
    shortest = Math.min(shortest, norm);
    full.data[count * p + j] = norm;
    for (let k = 0; k < d; k++) row.data[k]! /= norm;
    count++;
  }
  return { count, shortest, r: matrix(count, p, full.data.slice(0, count * p)) };
}
