import { breathe } from "../core/breathe.ts";
import { demand, UserError } from "../core/errors.ts";
import { quietTask, type Task } from "../core/task.ts";
import { cholesky, choleskySolve } from "../linalg/cholesky.ts";
import { eigenSymmetric, type SymmetricEigen } from "../linalg/eigen-symmetric.ts";
import type { Matrix } from "../linalg/matrix.ts";
import type { AsyncSmooth, Minimum } from "./lbfgs.ts";
import { trustRegionStep } from "./trust-region.ts";
import { dot, norm } from "./vector.ts";

/** A smooth function with its exact second derivatives. */
export interface Curved extends AsyncSmooth {
  /** ∇²f(x), n × n, symmetric. */
  hessian(x: Float64Array): Promise<Matrix>;
}

export interface NewtonOptions {
  /** Converged once the Euclidean norm of the gradient is at most this; default 1e-6. */
  tolerance?: number;
  /** Default 100. */
  maxIterations?: number;
  /** Longest first step, Euclidean; default 1. It adapts. */
  radius?: number;
  /** Looks at the Hessian of a stationary point, and leaves it where it is a saddle; default true. */
  leaveSaddles?: boolean;
  onStep?: (step: { iteration: number; value: number; gradientNorm: number; radius: number }) => void;
  task?: Task;
}

/** A minimum, with the Hessian there where it was computed: `leaveSaddles` looks at it before it says converged. */
export interface NewtonMinimum extends Minimum {
  hessian?: Matrix;
}

/**
 * Minimises a smooth function by Newton's method in a trust region, with exact Hessians: where H is positive definite
 * and −H⁻¹g lies inside, that step (one Cholesky factor), else the exact minimum of the quadratic model inside the
 * region (an eigendecomposition), which follows negative curvature down and leaves saddles. A step is taken if it
 * decreases f by a tenth of the model's promise; the region adapts. Near a minimum the digits double at each step.
 * @throws UserError if value or gradient at the start are not finite; Cancelled.
 * @see trustRegionStep
 */
export async function newton(
  f: Curved,
  start: ArrayLike<number>,
  options: NewtonOptions = {},
): Promise<NewtonMinimum> {
  const { tolerance = 1e-6, maxIterations = 100, leaveSaddles = true, task = quietTask } = options;
  const { n } = f;
  demand(start.length === n, () => `newton: the start has ${start.length} numbers; the function takes ${n}`);
  let x = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let value = await f.valueAndGradient(x, gradient);
  let size = norm(gradient);
  if (!Number.isFinite(value) || !Number.isFinite(size)) {
    throw new UserError(`newton: value ${value} and gradient norm ${size} at the start; start elsewhere`);
  }
  let [iterations, evaluations, radius] = [0, 1, options.radius ?? 1];
  const end = (stopped: Minimum["stopped"], hessian?: Matrix): NewtonMinimum => ({
    ...{ x, value, gradient, gradientNorm: size, iterations, evaluations },
    ...{ converged: stopped === "converged", stopped },
    ...(hessian && { hessian }),
  });
  for (;;) {
    await breathe(task);
    const stationary = size <= tolerance;
    if (stationary && !leaveSaddles) return end("converged");
    if (iterations >= maxIterations) return end(stationary ? "converged" : "iterations used up");
    const hessian = await f.hessian(x);
    const direct = newtonStep(hessian, gradient);
    if (stationary && direct !== undefined) return end("converged", hessian);
    let eigen: SymmetricEigen | undefined;
    for (let accepted = false; !accepted; ) {
      await breathe(task);
      const inside = direct !== undefined && norm(direct) <= radius;
      if (!inside) eigen ??= eigenSymmetric(hessian);
      if (stationary && !indefinite(eigen!)) return end("converged", hessian);
      const { step, promised } = inside
        ? { step: direct, promised: -0.5 * dot(gradient, direct) }
        : trustRegionStep(eigen!, gradient, radius);
      const trial = x.map((v, i) => v + step[i]!);
      const slope = new Float64Array(n);
      const reached = await f.valueAndGradient(trial, slope);
      evaluations++;
      const length = norm(step);
      const ratio = (value - reached) / promised;
      const rounded = promised <= 1e-12 * Math.abs(value) && norm(slope) < size;
      if (Number.isFinite(reached) && Number.isFinite(norm(slope)) && (ratio >= 0.1 || rounded)) {
        accepted = true;
        [x, value, gradient, size] = [trial, reached, slope, norm(slope)];
        if (ratio > 0.75 && length > 0.8 * radius) radius *= 2.5;
        else if (ratio < 0.25 && !rounded) radius = 0.5 * length;
      } else if (length < 1e-13 * (1 + norm(x))) {
        return end(stationary ? "converged" : "no further decrease found", hessian);
      } else radius = 0.25 * length;
    }
    iterations++;
    options.onStep?.({ iteration: iterations, value, gradientNorm: size, radius });
  }
}

/** −H⁻¹g, or undefined where H is not positive definite. */
function newtonStep(hessian: Matrix, gradient: Float64Array): Float64Array | undefined {
  try {
    return choleskySolve(
      cholesky(hessian),
      gradient.map((g) => -g),
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Is the lowest eigenvalue below rounding? */
function indefinite({ values }: SymmetricEigen): boolean {
  const lowest = values.at(-1)!;
  return lowest < -1e-10 * Math.max(Math.abs(values[0]!), -lowest);
}
