import { UserError } from "../../core/errors.ts";
import { dotAt } from "../../linalg/gram.ts";

/** A symmetric matrix with no positive off-diagonal element, in compressed rows beside its diagonal. */
export interface HoppingMatrix {
  size: number;
  diagonal: Float64Array;
  /** Row i is entries start[i] … start[i+1]−1; elements on the diagonal add to `diagonal`. */
  start: Int32Array;
  column: Int32Array;
  value: Float64Array;
}

/** The lowest eigenvalue of a {@link HoppingMatrix} and its unit eigenvector, all components positive. */
export interface PositivePair {
  value: number;
  vector: Float64Array;
  /** Factorisations it took. */
  steps: number;
}

const mostSteps = 80;

/**
 * The lowest eigenpair of an irreducible matrix A whose off-diagonal elements are ≤ 0, by Noda's iteration: the shift
 * σ = minᵢ (Ax)ᵢ/xᵢ of a positive x is a lower bound of the eigenvalue (Collatz–Wielandt), so A − σ has a positive
 * inverse and x ← (A − σ)⁻¹x stays positive; σ rises to the eigenvalue quadratically. No other pair can be reached,
 * however close: a doublet split by 1e-6 beside ‖A‖ = 240 costs no extra step. Rows are eliminated from the largest
 * diagonal to the smallest, so that the pivots of a nearly degenerate pair come last, at the size of their splitting.
 * Cost: n³/6 multiplications a step, six to twelve steps; memory n²·8 bytes.
 * Source: Noda, Numer. Math. 17 (1971) 382; Elsner, Linear Algebra Appl. 15 (1976) 235.
 * @param first positive first guess.
 * @throws UserError if σ has not settled after 80 steps.
 */
export function lowestPositivePair(a: HoppingMatrix, first: Float64Array): PositivePair {
  const n = a.size;
  const order = Int32Array.from(
    Array.from(a.diagonal.keys()).sort((i, j) => a.diagonal[j]! - a.diagonal[i]! || i - j),
  );
  const place = new Int32Array(n);
  order.forEach((row, k) => {
    place[row] = k;
  });
  const lower = new Float64Array(n * n);
  const factor = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const at = place[i]!;
    lower[at * n + at]! += a.diagonal[i]!;
    for (let k = a.start[i]!; k < a.start[i + 1]!; k++) {
      const to = place[a.column[k]!]!;
      if (to <= at) lower[at * n + to]! += a.value[k]!;
    }
    largest = Math.max(largest, Math.abs(lower[at * n + at]!));
  }
  const x = Float64Array.from(order, (row) => first[row]!);
  const y = new Float64Array(n);
  normalise(x);
  let sigma = Number.NEGATIVE_INFINITY;
  for (let steps = 1; steps <= mostSteps; steps++) {
    multiply(lower, n, x, y);
    let bound = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) bound = Math.min(bound, y[i]! / x[i]!);
    const settled = bound <= sigma + 16 * Number.EPSILON * (largest + 1);
    sigma = Math.max(sigma, bound);
    factorise(lower, factor, n, sigma, largest + 1);
    solve(factor, n, x);
    normalise(x);
    if (settled) {
      multiply(lower, n, x, y);
      const value = dotAt(x, 0, y, 0, n);
      return { value, vector: Float64Array.from(place, (k) => x[k]!), steps };
    }
  }
  throw new UserError(
    `lowestPositivePair: no convergence in ${mostSteps} steps (size ${n}, largest diagonal element ${largest}); is the matrix irreducible, with no positive off-diagonal element?`,
  );
}

/** y = A·x from the lower triangle. */
function multiply(lower: Float64Array, n: number, x: Float64Array, y: Float64Array): void {
  y.fill(0);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const xi = x[i]!;
    let sum = lower[row + i]! * xi;
    for (let j = 0; j < i; j++) {
      const value = lower[row + j]!;
      if (value === 0) continue;
      sum += value * x[j]!;
      y[j]! += value * xi;
    }
    y[i]! += sum;
  }
}

/**
 * The Cholesky factor of A − σ, its diagonal inverted. A pivot that rounding has brought to zero or below, once σ is
 * the eigenvalue to the last digit, becomes the smallest that counts: it only scales the solution.
 */
function factorise(lower: Float64Array, factor: Float64Array, n: number, sigma: number, scale: number): void {
  const floor = Number.EPSILON * Number.EPSILON * scale;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      const dot = dotAt(factor, row, factor, j * n, j);
      factor[row + j] = (lower[row + j]! - dot) * factor[j * n + j]!;
    }
    const pivot = lower[row + i]! - sigma - dotAt(factor, row, factor, row, i);
    factor[row + i] = 1 / Math.sqrt(Math.max(pivot, floor));
  }
}

/** x ← (L·Lᵀ)⁻¹x, with the diagonal of L inverted. */
function solve(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) x[i] = (x[i]! - dotAt(factor, i * n, x, 0, i)) * factor[i * n + i]!;
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i]! * factor[i * n + i]!;
    x[i] = value;
    for (let j = 0; j < i; j++) x[j]! -= factor[i * n + j]! * value;
  }
}

function normalise(x: Float64Array): void {
  const norm = Math.sqrt(dotAt(x, 0, x, 0, x.length));
  for (let i = 0; i < x.length; i++) x[i]! /= norm;
}
