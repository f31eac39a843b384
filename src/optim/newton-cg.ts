import { breathe } from "../core/breathe.ts";
import { demand, UserError } from "../core/errors.ts";
import { quietTask, type Task } from "../core/task.ts";
import type { AsyncSmooth, Minimum } from "./lbfgs.ts";
import { addScaled, dot, norm } from "./vector.ts";

/** A smooth function with products of its Hessian. */
export interface Multiplied extends AsyncSmooth {
  /** ∇²f(x)·v. */
  product(x: Float64Array, v: Float64Array): Promise<Float64Array>;
}

export interface NewtonCgOptions {
  /** Converged once the Euclidean norm of the gradient is at most this; default 1e-6. */
  tolerance?: number;
  /** Default 200. */
  maxIterations?: number;
  /** Products an iteration at most; default 250. */
  maxProducts?: number;
  /** Radius of the first trust region; default 1. */
  radius?: number;
  onStep?: (step: { iteration: number; value: number; gradientNorm: number; radius: number }) => void;
  task?: Task;
}

/**
 * Minimises a smooth function of many numbers by a trust-region Newton method that needs products H·v only. The
 * quadratic model is minimised inside ‖s‖ ≤ Δ by conjugate gradients that stop at relative residual min(½, √‖g‖), at
 * the border, or follow a direction of negative curvature to the border. Source: Steihaug, SIAM J. Numer. Anal. 20,
 * 626 (1983); Nocedal & Wright, Numerical Optimization, algorithms 4.1 and 7.2.
 * @returns the minimum; `evaluations` counts values, `products` Hessian-vector products.
 * @throws UserError if value or gradient at the start are not finite; Cancelled.
 */
export async function newtonCg(
  f: Multiplied,
  start: ArrayLike<number>,
  options: NewtonCgOptions = {},
): Promise<Minimum & { products: number }> {
  const { tolerance = 1e-6, maxIterations = 200, maxProducts = 250, task = quietTask } = options;
  const { n } = f;
  demand(
    start.length === n,
    () => `newtonCg: the start has ${start.length} numbers; the function takes ${n}`,
  );
  let x = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let value = await f.valueAndGradient(x, gradient);
  let size = norm(gradient);
  if (!Number.isFinite(value) || !Number.isFinite(size)) {
    throw new UserError(`newtonCg: value ${value} and gradient norm ${size} at the start; start elsewhere`);
  }
  let [iterations, evaluations, products, radius] = [0, 1, 0, options.radius ?? 1];
  const end = (stopped: Minimum["stopped"]) => ({
    ...{ x, value, gradient, gradientNorm: size, iterations, evaluations, products },
    ...{ converged: stopped === "converged", stopped },
  });
  for (;;) {
    if (size <= tolerance) return end("converged");
    if (iterations >= maxIterations) return end("iterations used up");
    const multiply = async (v: Float64Array) => {
      await breathe(task);
      products++;
      return f.product(x, v);
    };
    const { step, curved } = await steihaug(multiply, gradient, radius, maxProducts);
    const promised = -dot(gradient, step) - 0.5 * dot(step, curved);
    for (let attempt = 0, scale = 1; ; attempt++, scale /= 4) {
      if (attempt > 30) return end("no further decrease found");
      const trial = x.map((v, i) => v + scale * step[i]!);
      const slope = new Float64Array(n);
      const reached = await f.valueAndGradient(trial, slope);
      evaluations++;
      const shortPromise =
        scale === 1 ? promised : -scale * dot(gradient, step) - 0.5 * scale * scale * dot(step, curved);
      const ratio = (value - reached) / shortPromise;
      const flat = Math.abs(value - reached) <= 1e-13 * Math.abs(value) && norm(slope) < size;
      if (Number.isFinite(reached) && Number.isFinite(norm(slope)) && (ratio >= 0.05 || flat)) {
        const length = scale * norm(step);
        if (scale < 1 || (ratio < 0.25 && !flat)) radius = Math.max(length, 1e-300);
        else if (ratio > 0.75 && length > 0.9 * radius) radius *= 2.5;
        [x, value, gradient, size] = [trial, reached, slope, norm(slope)];
        break;
      }
      radius = (scale * norm(step)) / 4;
    }
    iterations++;
    options.onStep?.({ iteration: iterations, value, gradientNorm: size, radius });
  }
}

/** Minimises gᵀs + ½sᵀHs inside ‖s‖ ≤ Δ roughly; returns s and H·s. */
async function steihaug(
  multiply: (v: Float64Array) => Promise<Float64Array>,
  gradient: Float64Array,
  radius: number,
  maxProducts: number,
): Promise<{ step: Float64Array; curved: Float64Array }> {
  const n = gradient.length;
  const step = new Float64Array(n);
  const curved = new Float64Array(n);
  const residual = gradient.slice();
  const direction = gradient.map((g) => -g);
  let square = dot(residual, residual);
  const goal = Math.min(0.5, Math.sqrt(Math.sqrt(square))) * Math.sqrt(square);
  for (let k = 0; k < maxProducts; k++) {
    const image = await multiply(direction);
    const curvature = dot(direction, image);
    const length = square / curvature;
    const room = border(step, direction, radius);
    if (!(curvature > 0) || length >= room) {
      addScaled(step, direction, room);
      addScaled(curved, image, room);
      break;
    }
    addScaled(step, direction, length);
    addScaled(curved, image, length);
    addScaled(residual, image, length);
    const next = dot(residual, residual);
    if (Math.sqrt(next) <= goal) break;
    for (let i = 0; i < n; i++) direction[i] = -residual[i]! + (next / square) * direction[i]!;
    square = next;
  }
  return { step, curved };
}

/** The τ ≥ 0 with ‖s + τp‖ = Δ. */
function border(step: Float64Array, direction: Float64Array, radius: number): number {
  const a = dot(direction, direction);
  const b = dot(step, direction);
  const c = radius * radius - dot(step, step);
  return c / (b + Math.sqrt(b * b + a * Math.max(c, 0)));
}
