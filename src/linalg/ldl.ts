import { type Matrix, matrix } from "./matrix.ts";

/** P·A·Pᵀ = L·D·Lᵀ: L unit lower triangular, D with 1×1 and 2×2 blocks on its diagonal. */
export interface Ldl {
  /** Row i of the permuted matrix is row `order[i]` of A. */
  order: Int32Array;
  /** n×n: L below the diagonal (ones on it are not stored), D on the diagonal. */
  lower: Matrix;
  /** D's element (i+1, i) where a 2×2 block begins at i, else 0. */
  off: Float64Array;
  /** Eigenvalues of A by sign (Sylvester's law of inertia); zero means a pivot that vanishes exactly. */
  inertia: { positive: number; negative: number; zero: number };
}

const growth = (1 + Math.sqrt(17)) / 8;

/**
 * The factorisation of a symmetric matrix that need not be definite, with Bunch and Kaufman's partial pivoting (1977;
 * Golub & Van Loan, Matrix Computations, 4.4.4). Only the lower triangle is read. n³/3 multiplications.
 * @throws RangeError if A is not square or holds a value that is not finite.
 */
export function ldl(a: Matrix): Ldl {
  const n = a.rows;
  if (a.cols !== n) throw new RangeError(`ldl: needs a square matrix, got ${a.rows}×${a.cols}`);
  const w = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = a.data[i * n + j]!;
      if (!Number.isFinite(value)) throw new RangeError(`ldl: element (${i}, ${j}) is ${value}`);
      w[i * n + j] = value;
    }
  }
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const off = new Float64Array(n);
  const inertia = { positive: 0, negative: 0, zero: 0 };
  for (let k = 0; k < n; ) {
    const pivot = choosePivot(w, n, k);
    if (pivot.size === 1) {
      swap(w, n, order, k, pivot.row, k);
      eliminateOne(w, n, k);
      const value = w[k * n + k]!;
      inertia[value > 0 ? "positive" : value < 0 ? "negative" : "zero"]++;
    } else {
      swap(w, n, order, k + 1, pivot.row, k);
      off[k] = w[(k + 1) * n + k]!;
      eliminateTwo(w, n, k);
      w[(k + 1) * n + k] = 0;
      inertia.positive++;
      inertia.negative++;
    }
    k += pivot.size;
  }
  return { order, lower: matrix(n, n, w), off, inertia };
}

/**
 * Solves A·x = b for many right-hand sides from {@link ldl}. `right` is k×n, one right-hand side a row.
 * @throws RangeError for sizes that do not fit, or where D is singular, naming the pivot.
 */
export function ldlSolveRows(factors: Ldl, right: Matrix): Matrix {
  const { order, lower, off } = factors;
  const n = lower.rows;
  if (right.cols !== n)
    throw new RangeError(`ldlSolveRows: rows of ${right.cols} values for a ${n}×${n} matrix`);
  const l = lower.data;
  const x = matrix(right.rows, n);
  const y = new Float64Array(n);
  for (let r = 0; r < right.rows; r++) {
    for (let i = 0; i < n; i++) y[i] = right.data[r * n + order[i]!]!;
    for (let i = 0; i < n; i++) {
      let sum = y[i]!;
      for (let j = 0; j < i; j++) sum -= l[i * n + j]! * y[j]!;
      y[i] = sum;
    }
    for (let i = 0; i < n; i++) {
      const d = l[i * n + i]!;
      const e = off[i]!;
      if (e === 0) {
        if (d === 0) throw new RangeError(`ldlSolveRows: pivot ${i} is 0, the matrix is singular`);
        y[i]! /= d;
        continue;
      }
      const next = l[(i + 1) * n + i + 1]!;
      // Scaled by the off-diagonal element, which dominates a 2×2 pivot, so that nothing overflows.
      const [p, q] = [d / e, next / e];
      const scale = 1 / (e * (p * q - 1));
      const [first, second] = [y[i]!, y[i + 1]!];
      y[i] = (q * first - second) * scale;
      y[i + 1] = (p * second - first) * scale;
      i++;
    }
    for (let i = n - 1; i >= 0; i--) {
      const value = y[i]!;
      for (let j = 0; j < i; j++) y[j]! -= l[i * n + j]! * value;
    }
    for (let i = 0; i < n; i++) x.data[r * n + order[i]!] = y[i]!;
  }
  return x;
}

function choosePivot(w: Float64Array, n: number, k: number): { size: 1 | 2; row: number } {
  const diagonal = Math.abs(w[k * n + k]!);
  let largest = 0;
  let row = k;
  for (let i = k + 1; i < n; i++) {
    const value = Math.abs(w[i * n + k]!);
    if (value > largest) {
      largest = value;
      row = i;
    }
  }
  if (largest === 0 || diagonal >= growth * largest) return { size: 1, row: k };
  let beside = 0;
  for (let j = k; j < row; j++) beside = Math.max(beside, Math.abs(w[row * n + j]!));
  for (let i = row + 1; i < n; i++) beside = Math.max(beside, Math.abs(w[i * n + row]!));
  if (diagonal * beside >= growth * largest * largest) return { size: 1, row: k };
  if (Math.abs(w[row * n + row]!) >= growth * beside) return { size: 1, row };
  return { size: 2, row };
}

/** Exchanges rows and columns p and q (q ≥ p ≥ k) of the part that is left and the rows of L before k. */
function swap(w: Float64Array, n: number, order: Int32Array, p: number, q: number, k: number): void {
  if (p === q) return;
  const exchange = (a: number, b: number) => {
    const held = w[a]!;
    w[a] = w[b]!;
    w[b] = held;
  };
  for (let j = 0; j < k; j++) exchange(p * n + j, q * n + j);
  for (let j = k; j < p; j++) exchange(p * n + j, q * n + j);
  for (let j = p + 1; j < q; j++) exchange(j * n + p, q * n + j);
  for (let i = q + 1; i < n; i++) exchange(i * n + p, i * n + q);
  exchange(p * n + p, q * n + q);
  const held = order[p]!;
  order[p] = order[q]!;
  order[q] = held;
}

function eliminateOne(w: Float64Array, n: number, k: number): void {
  const pivot = w[k * n + k]!;
  if (pivot === 0) return;
  const column = new Float64Array(n);
  for (let i = k + 1; i < n; i++) column[i] = w[i * n + k]!;
  for (let i = k + 1; i < n; i++) {
    const factor = column[i]! / pivot;
    if (factor !== 0) for (let j = k + 1; j <= i; j++) w[i * n + j]! -= factor * column[j]!;
    w[i * n + k] = factor;
  }
}

function eliminateTwo(w: Float64Array, n: number, k: number): void {
  const e = w[(k + 1) * n + k]!;
  const p = w[k * n + k]! / e;
  const q = w[(k + 1) * n + k + 1]! / e;
  const scale = 1 / (e * (p * q - 1));
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  for (let i = k + 2; i < n; i++) {
    first[i] = w[i * n + k]!;
    second[i] = w[i * n + k + 1]!;
  }
  for (let i = k + 2; i < n; i++) {
    const a = (q * first[i]! - second[i]!) * scale;
    const b = (p * second[i]! - first[i]!) * scale;
    for (let j = k + 2; j <= i; j++) w[i * n + j]! -= a * first[j]! + b * second[j]!;
    w[i * n + k] = a;
    w[i * n + k + 1] = b;
  }
}
