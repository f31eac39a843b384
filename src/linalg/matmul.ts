import { type Matrix, matrix } from "./matrix.ts";

const block = 64;

/**
 * The matrix product C = A·B, with C_ij = Σ_k A_ik B_kj. Blocked over k and j so that a tile of B stays in cache.
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
        for (let k = k0; k < k1; k++) {
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
