import { type Matrix, matrix } from "./matrix.ts";

/** A matrix from an array of equally long rows. @throws RangeError naming the first row of another length. */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  const out = matrix(rows.length, cols);
  rows.forEach((row, i) => {
    if (row.length !== cols) {
      throw new RangeError(`fromRows: row ${i} has ${row.length} values, row 0 has ${cols}`);
    }
    out.data.set(row, i * cols);
  });
  return out;
}

/** Row `i` of `a`, as a view on the same memory. */
export function rowOf(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}

/** Column `j` of `a`, as a copy. */
export function columnOf(a: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, i) => a.data[i * a.cols + j]!);
}

/** The rows of `a` at `indices`, in that order, as a copy. */
export function takeRows(a: Matrix, indices: ArrayLike<number>): Matrix {
  const out = matrix(indices.length, a.cols);
  for (let i = 0; i < indices.length; i++) out.data.set(rowOf(a, indices[i]!), i * a.cols);
  return out;
}
