import { demand } from "../core/errors.ts";
import type { Task } from "../core/task.ts";
import { cholesky, choleskySolve } from "../linalg/cholesky.ts";
import { eigenSymmetric } from "../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import { type AsyncSmooth, lbfgsAsync, type Minimum } from "./lbfgs.ts";

export interface PolishOptions {
  /** Converged once the Euclidean norm of the gradient is at most this; default 1e-6. */
  tolerance?: number;
  /** Iterations in all; default 1000. */
  maxIterations?: number;
  /** Iterations between two Hessians; default 60. */
  refresh?: number;
  /** Eigenvalues count as at least this share of the largest; default 1e-6. */
  floor?: number;
  /** A Hessian from nearby to begin with, in place of the first. */
  hessian?: Matrix;
  onStep?: (step: { iteration: number; value: number; gradientNorm: number; x: Float64Array }) => void;
  task?: Task;
}

/**
 * Minimises a smooth function by L-BFGS that is preconditioned with |H|⁻¹, |H| = Σ max(|λ|, floor) vvᵀ from the
 * eigendecomposition of a Hessian, computed anew where it no longer helps. Narrow, curved valleys, in which Newton's
 * steps are short and plain L-BFGS is slow, are followed at the price of gradients. `hessian` may be that of a function
 * nearby (fewer samples): it only preconditions, the minimum is that of `f`.
 * It ends early after two rounds of `refresh` iterations in a row that gained nothing: less than 1e-7 of the value, and no
 * smaller gradient, as at a minimum on a kink.
 * @throws UserError as `lbfgs`; Cancelled.
 */
export async function polish(
  f: AsyncSmooth,
  hessian: (x: Float64Array) => Promise<Matrix>,
  start: ArrayLike<number>,
  options: PolishOptions = {},
): Promise<Minimum & { hessians: number }> {
  const { tolerance = 1e-6, maxIterations = 1000, refresh = 60, floor = 1e-6, task } = options;
  demand(Number.isInteger(refresh) && refresh >= 1, () => `polish: refresh ${refresh}; expected at least 1`);
  let x: Float64Array = Float64Array.from(start);
  let known = options.hessian;
  let [iterations, evaluations, hessians, stuck] = [0, 0, 0, 0];
  let [value, size] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (;;) {
    if (known === undefined) hessians++;
    const precondition = inverseOfAbsolute(known ?? (await hessian(x)), floor);
    known = undefined;
    const before = iterations;
    const found = await lbfgsAsync(f, x, {
      ...{ tolerance, precondition, memory: refresh },
      maxIterations: Math.min(refresh, maxIterations - iterations),
      onStep: (step) => options.onStep?.({ ...step, iteration: before + step.iteration }),
      ...(task && { task }),
    });
    x = found.x;
    iterations += found.iterations;
    evaluations += found.evaluations;
    const idle = value - found.value <= 1e-7 * Math.abs(value) && found.gradientNorm > 0.3 * size;
    stuck = idle || found.stopped === "no further decrease found" ? stuck + 1 : 0;
    if (found.converged || iterations >= maxIterations)
      return { ...found, iterations, evaluations, hessians };
    if (stuck > 1)
      return { ...found, iterations, evaluations, hessians, stopped: "no further decrease found" };
    [value, size] = [found.value, found.gradientNorm];
  }
}

/**
 * v ← |H|⁻¹v in place: by a Cholesky factor where H is positive definite, else from its eigendecomposition.
 * @param floor the smallest |λ|, as a share of the largest.
 */
export function inverseOfAbsolute(hessian: Matrix, floor: number): (v: Float64Array) => void {
  try {
    const factor = cholesky(hessian);
    return (v) => v.set(choleskySolve(factor, v));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const n = hessian.rows;
  const { values, vectors } = eigenSymmetric(hessian);
  const least = floor * Math.max(Math.abs(values[0]!), Math.abs(values[n - 1]!));
  const absolute = matrix(n, n);
  const { data } = vectors;
  for (let k = 0; k < n; k++) {
    const root = 1 / Math.max(Math.abs(values[k]!), least, Number.MIN_VALUE);
    for (let i = 0; i < n; i++) absolute.data[k * n + i] = root * data[k * n + i]!;
  }
  const inside = new Float64Array(n);
  return (v) => {
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += data[k * n + i]! * v[i]!;
      inside[k] = sum;
    }
    v.fill(0);
    for (let k = 0; k < n; k++) {
      const s = inside[k]!;
      for (let i = 0; i < n; i++) v[i]! += s * absolute.data[k * n + i]!;
    }
  };
}
