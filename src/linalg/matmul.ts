import { type Matrix, matrix } from "./matrix.ts";

const block = 64;

/**
 * The matrix product C = A·B, with C_ij = Σ_k A_ik B_kj, added in the order of k. Blocked over k and j so that a tile of
 * B stays in cache, four k at a time so that C is read and written a quarter as often.
 * Shapes: A m×k, B k×n, C m×n.
 * @throws RangeError if the inner sizes differ.
 */
export function matmul(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) {
    throw new RangeError(`matmul: ${a.rows}×${a.cols} times ${b.rows}×${b.cols}: ${a.cols} ≠ ${b.rows}`);
  }
  const { rows: m, cols: inner } = a;
  const n = b.cols;
  const c = new Float64Array(m * n);
  const x = a.data;
  const y = b.data;
  for (let k0 = 0; k0 < inner; k0 += block) {
    const k1 = Math.min(inner, k0 + block);
    for (let j0 = 0; j0 < n; j0 += 4 * block) {
      const j1 = Math.min(n, j0 + 4 * block);
      for (let i = 0; i < m; i++) {
        let k = k0;
        for (; k + 3 < k1; k += 4) {
          const at = i * inner + k;
          const [s0, s1, s2, s3] = [x[at]!, x[at + 1]!, x[at + 2]!, x[at + 3]!];
          const b0 = k * n;
          const b1 = b0 + n;
          const b2 = b1 + n;
          const b3 = b2 + n;
          const to = i * n;
          for (let j = j0; j < j1; j++) {
            c[to + j] = c[to + j]! + s0 * y[b0 + j]! + s1 * y[b1 + j]! + s2 * y[b2 + j]! + s3 * y[b3 + j]!;
          }
        }
        for (; k < k1; k++) {
          const scale = x[i * inner + k]!;
          const from = k * n;
          const to = i * n;
          for (let j = j0; j < j1; j++) c[to + j]! += scale * y[from + j]!;
        }
      }
    }
  }
  return matrix(m, n, c);
}
