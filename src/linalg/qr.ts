import { UserError } from "../core/errors.ts";
import { type Matrix, matrix } from "./matrix.ts";

/** A = QR, with Q kept as the Householder reflections that make it up. */
export interface QR {
  readonly rows: number;
  readonly cols: number;
  /** The upper triangle, cols × cols. */
  readonly r: Matrix;
  /** Column j holds the vector v of reflection j (rows j …): H = 1 − 2vvᵀ with |v| = 1, or 0. */
  readonly reflections: Matrix;
}

/**
 * The QR decomposition of a tall matrix by Householder reflections: A (m × n, m ≥ n) = Q R with QᵀQ = 1 and R upper
 * triangular. Source: Golub & Van Loan, Matrix Computations, 4th ed. (2013), §5.2.
 * @throws UserError if the matrix has fewer rows than columns or holds a value that is not finite.
 */
export function qr(a: Matrix): QR {
  const { rows: m, cols: n } = a;
  if (m < n) throw new UserError(`qr: ${m} rows for ${n} columns; expected at least as many rows as columns`);
  const bad = a.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UserError(
      `qr: row ${Math.floor(bad / n)}, column ${bad % n} is ${a.data[bad]}; expected a number`,
    );
  }
  const work = matrix(m, n, Float64Array.from(a.data));
  const v = matrix(m, n);
  for (let j = 0; j < n; j++) {
    let squares = 0;
    for (let i = j; i < m; i++) squares += work.data[i * n + j]! ** 2;
    const pivot = work.data[j * n + j]!;
    const norm = pivot > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    const length = Math.sqrt(2 * norm * (norm - pivot));
    if (length === 0) continue;
    for (let i = j; i < m; i++) {
      v.data[i * n + j] = (work.data[i * n + j]! - (i === j ? norm : 0)) / length;
    }
    for (let k = j; k < n; k++) {
      let dot = 0;
      for (let i = j; i < m; i++) dot += v.data[i * n + j]! * work.data[i * n + k]!;
      for (let i = j; i < m; i++) work.data[i * n + k]! -= 2 * dot * v.data[i * n + j]!;
    }
  }
  const r = matrix(n, n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) r.data[i * n + j] = work.data[i * n + j]!;
  return { rows: m, cols: n, r, reflections: v };
}

/** Qᵀ b, for b of length rows. */
export function applyQTransposed(factors: QR, b: ArrayLike<number>): Float64Array {
  const { rows: m, cols: n, reflections: v } = factors;
  if (b.length !== m) throw new UserError(`applyQTransposed: ${b.length} values for ${m} rows`);
  const out = Float64Array.from(b);
  for (let j = 0; j < n; j++) {
    let dot = 0;
    for (let i = j; i < m; i++) dot += v.data[i * n + j]! * out[i]!;
    for (let i = j; i < m; i++) out[i]! -= 2 * dot * v.data[i * n + j]!;
  }
  return out;
}

/**
 * x with R x = b for an upper triangular R (n × n), by back substitution; b may be longer, its first n values count.
 * @throws UserError if a diagonal element is zero.
 */
export function solveUpper(r: Matrix, b: ArrayLike<number>): Float64Array {
  const n = r.cols;
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    const pivot = r.data[i * n + i]!;
    if (pivot === 0) throw new UserError(`solveUpper: the matrix is singular (element ${i}, ${i} is 0)`);
    let sum = b[i]!;
    for (let j = i + 1; j < n; j++) sum -= r.data[i * n + j]! * x[j]!;
    x[i] = sum / pivot;
  }
  return x;
}
