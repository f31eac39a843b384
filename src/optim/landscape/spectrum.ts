import { demand } from "../../core/errors.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";

/** Eigenpairs of a Hessian with the directions that symmetry makes flat taken out. */
export interface ModeSpectrum {
  /** The n − k eigenvalues that are left, smallest first. */
  values: Float64Array;
  /** Row i is the unit eigenvector of `values[i]`, orthogonal to the zero modes. */
  vectors: Matrix;
  /** k, the directions that were taken out. */
  zeroModes: number;
}

/**
 * Eigenpairs of PHP on the complement of the zero modes, P = 1 − ZᵀZ. The zero modes are shifted above everything else,
 * to twice the largest row sum of |PHP|, and left out; so their count is given and not guessed from small eigenvalues.
 * @param zeroModes orthonormal rows, k × n.
 */
export function modeSpectrum(hessian: Matrix, zeroModes?: Matrix): ModeSpectrum {
  const n = hessian.rows;
  const k = zeroModes?.rows ?? 0;
  demand(
    k === 0 || zeroModes!.cols === n,
    () => `modeSpectrum: zero modes of ${zeroModes!.cols} coordinates for a Hessian of ${n}`,
  );
  const work = k === 0 ? hessian : shifted(hessian, zeroModes!);
  const eigen = eigenSymmetric(work);
  const kept = n - k;
  const values = new Float64Array(kept);
  const vectors = matrix(kept, n);
  for (let i = 0; i < kept; i++) {
    values[i] = eigen.values[n - 1 - i]!;
    vectors.data.set(eigen.vectors.data.subarray((n - 1 - i) * n, (n - i) * n), i * n);
  }
  return { values, vectors, zeroModes: k };
}

/** PHP + s·ZᵀZ with s above every eigenvalue of PHP. */
function shifted(hessian: Matrix, z: Matrix): Matrix {
  const n = hessian.rows;
  const out = hessian.data.slice();
  const image = new Float64Array(n);
  // Removing one direction after another is exact, as the rows of Z are orthonormal.
  for (let r = 0; r < z.rows; r++) {
    const v = z.data.subarray(r * n, (r + 1) * n);
    let along = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += out[i * n + j]! * v[j]!;
      image[i] = sum;
      along += sum * v[i]!;
    }
    for (let i = 0; i < n; i++) {
      const vi = v[i]!;
      const wi = image[i]! - along * vi;
      for (let j = 0; j < n; j++) out[i * n + j]! -= vi * image[j]! + wi * v[j]!;
    }
  }
  let top = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(out[i * n + j]!);
    top = Math.max(top, sum);
  }
  const shift = 2 * top + 1;
  for (let r = 0; r < z.rows; r++) {
    for (let i = 0; i < n; i++) {
      const scale = shift * z.data[r * n + i]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += scale * z.data[r * n + j]!;
    }
  }
  return matrix(n, n, out);
}

/** Are all elements numbers whose squares are still numbers? A point thrown far up a wall has others. */
export function tame(hessian: Matrix): boolean {
  return hessian.data.every((value) => Math.abs(value) < 1e120);
}
