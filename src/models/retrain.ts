import { demand } from "../core/errors.ts";
import { quietTask, type Task } from "../core/task.ts";
import type { Matrix } from "../linalg/matrix.ts";
import { lbfgsAsync } from "../optim/lbfgs.ts";
import { inverseOfAbsolute, polish } from "../optim/polish.ts";
import type { Objective } from "./objective/contract.ts";

export interface RetrainOptions {
  /** Retrained once the norm of the new gradient is at most this; default 1e-9. */
  tolerance?: number;
  /** ∇²R at `from`, if it is known: several retrainings share it. */
  hessian?: Matrix;
  /** A preconditioner made of it before, see {@link retrainer}. */
  precondition?: (vector: Float64Array) => void;
  /** Iterations with the old Hessian before a new one is computed; default 60. */
  maxIterations?: number;
  task?: Task;
}

/** A minimum of the reweighted loss. */
export interface Retrained {
  parameters: Float64Array;
  value: number;
  gradientNorm: number;
  converged: boolean;
  stopped: string;
  /** Evaluations of value and gradient of all samples. */
  evaluations: number;
  /** Hessians computed beside the given one. */
  hessians: number;
}

/**
 * The minimum of the reweighted loss (1/n) Σ wᵢℓᵢ + ½·ridge·‖θ‖² next to a minimum `from` of the unweighted one, for
 * leave-one-out checks: `withoutSamples(n, [i])` are the weights that remove sample i. Steps are −H⁻¹∇R_w with the
 * Hessian at `from` (the chord method), made better by the pairs of L-BFGS; where that does not converge, with new
 * Hessians of the reweighted loss. It says where the tolerance was not reached.
 * @throws UserError for weights that do not fit; Cancelled.
 */
export async function retrain(
  objective: Objective,
  from: Float64Array,
  weights: Float64Array,
  options: RetrainOptions = {},
): Promise<Retrained> {
  const { tolerance = 1e-9, maxIterations = 60, task = quietTask } = options;
  const n = objective.train.count;
  demand(weights.length === n, () => `retrain: ${weights.length} weights for ${n} training samples`);
  const bad = weights.findIndex((w) => !(w >= 0 && w < Infinity));
  demand(bad < 0, () => `retrain: weight ${weights[bad]} of sample ${bad}; expected a number of at least 0`);
  let [evaluations, hessians] = [0, 0];
  const f = {
    n: objective.size,
    async valueAndGradient(x: Float64Array, gradient: Float64Array) {
      evaluations++;
      const found = await objective.valueAndGradient(x, weights);
      gradient.set(found.gradient);
      return found.value;
    },
  };
  let precondition = options.precondition;
  if (precondition === undefined) {
    if (options.hessian === undefined) hessians++;
    precondition = inverseOfAbsolute(options.hessian ?? (await objective.hessian(from)), 1e-6);
  }
  let found = await lbfgsAsync(f, from, { tolerance, precondition, maxIterations, memory: 20, task });
  if (!found.converged && found.stopped === "iterations used up") {
    const again = await polish(f, (x) => objective.hessian(x, weights), found.x, {
      ...{ tolerance, task, refresh: maxIterations, maxIterations: 4 * maxIterations },
    });
    hessians += again.hessians;
    found = again;
  }
  const norm = found.gradientNorm.toExponential(1);
  return {
    parameters: found.x,
    value: found.value,
    gradientNorm: found.gradientNorm,
    converged: found.converged,
    stopped: found.converged
      ? `‖∇R‖ = ${norm} ≤ ${tolerance}`
      : `not at a minimum: ‖∇R‖ = ${norm} > ${tolerance} (${found.stopped})`,
    evaluations,
    hessians,
  };
}

/** {@link retrain} from one minimum many times: the Hessian there is computed, or taken, and factored once. */
export async function retrainer(
  objective: Objective,
  from: Float64Array,
  options: RetrainOptions = {},
): Promise<(weights: Float64Array) => Promise<Retrained>> {
  const hessian = options.hessian ?? (await objective.hessian(from));
  const precondition = inverseOfAbsolute(hessian, 1e-6);
  return (weights) => retrain(objective, from, weights, { ...options, precondition });
}
