import { breathe } from "../core/breathe.ts";
import { demand, UserError } from "../core/errors.ts";
import type { Task } from "../core/task.ts";
import { CurvaturePairs } from "./curvature-pairs.ts";
import { type LinePoint, lineSearch } from "./line-search.ts";
import { dot } from "./vector.ts";

/** A smooth function of n numbers: returns its value at x and fills `gradient`. */
export interface Smooth {
  n: number;
  valueAndGradient(x: Float64Array, gradient: Float64Array): number;
}

/** A smooth function that has to be awaited. */
export interface AsyncSmooth {
  n: number;
  valueAndGradient(x: Float64Array, gradient: Float64Array): Promise<number>;
}

export interface LbfgsOptions {
  /** Converged once the Euclidean norm of the gradient is at most this; default 1e-6. */
  tolerance?: number;
  /** Default 1000. */
  maxIterations?: number;
  /** Pairs of steps and gradient changes that are kept; default 10. */
  memory?: number;
  /** Longest step in x, Euclidean; default none. Energy landscapes need one, to stay in their basin. */
  maxStep?: number;
  /** Length of the very first step; default min(1, 1/‖g‖)·‖g‖. */
  firstStep?: number;
  /** Multiplies a vector in place by an approximation of the inverse Hessian, positive definite, instead of γI. */
  precondition?: (vector: Float64Array) => void;
  /** Told of every accepted step. `x` is reused: copy what is to be kept. */
  onStep?: (step: { iteration: number; value: number; gradientNorm: number; x: Float64Array }) => void;
}

/** Where a minimisation ended, and how. */
export interface Minimum {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  gradientNorm: number;
  iterations: number;
  /** Evaluations of value and gradient. */
  evaluations: number;
  /** Is ‖g‖ at most the tolerance? */
  converged: boolean;
  /** In words, for a report. */
  stopped: "converged" | "iterations used up" | "no further decrease found";
}

/**
 * Minimises a smooth function by limited-memory BFGS: two-loop recursion with γ = sᵀy/yᵀy, line search with the strong
 * Wolfe conditions, pairs with sᵀy too small left out. In float64. Where a search finds nothing, the memory is dropped
 * and the gradient followed once; where that finds nothing either, the search stops and says so.
 * Source: Liu & Nocedal, Math. Program. 45, 503 (1989); Nocedal & Wright, Numerical Optimization, algorithm 7.5.
 * @param start x before the first step; not changed. @throws UserError if value or gradient at `start` are not finite.
 */
export function lbfgs(f: Smooth, start: ArrayLike<number>, options: LbfgsOptions = {}): Minimum {
  const steps = lbfgsSteps(f.n, start, options);
  const gradient = new Float64Array(f.n);
  let next = steps.next();
  while (!next.done) next = steps.next({ value: f.valueAndGradient(next.value, gradient), gradient });
  return next.value;
}

/** {@link lbfgs} for a function that is awaited. @throws Cancelled between evaluations once `task` is told to stop. */
export async function lbfgsAsync(
  f: AsyncSmooth,
  start: ArrayLike<number>,
  options: LbfgsOptions & { task?: Task } = {},
): Promise<Minimum> {
  const { task } = options;
  const steps = lbfgsSteps(f.n, start, options);
  const gradient = new Float64Array(f.n);
  let next = steps.next();
  while (!next.done) {
    if (task) await breathe(task);
    const value = await f.valueAndGradient(next.value, gradient);
    next = steps.next({ value, gradient });
  }
  return next.value;
}

type Answer = { value: number; gradient: Float64Array };

/** The algorithm itself: yields where it wants value and gradient, and is given them. */
export function* lbfgsSteps(
  n: number,
  start: ArrayLike<number>,
  options: LbfgsOptions = {},
): Generator<Float64Array, Minimum, Answer> {
  const { tolerance = 1e-6, maxIterations = 1000, memory = 10, maxStep = Infinity } = options;
  demand(start.length === n, () => `lbfgs: the start has ${start.length} numbers; the function takes ${n}`);
  demand(Number.isInteger(memory) && memory >= 1, () => `lbfgs: memory ${memory}; expected at least 1 pair`);
  demand(tolerance >= 0, () => `lbfgs: tolerance ${tolerance}; expected a number of at least 0`);
  demand(maxStep > 0, () => `lbfgs: maxStep ${maxStep}; expected a length above 0`);
  const x = Float64Array.from(start);
  const trial = x.slice();
  let answer = yield x;
  const gradient = answer.gradient.slice();
  let value = answer.value;
  let norm = Math.sqrt(dot(gradient, gradient));
  if (!Number.isFinite(value) || !Number.isFinite(norm)) {
    throw new UserError(`lbfgs: value ${value} and gradient norm ${norm} at the start; start elsewhere`);
  }
  const direction = new Float64Array(n);
  const pairs = new CurvaturePairs(n, memory);
  let [iterations, evaluations] = [0, 1];
  const end = (stopped: Minimum["stopped"]): Minimum => ({
    ...{ x, value, gradient, gradientNorm: norm, iterations, evaluations },
    ...{ converged: stopped === "converged", stopped },
  });
  for (;;) {
    if (norm <= tolerance) return end("converged");
    if (iterations >= maxIterations) return end("iterations used up");
    pairs.direction(gradient, direction, options.precondition);
    let slope = dot(gradient, direction);
    if (!(slope < 0)) {
      pairs.clear();
      for (let i = 0; i < n; i++) direction[i] = -gradient[i]!;
      slope = -norm * norm;
    }
    const length = Math.sqrt(dot(direction, direction));
    const plain = pairs.count === 0 && options.precondition === undefined;
    const first = plain ? (options.firstStep ?? Math.min(1, norm)) / length : 1;
    const search = lineSearch({ value, slope }, { first, most: maxStep / length });
    let accepted: LinePoint | undefined;
    for (let next = search.next(); ; ) {
      if (next.done) {
        accepted = next.value;
        break;
      }
      for (let i = 0; i < n; i++) trial[i] = x[i]! + next.value * direction[i]!;
      answer = yield trial;
      evaluations++;
      next = search.next({ value: answer.value, slope: dot(answer.gradient, direction) });
    }
    if (accepted === undefined) {
      if (pairs.count === 0) return end("no further decrease found");
      pairs.clear();
      continue;
    }
    pairs.add(trial, x, answer.gradient, gradient);
    x.set(trial);
    gradient.set(answer.gradient);
    value = answer.value;
    norm = Math.sqrt(dot(gradient, gradient));
    iterations++;
    options.onStep?.({ iteration: iterations, value, gradientNorm: norm, x });
  }
}
