import { type Matrix, matrix } from "./matrix.ts";

/** The transpose Aᵀ: n×m from m×n, as a copy. */
export function transpose(a: Matrix): Matrix {
  const out = new Float64Array(a.data.length);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out[j * a.rows + i] = a.data[i * a.cols + j]!;
  }
  return matrix(a.cols, a.rows, out);
}
