import type { Evaluator } from "../../../expressions/evaluator.ts";
import type { Genome } from "./genome.ts";

/** What a fit is made to: the rows of an evaluator. */
export interface FitTarget {
  evaluator: Evaluator;
  target: ArrayLike<number>;
  weights: ArrayLike<number> | undefined;
}

export interface Fit {
  constants: Float64Array;
  /** Σ w·(f − y)². */
  sum: number;
  steps: number;
}

/**
 * Fits the constants of an expression by least squares (Levenberg–Marquardt with Marquardt's scaling: (JᵀWJ + λ·diag)·δ
 * = −JᵀW(f − y), λ down by 4 after a step that helps, up by 6 after one that does not).
 * @param tied constant i of the expression is parameter `tied[i]`, or stays where that is −1. Default: each its own.
 * @returns undefined where the expression is not finite at the start.
 */
export function fitConstants(
  { evaluator, target, weights }: FitTarget,
  genome: Genome,
  options: { steps: number; start?: ArrayLike<number>; tied?: Int32Array; enough?: number },
): Fit | undefined {
  const { steps, tied, enough = 0 } = options;
  const all = Float64Array.from(options.start ?? genome.constants);
  const n = all.length;
  const count = tied === undefined ? n : Math.max(-1, ...tied) + 1;
  const run = evaluator.prepare(genome);
  const rows = evaluator.rows;
  const matrix = new Float64Array(count * count);
  const right = new Float64Array(count);
  const residual = new Float64Array(rows);
  const owner = (i: number) => (tied === undefined ? i : tied[i]!);
  let used = 0;

  /** Fills the normal equations at `at`; Σ w·r², or NaN. `least`: without them where the sum is no smaller. */
  const look = (at: Float64Array, least: number): number => {
    used++;
    const { values, gradient, finite } = run(at);
    if (!finite) return Number.NaN;
    let sum = 0;
    if (weights === undefined) {
      for (let i = 0; i < rows; i++) {
        const r = values[i]! - target[i]!;
        residual[i] = r;
        sum += r * r;
      }
    } else {
      for (let i = 0; i < rows; i++) {
        const r = values[i]! - target[i]!;
        residual[i] = weights[i]! * r;
        sum += weights[i]! * r * r;
      }
    }
    if (!(sum < least)) return sum;
    matrix.fill(0);
    right.fill(0);
    for (let i = 0; i < n; i++) {
      const p = owner(i);
      if (p < 0) continue;
      const a = gradient[i]!;
      let dot = 0;
      for (let k = 0; k < rows; k++) dot += a[k]! * residual[k]!;
      right[p]! += dot;
      for (let j = 0; j <= i; j++) {
        const q = owner(j);
        if (q < 0) continue;
        const b = gradient[j]!;
        let product = 0;
        if (weights === undefined) for (let k = 0; k < rows; k++) product += a[k]! * b[k]!;
        else for (let k = 0; k < rows; k++) product += weights[k]! * a[k]! * b[k]!;
        matrix[p * count + q]! += product;
        if (i !== j) matrix[q * count + p]! += product;
      }
    }
    return sum;
  };

  let best = look(all, Number.POSITIVE_INFINITY);
  if (!Number.isFinite(best)) return undefined;
  let lambda = 1e-3;
  const trial = new Float64Array(n);
  let kept = { matrix: matrix.slice(), right: right.slice() };
  for (let step = 1; step < steps && count > 0 && best > enough; step++) {
    const delta = solveDamped(kept.matrix, kept.right, lambda);
    if (delta === undefined) {
      lambda *= 10;
      if (lambda > 1e12) break;
      continue;
    }
    let moved = false;
    for (let i = 0; i < n; i++) {
      const p = owner(i);
      trial[i] = p < 0 ? all[i]! : all[i]! - delta[p]!;
      if (trial[i] !== all[i]) moved = true;
    }
    if (!moved) break;
    const sum = look(trial, best);
    if (sum < best) {
      const gain = 1 - sum / best;
      all.set(trial);
      best = sum;
      lambda = Math.max(1e-14, lambda / 4);
      kept = { matrix: matrix.slice(), right: right.slice() };
      if (gain < 1e-9) break;
    } else {
      lambda *= 6;
      if (lambda > 1e12) break;
    }
  }
  return { constants: all, sum: best, steps: used };
}

/** (A + λ·diag A)·x = b by Cholesky; undefined where that is not positive definite. */
export function solveDamped(a: Float64Array, b: Float64Array, lambda: number): Float64Array | undefined {
  const n = b.length;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      if (i === j) sum += lambda * sum + 1e-300;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i === j) {
        if (!(sum > 0)) return undefined;
        l[i * n + i] = Math.sqrt(sum);
      } else l[i * n + j] = sum / l[j * n + j]!;
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * n + k]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k * n + i]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  return x.every(Number.isFinite) ? x : undefined;
}
