import { UserError } from "../../core/errors.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { dotAt } from "../../linalg/gram.ts";
import { matrix } from "../../linalg/matrix.ts";

export interface LowestPairsOptions {
  size: number;
  /** y = A·x of a symmetric A. */
  apply: (x: Float64Array, y: Float64Array) => void;
  /** First block: as many vectors as levels may lie close together, at least `count`. */
  first: readonly Float64Array[];
  /** How many of the lowest pairs must converge; default 1. */
  count?: number;
  /** Residual ‖Au − λu‖ of the wanted pairs, relative to the largest |eigenvalue| met; default 1e-12. */
  tolerance?: number;
  /** Largest subspace; default 400. */
  most?: number;
}

export interface LowestPairs {
  /** Eigenvalues, lowest first. */
  values: Float64Array;
  /** Unit vectors, as in `values`. */
  vectors: Float64Array[];
  /** Residual norms, as in `values`. */
  residuals: Float64Array;
  /** Dimension of the subspace that it took. */
  dimension: number;
}

/**
 * The lowest eigenpairs of a symmetric matrix by block Lanczos with full reorthogonalisation (every new vector twice
 * against all earlier ones) and Rayleigh–Ritz on the block Krylov space. A block of b resolves b levels however close
 * they lie: the subspace converges with the gap to level b+1, and only the small projected matrix has to tell the
 * close ones apart. A single-vector Lanczos does not see the second level of a doublet split by 1e-6.
 * Memory: `most`·size·16 bytes. Source: Golub & Underwood (1977); Golub & Van Loan, Matrix Computations, 10.3.6.
 * @throws UserError if the wanted pairs have not converged within `most` dimensions.
 */
export function lowestPairs(options: LowestPairsOptions): LowestPairs {
  const { size, apply, first, count = 1, tolerance = 1e-12 } = options;
  const most = Math.min(size, options.most ?? 400);
  const block = first.length;
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  const projected: number[][] = [];
  let fresh = first.map((v) => v.slice());
  let checkAt = Math.min(most, 6 * block);
  for (;;) {
    const added: Float64Array[] = [];
    for (const candidate of fresh) {
      if (basis.length < most && orthonormalise(candidate, basis)) {
        basis.push(candidate);
        added.push(candidate);
      }
    }
    for (const v of added) {
      const image = new Float64Array(size);
      apply(v, image);
      images.push(image);
      const i = images.length - 1;
      projected.push(Array.from({ length: i + 1 }, (_, j) => dotAt(basis[j]!, 0, image, 0, size)));
    }
    const exhausted = added.length === 0 || basis.length >= most;
    if (exhausted || basis.length >= checkAt) {
      const pairs = ritzPairs(basis, images, projected, Math.min(count, basis.length));
      if (pairs.residuals.every((r) => r <= tolerance * pairs.scale) && basis.length >= count) return pairs;
      if (exhausted) {
        throw new UserError(
          `lowestPairs: residual ${Math.max(...pairs.residuals).toExponential(2)} after ${basis.length} dimensions of ${size}, wanted ${(tolerance * pairs.scale).toExponential(2)}; raise 'most' (now ${most}) or give a larger first block (now ${block})`,
        );
      }
      checkAt = Math.min(most, Math.ceil(basis.length * 1.25));
    }
    fresh = images.slice(-added.length).map((v) => v.slice());
  }
}

/** Makes `v` a unit vector orthogonal to `basis`, in place; false if nothing of it is left. */
function orthonormalise(v: Float64Array, basis: readonly Float64Array[]): boolean {
  const before = Math.sqrt(dotAt(v, 0, v, 0, v.length));
  if (before === 0) return false;
  for (let pass = 0; pass < 2; pass++) {
    for (const q of basis) {
      const overlap = dotAt(q, 0, v, 0, v.length);
      for (let i = 0; i < v.length; i++) v[i]! -= overlap * q[i]!;
    }
  }
  const norm = Math.sqrt(dotAt(v, 0, v, 0, v.length));
  if (norm <= 1e-13 * before) return false;
  for (let i = 0; i < v.length; i++) v[i]! /= norm;
  return true;
}

function ritzPairs(
  basis: readonly Float64Array[],
  images: readonly Float64Array[],
  projected: readonly number[][],
  count: number,
): LowestPairs & { scale: number } {
  const k = basis.length;
  const small = matrix(k, k);
  projected.forEach((row, i) => {
    row.forEach((value, j) => {
      small.data[i * k + j] = value;
    });
  });
  const eigen = eigenSymmetric(small);
  const values = new Float64Array(count);
  const residuals = new Float64Array(count);
  const vectors: Float64Array[] = [];
  for (let r = 0; r < count; r++) {
    const weights = eigen.vectors.data.subarray((k - 1 - r) * k, (k - r) * k);
    const vector = combine(basis, weights);
    const image = combine(images, weights);
    values[r] = eigen.values[k - 1 - r]!;
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += (image[i]! - values[r]! * vector[i]!) ** 2;
    residuals[r] = Math.sqrt(sum);
    vectors.push(vector);
  }
  const scale = Math.max(Math.abs(eigen.values[0]!), Math.abs(eigen.values[k - 1]!), 1e-300);
  return { values, vectors, residuals, dimension: k, scale };
}

function combine(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = new Float64Array(vectors[0]!.length);
  vectors.forEach((v, k) => {
    const w = weights[k]!;
    for (let i = 0; i < out.length; i++) out[i]! += w * v[i]!;
  });
  return out;
}
