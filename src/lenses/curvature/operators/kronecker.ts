import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/** The curvature of one linear map: Σ over eigenvectors u of G and v of A of moments[u, v]·(u⊗v)(u⊗v)ᵀ. */
export interface KroneckerLayer {
  layer: string;
  /** Row i is an eigenvector of the output factor G. */
  outputBasis: Matrix;
  /** Row j is an eigenvector of the input factor A. */
  inputBasis: Matrix;
  /** Curvature along (i, j), outputs × inputs: λ_i(G)·λ_j(A) for KFAC, second moments for EK-FAC. */
  moments: Matrix;
  /** Index in θ of element (unit, input), row-major. */
  index: Int32Array;
}

/** The layer of G⊗A. */
export function kroneckerLayer(layer: string, g: Matrix, a: Matrix, index: Int32Array): KroneckerLayer {
  const outputs = eigenSymmetric(g);
  const inputs = eigenSymmetric(a);
  const moments = matrix(g.rows, a.rows);
  for (let i = 0; i < g.rows; i++) {
    for (let j = 0; j < a.rows; j++) {
      // A Gram matrix has no negative eigenvalue; what rounding leaves below 0 is 0.
      moments.data[i * a.rows + j] = Math.max(0, outputs.values[i]!) * Math.max(0, inputs.values[j]!);
    }
  }
  return { layer, outputBasis: outputs.vectors, inputBasis: inputs.vectors, moments, index };
}

/** f(B) applied to every row of `vectors`, on the coordinates of this layer alone; writes them into `out`. */
export function applyKronecker(
  layer: KroneckerLayer,
  vectors: Matrix,
  out: Matrix,
  f: (moment: number) => number,
): void {
  const { outputBasis: u, inputBasis: v, moments, index } = layer;
  const [m, n] = [u.rows, v.rows];
  const scale = moments.data.map(f);
  const block = new Float64Array(m * n);
  const half = new Float64Array(m * n);
  for (let r = 0; r < vectors.rows; r++) {
    const from = r * vectors.cols;
    for (let k = 0; k < m * n; k++) block[k] = vectors.data[from + index[k]!]!;
    // U·X·Vᵀ, scaled, and back: Uᵀ·Y·V.
    multiplyInto(half, u.data, block, m, m, n);
    multiplyTransposedInto(block, half, v.data, m, n, n);
    for (let k = 0; k < m * n; k++) block[k]! *= scale[k]!;
    multiplyInto(half, block, v.data, m, n, n);
    transposedMultiplyInto(block, u.data, half, m, m, n);
    for (let k = 0; k < m * n; k++) out.data[from + index[k]!] = block[k]!;
  }
}

/** out (m×n) = a (m×k)·b (k×n). */
function multiplyInto(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  out.fill(0);
  for (let i = 0; i < m; i++) {
    for (let q = 0; q < k; q++) {
      const s = a[i * k + q]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += s * b[q * n + j]!;
    }
  }
}

/** out (m×n) = a (m×k)·bᵀ, b n×k. */
function multiplyTransposedInto(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let q = 0; q < k; q++) sum += a[i * k + q]! * b[j * k + q]!;
      out[i * n + j] = sum;
    }
  }
}

/** out (m×n) = aᵀ·b, a k×m, b k×n. */
function transposedMultiplyInto(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  out.fill(0);
  for (let q = 0; q < k; q++) {
    for (let i = 0; i < m; i++) {
      const s = a[q * m + i]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += s * b[q * n + j]!;
    }
  }
}
