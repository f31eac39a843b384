import { UserError } from "../../../core/errors.ts";
import type { Expression } from "../../../expressions/expression.ts";
import { cholesky } from "../../../linalg/cholesky.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { type Library, libraryMatrix } from "./library.ts";
import { sumOf } from "./sindy.ts";

/** A combination of terms that stays where it is along each orbit. */
export interface SparseInvariant {
  /** Its variance within orbits over that in all: 0 is conserved. */
  within: number;
  coefficients: Float64Array;
  expression: Expression;
}

/**
 * Combinations φ = Σ c·θ of the terms, most conserved first: the stationary points of variance within orbits over
 * variance in all, cᵀWc/cᵀTc, as a generalised eigenvalue problem. A constant has no variance and is no candidate: leave
 * the term 1 out of the library. Coefficients are scaled so that the largest is 1.
 * @param orbit the number of each row's orbit. @throws UserError for terms that depend on each other on the data.
 */
export function sparseInvariants(
  library: Library,
  states: readonly Float64Array[],
  orbit: ArrayLike<number>,
): SparseInvariant[] {
  const design = libraryMatrix(library, states);
  const p = library.length;
  const total = centredGram(design, undefined);
  const within = centredGram(design, orbit);
  const scale = Float64Array.from({ length: p }, (_, j) => Math.sqrt(total.data[j * p + j]!));
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      const both = scale[a]! * scale[b]!;
      total.data[a * p + b]! /= both;
      within.data[a * p + b]! /= both;
    }
  }
  const factor = whitening(total);
  const eigen = eigenSymmetric(whitened(within, factor));
  return Array.from({ length: p }, (_, i) => {
    const row = p - 1 - i;
    const coefficients = backSolve(factor, eigen.vectors.data.subarray(row * p, (row + 1) * p));
    for (let j = 0; j < p; j++) coefficients[j]! /= scale[j]!;
    const largest = coefficients.reduce((best, c) => (Math.abs(c) > Math.abs(best) ? c : best), 0);
    const scaled = coefficients.map((c) => c / largest);
    const terms = library.map((term, j) => ({ term, coefficient: scaled[j]! }));
    return { within: Math.max(0, eigen.values[row]!), coefficients: scaled, expression: sumOf(terms) };
  });
}

/** Σ (θ − mean)(θ − mean)ᵀ, the means taken over each orbit or over all rows. */
function centredGram({ rows, cols: p, data }: Matrix, orbit: ArrayLike<number> | undefined): Matrix {
  const means = new Map<number, { count: number; sum: Float64Array }>();
  for (let i = 0; i < rows; i++) {
    const key = orbit === undefined ? 0 : orbit[i]!;
    let entry = means.get(key);
    if (!entry) {
      entry = { count: 0, sum: new Float64Array(p) };
      means.set(key, entry);
    }
    entry.count++;
    for (let j = 0; j < p; j++) entry.sum[j]! += data[i * p + j]!;
  }
  const out = matrix(p, p);
  const off = new Float64Array(p);
  for (let i = 0; i < rows; i++) {
    const { count, sum } = means.get(orbit === undefined ? 0 : orbit[i]!)!;
    for (let j = 0; j < p; j++) off[j] = data[i * p + j]! - sum[j]! / count;
    for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) out.data[a * p + b]! += off[a]! * off[b]!;
  }
  return out;
}

function whitening(total: Matrix): Matrix {
  try {
    const factor = cholesky(total);
    for (let j = 0; j < total.cols; j++) if (factor.data[j * total.cols + j]! < 1e-6) throw new RangeError();
    return factor;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(
      "sparseInvariants: terms depend on each other on these data, or one is constant; leave the constant out and take fewer terms",
      { cause },
    );
  }
}

/** L⁻¹·A·L⁻ᵀ. */
function whitened(a: Matrix, l: Matrix): Matrix {
  const p = a.cols;
  const left = forwardColumns(a, l);
  const transposed = matrix(p, p);
  for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) transposed.data[i * p + j] = left.data[j * p + i]!;
  return forwardColumns(transposed, l);
}

/** L⁻¹·A. */
function forwardColumns(a: Matrix, l: Matrix): Matrix {
  const p = a.cols;
  const out = matrix(p, p, a.data.slice());
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) {
      for (let j = 0; j < p; j++) out.data[i * p + j]! -= l.data[i * p + k]! * out.data[k * p + j]!;
    }
    for (let j = 0; j < p; j++) out.data[i * p + j]! /= l.data[i * p + i]!;
  }
  return out;
}

/** L⁻ᵀ·v. */
function backSolve(l: Matrix, v: ArrayLike<number>): Float64Array {
  const p = l.cols;
  const out = Float64Array.from(v);
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) out[i]! -= l.data[k * p + i]! * out[k]!;
    out[i]! /= l.data[i * p + i]!;
  }
  return out;
}
