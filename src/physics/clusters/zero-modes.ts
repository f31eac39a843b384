import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { centred } from "./centre.ts";

/**
 * The directions in which a free cluster moves as a whole, as orthonormal rows: three translations and, at x, the
 * rotations about its three axes, of which a cluster on a line has two. So 6 × 3N, or 5 × 3N on a line.
 */
export function clusterZeroModes(x: Float64Array): Matrix {
  const n = x.length;
  const c = centred(x);
  const rows: Float64Array[] = [];
  let scale = 0;
  for (const value of c) scale += value * value;
  const add = (row: Float64Array, least: number): void => {
    for (let pass = 0; pass < 2; pass++) {
      for (const q of rows) {
        let along = 0;
        for (let i = 0; i < n; i++) along += q[i]! * row[i]!;
        for (let i = 0; i < n; i++) row[i]! -= along * q[i]!;
      }
    }
    let squares = 0;
    for (const value of row) squares += value * value;
    if (squares <= least) return;
    const length = Math.sqrt(squares);
    rows.push(row.map((value) => value / length));
  };
  for (let axis = 0; axis < 3; axis++) {
    add(
      Float64Array.from({ length: n }, (_, i) => (i % 3 === axis ? 1 : 0)),
      0,
    );
  }
  for (let axis = 0; axis < 3; axis++) {
    const row = new Float64Array(n);
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
    for (let i = 0; i < n; i += 3) {
      row[i + u] = -c[i + v]!;
      row[i + v] = c[i + u]!;
    }
    add(row, 1e-12 * scale);
  }
  const out = matrix(rows.length, n);
  rows.forEach((row, r) => {
    out.data.set(row, r * n);
  });
  return out;
}
