import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { subtractProducts } from "./subtract-products.ts";

const block = 64;

/**
 * Solves L·x = b for many right-hand sides at once, by forward substitution in blocks.
 * @param l n×n, lower triangular (what is above the diagonal is not read). @param b m×n, one right-hand side a row.
 * @returns m×n, one solution a row. @throws RangeError for shapes that do not fit.
 */
export function solveLowerRows(l: Matrix, b: Matrix): Matrix {
  const n = l.rows;
  if (l.cols !== n || b.cols !== n) {
    throw new RangeError(
      `solveLowerRows: L is ${l.rows}×${l.cols} and b ${b.rows}×${b.cols}; expected n×n and m×n`,
    );
  }
  const x = matrix(b.rows, n, b.data.slice());
  for (let from = 0; from < n; from += block) {
    const to = Math.min(n, from + block);
    subtractProducts(x, x, l, {
      rows: { from: 0, to: b.rows },
      cols: { from, to },
      inner: { from: 0, to: from },
    });
    for (let r = 0; r < b.rows; r++) {
      for (let j = from; j < to; j++) {
        const known = dotAt(x.data, r * n + from, l.data, j * n + from, j - from);
        x.data[r * n + j] = (x.data[r * n + j]! - known) / l.data[j * n + j]!;
      }
    }
  }
  return x;
}
