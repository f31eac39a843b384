import { type Matrix, matrix } from "../../linalg/matrix.ts";

/** A helix r(t) = offset + slope·t + a·cos(2πft) + b·sin(2πft) through scores, t from 0 to 1 over the tokens. */
export interface HelixFit {
  /** Turns over the window: the best frequency f. */
  turns: number;
  /** 1 − Σ residual² / Σ (score − mean)², pooled over the columns. */
  r2: number;
  /** 4×columns: the coefficients of 1, t, cos 2πft and sin 2πft. */
  coefficients: Matrix;
  /** The fitted scores, rows×columns. */
  fitted: Matrix;
  /** The best frequency of each column on its own. */
  turnsOf: number[];
}

/** The frequencies tried: 0.5 to 6 turns in steps of 0.05. */
export const turnsGrid: readonly number[] = Array.from({ length: 111 }, (_, i) => (50 + 5 * i) / 100);

/**
 * Fits a helix to principal-component scores by ordinary least squares of every column on [1, t, cos 2πft, sin 2πft],
 * once for each f of {@link turnsGrid}; the f with the largest pooled R² wins. `scores` is rows×columns (three columns
 * for the helix of Kitouni et al. 2024, section 4.2), `t` has one value in [0, 1] a row.
 *
 * A large R² alone means little: the first components of a random walk fit with R² ≈ 0.98. Read it with the number of
 * turns and with the statistic of `helix-statistic.ts`.
 */
export function fitHelix(scores: Matrix, t: ArrayLike<number>): HelixFit {
  const { rows: n, cols } = scores;
  if (t.length !== n) throw new RangeError(`fitHelix: ${n} rows of scores but ${t.length} values of t`);
  if (n < 6) throw new RangeError(`fitHelix: ${n} rows; needs at least 6 for 4 coefficients and a frequency`);
  const columns = Array.from({ length: cols }, (_, c) =>
    Float64Array.from({ length: n }, (_, i) => scores.data[i * cols + c]!),
  );
  const totals = columns.map((y) => {
    const centre = y.reduce((a, b) => a + b, 0) / n;
    return y.reduce((a, b) => a + (b - centre) ** 2, 0);
  });
  const total = totals.reduce((a, b) => a + b, 0);
  let best = { turns: 0, loss: Number.POSITIVE_INFINITY };
  const bestOf = columns.map(() => ({ turns: 0, loss: Number.POSITIVE_INFINITY }));
  for (const turns of turnsGrid) {
    const { q } = orthonormalBasis(t, turns);
    let loss = 0;
    columns.forEach((y, c) => {
      const own = residualSquare(q, y);
      loss += own;
      if (own < bestOf[c]!.loss) bestOf[c] = { turns, loss: own };
    });
    if (loss < best.loss) best = { turns, loss };
  }
  const { q, r } = orthonormalBasis(t, best.turns);
  const coefficients = matrix(4, cols);
  const fitted = matrix(n, cols);
  columns.forEach((y, c) => {
    const projections = q.map((column) => dot(column, y));
    for (let i = 0; i < n; i++) {
      let value = 0;
      for (let k = 0; k < 4; k++) value += q[k]![i]! * projections[k]!;
      fitted.data[i * cols + c] = value;
    }
    for (let k = 3; k >= 0; k--) {
      let value = projections[k]!;
      for (let j = k + 1; j < 4; j++) value -= r[k]![j]! * coefficients.data[j * cols + c]!;
      coefficients.data[k * cols + c] = value / r[k]![k]!;
    }
  });
  const r2 = total > 0 ? 1 - best.loss / total : 0;
  return { turns: best.turns, r2, coefficients, fitted, turnsOf: bestOf.map((b) => b.turns) };
}

/** The value of a fitted helix at `t`, one number a column. */
export function helixAt(fit: Pick<HelixFit, "coefficients" | "turns">, t: number): Float64Array {
  const { data, cols } = fit.coefficients;
  const angle = 2 * Math.PI * fit.turns * t;
  const basis = [1, t, Math.cos(angle), Math.sin(angle)];
  return Float64Array.from({ length: cols }, (_, c) =>
    basis.reduce((sum, value, k) => sum + value * data[k * cols + c]!, 0),
  );
}

/** Gram–Schmidt, each column twice, of [1, t, cos 2πft, sin 2πft]: the columns of Q and the upper triangle R. */
function orthonormalBasis(t: ArrayLike<number>, turns: number) {
  const times = Float64Array.from(t);
  const q = [
    times.map(() => 1),
    times.slice(),
    times.map((at) => Math.cos(2 * Math.PI * turns * at)),
    times.map((at) => Math.sin(2 * Math.PI * turns * at)),
  ];
  const r = q.map(() => new Float64Array(4));
  q.forEach((column, k) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        const along = dot(q[j]!, column);
        r[j]![k]! += along;
        for (let i = 0; i < column.length; i++) column[i]! -= along * q[j]![i]!;
      }
    }
    const norm = Math.sqrt(dot(column, column));
    r[k]![k] = norm;
    for (let i = 0; i < column.length; i++) column[i]! /= norm;
  });
  return { q, r };
}

function residualSquare(q: readonly Float64Array[], y: Float64Array): number {
  const weights = q.map((column) => dot(column, y));
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    let value = y[i]!;
    for (let k = 0; k < 4; k++) value -= weights[k]! * q[k]![i]!;
    sum += value * value;
  }
  return sum;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
