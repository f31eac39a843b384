import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/** The columns `index` of every row. */
export function gatherColumns(rows: Matrix, index: Int32Array): Matrix {
  const out = matrix(rows.rows, index.length);
  for (let r = 0; r < rows.rows; r++) {
    for (let j = 0; j < index.length; j++)
      out.data[r * index.length + j] = rows.data[r * rows.cols + index[j]!]!;
  }
  return out;
}

/** Writes column j of `part` to column index[j] of `out`. */
export function scatterColumns(out: Matrix, part: Matrix, index: Int32Array): void {
  for (let r = 0; r < out.rows; r++) {
    for (let j = 0; j < index.length; j++)
      out.data[r * out.cols + index[j]!] = part.data[r * index.length + j]!;
  }
}
