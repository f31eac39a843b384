import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";

export interface SymmetricEigen {
  /** Eigenvalues, largest first. */
  values: Float64Array;
  /** Row i is the unit eigenvector of `values[i]`: A = VᵀΛV with V this matrix. The signs are arbitrary. */
  vectors: Matrix;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix: Householder tridiagonalisation, then implicitly shifted QR
 * with Wilkinson's shift (Golub & Van Loan, Matrix Computations, 8.3). Only the lower triangle counts; residuals
 * ‖Av − λv‖ are of the order of machine precision times ‖A‖.
 * @throws RangeError if A is not square or holds a value that is not finite.
 */
export function eigenSymmetric(a: Matrix): SymmetricEigen {
  const n = a.rows;
  if (a.cols !== n) throw new RangeError(`eigenSymmetric: needs a square matrix, got ${a.rows}×${a.cols}`);
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = a.data[i * n + j]!;
      if (!Number.isFinite(value)) throw new RangeError(`eigenSymmetric: element (${i}, ${j}) is ${value}`);
      work[i * n + j] = value;
      work[j * n + i] = value;
    }
  }
  const scale = farFromOne(work);
  if (scale !== 1) for (let i = 0; i < work.length; i++) work[i]! *= scale;
  const { diagonal, off, basis } = tridiagonalise(work, n);
  diagonalise(diagonal, off, basis, n);
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[j]! - diagonal[i]!);
  const vectors = matrix(n, n);
  order.forEach((from, to) => {
    vectors.data.set(basis.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => diagonal[i]! / scale), vectors };
}

/** A power of two that brings the largest element near 1 where squares of the elements would leave float64; else 1. */
function farFromOne(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || (largest > 1e-140 && largest < 1e140)) return 1;
  return 2 ** Math.min(1000, -Math.floor(Math.log2(largest)));
}

/** Reduces A to QTQᵀ. `basis` is Qᵀ, so that later rotations act on contiguous rows. `a` is overwritten. */
function tridiagonalise(a: Float64Array, n: number) {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  const reflectors: { v: Float64Array; beta: number }[] = [];
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const v = new Float64Array(n);
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    const norm = Math.sqrt(dotAt(v, k + 1, v, k + 1, n - k - 1));
    const head = v[k + 1]!;
    const tail = norm === 0 ? 0 : dotAt(v, k + 2, v, k + 2, n - k - 2);
    if (tail === 0) {
      off[k] = head;
      reflectors.push({ v, beta: 0 });
      continue;
    }
    const alpha = head > 0 ? -norm : norm;
    v[k + 1] = head - alpha;
    const beta = 2 / (v[k + 1]! ** 2 + tail);
    off[k] = alpha;
    for (let i = k + 1; i < n; i++) p[i] = beta * dotAt(a, i * n + k + 1, v, k + 1, n - k - 1);
    const half = (beta / 2) * dotAt(p, k + 1, v, k + 1, n - k - 1);
    for (let i = k + 1; i < n; i++) p[i]! -= half * v[i]!;
    for (let i = k + 1; i < n; i++) {
      const vi = v[i]!;
      const pi = p[i]!;
      const row = i * n;
      for (let j = k + 1; j < n; j++) a[row + j]! -= vi * p[j]! + pi * v[j]!;
    }
    reflectors.push({ v, beta });
  }
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2]!;
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i]!;
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  for (let k = reflectors.length - 1; k >= 0; k--) {
    const { v, beta } = reflectors[k]!;
    if (beta === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const scale = beta * dotAt(basis, i * n + k + 1, v, k + 1, n - k - 1);
      for (let j = k + 1; j < n; j++) basis[i * n + j]! -= scale * v[j]!;
    }
  }
  return { diagonal, off, basis };
}

/** Drives `off` to zero by chasing the bulge of a shifted QR step, rotating the rows of `basis` along. */
function diagonalise(d: Float64Array, e: Float64Array, basis: Float64Array, n: number): void {
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(d[i]!) + Math.abs(e[i]!));
  const negligible = (i: number) =>
    Math.abs(e[i]!) <= Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!) + 0.1 * scale);
  let hi = n - 1;
  for (let steps = 0; hi > 0; ) {
    if (negligible(hi - 1)) {
      e[hi - 1] = 0;
      hi--;
      continue;
    }
    let lo = hi - 1;
    while (lo > 0 && !negligible(lo - 1)) lo--;
    if (++steps > 60 * n) throw new RangeError(`eigenSymmetric: no convergence after ${steps} QR steps`);
    const delta = (d[hi - 1]! - d[hi]!) / 2;
    const last = e[hi - 1]!;
    const root = Math.hypot(delta, last);
    let x = d[lo]! - (d[hi]! - (last * last) / (delta < 0 ? delta - root : delta + root));
    let z = e[lo]!;
    for (let k = lo; k < hi; k++) {
      const r = Math.hypot(x, z);
      const c = r === 0 ? 1 : x / r;
      const s = r === 0 ? 0 : z / r;
      if (k > lo) e[k - 1] = r;
      const top = d[k]!;
      const bottom = d[k + 1]!;
      const side = e[k]!;
      d[k] = c * c * top + 2 * c * s * side + s * s * bottom;
      d[k + 1] = s * s * top - 2 * c * s * side + c * c * bottom;
      e[k] = c * s * (bottom - top) + (c * c - s * s) * side;
      if (k < hi - 1) {
        x = e[k]!;
        z = s * e[k + 1]!;
        e[k + 1]! *= c;
      }
      rotateRows(basis, k * n, (k + 1) * n, n, c, s);
    }
  }
}

/** (u, w) ← (c·u + s·w, c·w − s·u) for two rows of `length` values. */
export function rotateRows(
  data: Float64Array,
  u: number,
  w: number,
  length: number,
  c: number,
  s: number,
): void {
  for (let j = 0; j < length; j++) {
    const first = data[u + j]!;
    const second = data[w + j]!;
    data[u + j] = c * first + s * second;
    data[w + j] = c * second - s * first;
  }
}
