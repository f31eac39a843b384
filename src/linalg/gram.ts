import { type Matrix, matrix } from "./matrix.ts";
import { transpose } from "./transpose.ts";

/** Σ_k x[from + k]·y[to + k] over `length` terms, in four partial sums. */
export function dotAt(x: Float64Array, from: number, y: Float64Array, to: number, length: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    a += x[from + k]! * y[to + k]!;
    b += x[from + k + 1]! * y[to + k + 1]!;
    c += x[from + k + 2]! * y[to + k + 2]!;
    d += x[from + k + 3]! * y[to + k + 3]!;
  }
  for (; k < length; k++) a += x[from + k]! * y[to + k]!;
  return a + b + (c + d);
}

/** The Gram matrix of the rows, A·Aᵀ: m×m from m×n, exactly symmetric. */
export function gramOfRows(a: Matrix): Matrix {
  const { rows: m, cols: n, data } = a;
  const out = matrix(m, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const value = dotAt(data, i * n, data, j * n, n);
      out.data[i * m + j] = value;
      out.data[j * m + i] = value;
    }
  }
  return out;
}

/** The Gram matrix of the columns, Aᵀ·A: n×n from m×n, exactly symmetric. */
export function gramOfColumns(a: Matrix): Matrix {
  return gramOfRows(transpose(a));
}
