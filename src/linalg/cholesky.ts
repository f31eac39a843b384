import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { subtractProducts } from "./subtract-products.ts";

const block = 64;

/**
 * The Cholesky factor L of a symmetric positive-definite matrix, A = L·Lᵀ, with L lower triangular. Only the lower
 * triangle of A is read. n³/3 multiplications, in blocks of columns: n = 2900 takes a few seconds.
 * @throws RangeError if A is not square, or naming the pivot that is not positive.
 */
export function cholesky(a: Matrix): Matrix {
  const steps = choleskySteps(a);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * {@link cholesky} one block of columns at a time, for long factorisations that have to be stopped: yields the share
 * of the work that is done, returns L.
 */
export function* choleskySteps(a: Matrix): Generator<number, Matrix> {
  const n = a.rows;
  if (a.cols !== n) throw new RangeError(`cholesky: needs a square matrix, got ${a.rows}×${a.cols}`);
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) l.set(a.data.subarray(i * n, i * n + i + 1), i * n);
  const rowMajor = { data: l, cols: n };
  for (let from = 0; from < n; from += block) {
    const to = Math.min(n, from + block);
    const cols = { from, to };
    subtractProducts(rowMajor, rowMajor, rowMajor, {
      rows: { from, to: n },
      cols,
      inner: { from: 0, to: from },
    });
    for (let j = from; j < to; j++) {
      const pivot = l[j * n + j]! - dotAt(l, j * n + from, l, j * n + from, j - from);
      if (!(pivot > 0)) {
        throw new RangeError(`cholesky: pivot ${j} is ${pivot}, so the matrix is not positive definite`);
      }
      const diagonal = Math.sqrt(pivot);
      l[j * n + j] = diagonal;
      for (let i = from; i < j; i++) l[i * n + j] = 0;
      for (let i = j + 1; i < n; i++) {
        l[i * n + j] = (l[i * n + j]! - dotAt(l, i * n + from, l, j * n + from, j - from)) / diagonal;
      }
    }
    yield 1 - (1 - to / n) ** 3;
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
