import { type Matrix, matrix } from "./matrix.ts";

/** ½(A + Aᵀ). @throws RangeError if A is not square. */
export function symmetrise(a: Matrix): Matrix {
  const n = sizeOf(a, "symmetrise");
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const mean = (a.data[i * n + j]! + a.data[j * n + i]!) / 2;
      out.data[i * n + j] = mean;
      out.data[j * n + i] = mean;
    }
  }
  return out;
}

/** The worst |A_ij − A_ji| and where; 0 for a symmetric matrix. @throws RangeError if A is not square. */
export function asymmetry(a: Matrix): { gap: number; row: number; col: number } {
  const n = sizeOf(a, "asymmetry");
  let worst = { gap: 0, row: 0, col: 0 };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const gap = Math.abs(a.data[i * n + j]! - a.data[j * n + i]!);
      if (gap > worst.gap) worst = { gap, row: i, col: j };
    }
  }
  return worst;
}

/** ‖A‖_F = √Σ A_ij². */
export function frobenius(a: Matrix): number {
  let squares = 0;
  for (const value of a.data) squares += value * value;
  return Math.sqrt(squares);
}

/** tr A = Σ A_ii. @throws RangeError if A is not square. */
export function traceOf(a: Matrix): number {
  const n = sizeOf(a, "traceOf");
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a.data[i * n + i]!;
  return sum;
}

/** A + shift·1, as a copy. @throws RangeError if A is not square. */
export function addDiagonal(a: Matrix, shift: number): Matrix {
  const n = sizeOf(a, "addDiagonal");
  const out = matrix(n, n, a.data.slice());
  for (let i = 0; i < n; i++) out.data[i * n + i]! += shift;
  return out;
}

function sizeOf(a: Matrix, where: string): number {
  if (a.rows !== a.cols) throw new RangeError(`${where}: needs a square matrix, got ${a.rows}×${a.cols}`);
  return a.rows;
}
