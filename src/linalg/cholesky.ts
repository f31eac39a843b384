import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";

/**
 * The Cholesky factor L of a symmetric positive-definite matrix, A = L·Lᵀ, with L lower triangular. Only the lower
 * triangle of A is read.
 * @throws RangeError if A is not square, or naming the pivot that is not positive.
 */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows;
  if (a.cols !== n) throw new RangeError(`cholesky: needs a square matrix, got ${a.rows}×${a.cols}`);
  const l = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const pivot = a.data[j * n + j]! - dotAt(l, j * n, l, j * n, j);
    if (!(pivot > 0)) {
      throw new RangeError(`cholesky: pivot ${j} is ${pivot}, so the matrix is not positive definite`);
    }
    const diagonal = Math.sqrt(pivot);
    l[j * n + j] = diagonal;
    for (let i = j + 1; i < n; i++) {
      l[i * n + j] = (a.data[i * n + j]! - dotAt(l, i * n, l, j * n, j)) / diagonal;
    }
  }
  return matrix(n, n, l);
}

/** Solves L·Lᵀ·x = b by forward and back substitution, L from {@link cholesky}. b and x have n values. */
export function choleskySolve(l: Matrix, b: ArrayLike<number>): Float64Array {
  const n = l.rows;
  if (b.length !== n) throw new RangeError(`choleskySolve: expected ${n} values, got ${b.length}`);
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    x[i] = (x[i]! - dotAt(l.data, i * n, x, 0, i)) / l.data[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= l.data[k * n + i]! * x[k]!;
    x[i] = sum / l.data[i * n + i]!;
  }
  return x;
}
