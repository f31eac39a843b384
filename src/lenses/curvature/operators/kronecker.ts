import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";

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
export async function applyKronecker(
  layer: KroneckerLayer,
  vectors: Matrix,
  out: Matrix,
  f: (moment: number) => number,
): Promise<void> {
  const { outputBasis: u, inputBasis: v, moments, index } = layer;
  const [m, n] = [u.rows, v.rows];
  const scale = moments.data.map(f);
  for (let r = 0; r < vectors.rows; r++) {
    const from = r * vectors.cols;
    const x = matrix(m, n);
    for (let k = 0; k < m * n; k++) x.data[k] = vectors.data[from + index[k]!]!;
    const along = await product(await product(u, x), v, { transposeB: true });
    for (let k = 0; k < m * n; k++) along.data[k]! *= scale[k]!;
    const back = await product(u, await product(along, v), { transposeA: true });
    for (let k = 0; k < m * n; k++) out.data[from + index[k]!] = back.data[k]!;
  }
}
