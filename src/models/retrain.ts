import { breathe } from "../core/breathe.ts";
import { demand } from "../core/errors.ts";
import { quietTask, type Task } from "../core/task.ts";
import type { Matrix } from "../linalg/matrix.ts";
import { type AsyncSmooth, lbfgsAsync, type Minimum } from "../optim/lbfgs.ts";
import { inverseOfAbsolute, polish } from "../optim/polish.ts";
import { norm } from "../optim/vector.ts";
import type { Objective } from "./objective/contract.ts";

export interface RetrainOptions {
  /** Retrained once the norm of the new gradient is at most this; default 1e-9. */
  tolerance?: number;
  /** ∇²R at `from`, damped or not, if it is known; else it is computed once, on first use. */
  hessian?: Matrix;
  /** B⁻¹ on rows in place of a Hessian, for models too large for a matrix. */
  solve?: (right: Matrix) => Promise<Matrix>;
  /** Iterations with the Hessian at `from`, or twice the steps with `solve`; default 60. The work is bounded by it. */
  maxIterations?: number;
  /** Hessians of the reweighted loss that may be computed, each for `maxIterations` more, where that is too few; default 0. */
  newHessians?: number;
}

/** A minimum of the reweighted loss, or how far the retraining came. */
export interface Retrained {
  parameters: Float64Array;
  value: number;
  gradientNorm: number;
  converged: boolean;
  /** In a sentence: reached, or not at a minimum and why. */
  stopped: string;
  /** Evaluations of value and gradient of all samples. */
  evaluations: number;
  /** Hessians computed for this retraining alone. */
  hessians: number;
}

/** Trains on with other weights of the training samples (undefined: all 1), from the parameters at hand. */
export type Retrain = (weights: Float64Array | undefined, task?: Task) => Promise<Retrained>;

/**
 * The minimum of the reweighted loss (1/n) Σ wᵢℓᵢ + ½·ridge·‖θ‖² next to a minimum `from` of the unweighted one, for
 * leave-one-out checks: `withoutSamples(n, [i])` are the weights that remove sample i. Steps are −H⁻¹∇R_w with the
 * Hessian at `from`, made better by the pairs of L-BFGS; then by the chord method, which looks at the gradient where the
 * loss no longer shows a decrease in its last digits. With `solve` by the chord method alone. The Hessian is factored
 * once for all calls. It finds the minimum that `from` moves to; a network trained afresh may end elsewhere. Where
 * `from` is no minimum the work stays bounded, and the result says that the tolerance was not reached.
 * @throws UserError for weights that do not fit; Cancelled.
 */
export function retrainer(objective: Objective, from: Float64Array, options: RetrainOptions = {}): Retrain {
  const { tolerance = 1e-9, maxIterations = 60, newHessians = 0 } = options;
  let shared: Promise<(vector: Float64Array) => void> | undefined;
  const preconditioner = () => {
    shared ??= (async () => inverseOfAbsolute(options.hessian ?? (await objective.hessian(from)), 1e-6))();
    return shared;
  };
  return async (weights, task = quietTask) => {
    checkWeights(weights, objective.train.count);
    let [evaluations, hessians] = [0, 0];
    const smooth: AsyncSmooth = {
      n: objective.size,
      async valueAndGradient(x, gradient) {
        evaluations++;
        const found = await objective.valueAndGradient(x, weights);
        gradient.set(found.gradient);
        return found.value;
      },
    };
    const told = ({ x, value, gradientNorm }: Place, stopped: string): Retrained => {
      const converged = gradientNorm <= tolerance;
      const size = gradientNorm.toExponential(1);
      return {
        ...{ parameters: x, value, gradientNorm, converged, evaluations, hessians },
        stopped: converged
          ? `‖∇R‖ = ${size} ≤ ${tolerance}`
          : `not at a minimum: ‖∇R‖ = ${size} > ${tolerance} (${stopped})`,
      };
    };
    const { solve } = options;
    if (solve) {
      const invert: Invert = async (vector) =>
        (await solve({ rows: 1, cols: vector.length, data: vector })).data;
      const steps = Math.ceil(maxIterations / 2);
      const end = await chord(smooth, await at(smooth, from), invert, { tolerance, steps, task });
      return told(end, `${steps} steps with one curvature`);
    }
    const precondition = await preconditioner();
    let found: Minimum = await lbfgsAsync(smooth, from, {
      ...{ tolerance, precondition, maxIterations, memory: 20, task },
    });
    if (!found.converged && found.stopped === "iterations used up" && newHessians > 0) {
      const again = await polish(smooth, (x) => objective.hessian(x, weights), found.x, {
        ...{ tolerance, task, refresh: maxIterations, maxIterations: newHessians * maxIterations },
      });
      hessians += again.hessians;
      found = again;
    }
    if (found.converged || found.stopped !== "no further decrease found") return told(found, found.stopped);
    const invert: Invert = async (vector) => {
      const step = vector.slice();
      precondition(step);
      return step;
    };
    const steps = Math.ceil(maxIterations / 2);
    return told(await chord(smooth, found, invert, { tolerance, steps, task }), found.stopped);
  };
}

/** One retraining: as {@link retrainer}, for one set of weights. */
export function retrain(
  objective: Objective,
  from: Float64Array,
  weights: Float64Array,
  options: RetrainOptions & { task?: Task } = {},
): Promise<Retrained> {
  return retrainer(objective, from, options)(weights, options.task);
}

type Invert = (vector: Float64Array) => Promise<Float64Array>;

type Place = Pick<Minimum, "x" | "value" | "gradient" | "gradientNorm">;

async function at(f: AsyncSmooth, x: Float64Array): Promise<Place> {
  const gradient = new Float64Array(f.n);
  const value = await f.valueAndGradient(x, gradient);
  return { x, value, gradient, gradientNorm: norm(gradient) };
}

/**
 * Steps −B⁻¹∇R with one fixed B, halved while they lower neither the loss nor its gradient, until none does: the loss
 * decides far from the minimum, the gradient where the loss no longer shows a decrease in its last digits.
 */
async function chord(
  f: AsyncSmooth,
  from: Place,
  invert: Invert,
  { tolerance, steps, task }: { tolerance: number; steps: number; task: Task },
): Promise<Place> {
  let here = from;
  let evaluations = 0;
  for (let step = 0; step < steps && here.gradientNorm > tolerance; step++) {
    const move = await invert(here.gradient);
    let next: Place | undefined;
    for (let length = 1; length > 1e-4 && evaluations < 3 * steps; length /= 2) {
      await breathe(task);
      evaluations++;
      const there = await at(
        f,
        here.x.map((value, j) => value - length * move[j]!),
      );
      const lower = there.value < here.value * (1 - 1e-14);
      if (!lower && !(there.gradientNorm < here.gradientNorm)) continue;
      next = there;
      break;
    }
    if (!next) break;
    here = next;
  }
  return here;
}

function checkWeights(weights: Float64Array | undefined, n: number): void {
  if (!weights) return;
  demand(weights.length === n, () => `retrainer: ${weights.length} weights for ${n} training samples`);
  const bad = weights.findIndex((w) => !(w >= 0 && w < Infinity));
  demand(
    bad < 0,
    () => `retrainer: weight ${weights[bad]} of sample ${bad}; expected a number of at least 0`,
  );
}
