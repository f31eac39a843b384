import { eigenSymmetric, rotateRows } from "./eigen-symmetric.ts";
import { dotAt, gramOfRows } from "./gram.ts";
import { matmul } from "./matmul.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { transpose } from "./transpose.ts";

/** The thin singular value decomposition A = Uᵀ·diag(σ)·V, with r = min(m, n). */
export interface Svd {
  /** r×m; row i is the unit left singular vector of σ_i. */
  u: Matrix;
  /** The r singular values, largest first. */
  sigma: Float64Array;
  /** r×n; row i is the unit right singular vector of σ_i. */
  v: Matrix;
}

/**
 * The thin SVD of an m×n matrix. The eigenvectors of the smaller Gram matrix turn A nearly orthogonal, then one-sided
 * Jacobi rotations (Hestenes 1958) finish it, so that singular values are right to machine precision times σ₁ and not
 * to its square root. Vectors stay orthonormal where σ is zero; signs are arbitrary.
 * @throws RangeError if a value is not finite.
 */
export function svd(a: Matrix): Svd {
  const wide = a.cols > a.rows;
  // Rows of `at` are the vectors that are made orthogonal: the fewer, longer ones.
  const at = wide ? a : transpose(a);
  const start = eigenSymmetric(gramOfRows(at));
  const basis = start.vectors;
  const rotated = matmul(basis, at);
  orthogonaliseRows(rotated, basis);
  const r = at.rows;
  const length = at.cols;
  const norms = Float64Array.from({ length: r }, (_, i) =>
    Math.sqrt(dotAt(rotated.data, i * length, rotated.data, i * length, length)),
  );
  const order = Array.from(norms.keys()).sort((i, j) => norms[j]! - norms[i]!);
  const floor = (norms[order[0]!] ?? 0) * Math.max(r, length) * Number.EPSILON;
  const long = matrix(r, length);
  const short = matrix(r, r);
  order.forEach((from, to) => {
    const norm = norms[from]!;
    short.data.set(basis.data.subarray(from * r, (from + 1) * r), to * r);
    if (norm <= floor) complete(long, to);
    else
      for (let j = 0; j < length; j++) long.data[to * length + j] = rotated.data[from * length + j]! / norm;
  });
  const sigma = Float64Array.from(order, (i) => norms[i]!);
  return wide ? { u: short, sigma, v: long } : { u: long, sigma, v: short };
}

/** Rotates pairs of rows of `x` until all are orthogonal; `basis` follows. */
function orthogonaliseRows(x: Matrix, basis: Matrix): void {
  const { rows: r, cols: n, data } = x;
  let largest = 0;
  for (let i = 0; i < r; i++) largest = Math.max(largest, dotAt(data, i * n, data, i * n, n));
  const floor = largest * Number.EPSILON ** 2;
  for (let sweep = 0; sweep < 30; sweep++) {
    let rotations = 0;
    const squares = Float64Array.from({ length: r }, (_, i) => dotAt(data, i * n, data, i * n, n));
    for (let i = 0; i < r - 1; i++) {
      for (let j = i + 1; j < r; j++) {
        const alpha = squares[i]!;
        const beta = squares[j]!;
        if (alpha <= floor || beta <= floor) continue;
        const gamma = dotAt(data, i * n, data, j * n, n);
        if (Math.abs(gamma) <= 1e-15 * n ** 0.5 * Math.sqrt(alpha * beta)) continue;
        rotations++;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        rotateRows(data, i * n, j * n, n, c, -c * t);
        rotateRows(basis.data, i * basis.cols, j * basis.cols, basis.cols, c, -c * t);
        squares[i] = alpha - t * gamma;
        squares[j] = beta + t * gamma;
      }
    }
    if (rotations === 0) return;
  }
}

/** Sets row `at` to a unit vector orthogonal to the rows above it: below rounding, any such direction is as good. */
function complete(x: Matrix, at: number): void {
  const { cols: n, data } = x;
  for (let axis = 0; axis < n; axis++) {
    const row = data.subarray(at * n, (at + 1) * n).fill(0);
    row[axis] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < at; i++) {
        const along = dotAt(data, i * n, data, at * n, n);
        for (let j = 0; j < n; j++) row[j]! -= along * data[i * n + j]!;
      }
    }
    const norm = Math.sqrt(dotAt(row, 0, row, 0, n));
    // Some axis keeps at least √((n − at)/n) of its length, so the search ends.
    if (norm < Math.sqrt((n - at) / n) / 2) continue;
    for (let j = 0; j < n; j++) row[j]! /= norm;
    return;
  }
}
