import { demand, UserError } from "../core/errors.ts";
import { quietTask, type Task } from "../core/task.ts";
import { norm } from "../optim/vector.ts";
import type { Objective } from "./objective/contract.ts";
import type { PathPoint, TrainedToMinimum } from "./train-to-minimum.ts";

export interface PublishedRecipeOptions {
  /** Default 0.1. */
  learningRate?: number;
  /** Default 1: the velocity is never damped, as published. */
  momentum?: number;
  /** Full-batch steps; default 100. */
  epochs?: number;
  /** Only for what is said of the end; default 1e-6. */
  tolerance?: number;
  task?: Task;
  /** For the progress: "seed 0". */
  label?: string;
}

/**
 * The recipe that the published chain net was trained with: full-batch gradient descent with momentum,
 *
 *     v ← μv + ∇R(θ)    θ ← θ − ηv    η = 0.1, μ = 1, 100 epochs
 *
 * which oscillates and does not end at a minimum (‖∇R‖ ≈ 0.4 in the published weights): the result says so. The
 * published training also drew dropout of 0.5 before the last layer; here the objective is in evaluation mode.
 * Source: repository Hessian-Based-Toolbox of Dawid et al., arXiv 2108.02154.
 * @throws UserError when the loss is not a number; Cancelled.
 */
export async function trainAsPublished(
  objective: Objective,
  start: Float64Array,
  options: PublishedRecipeOptions = {},
): Promise<TrainedToMinimum> {
  const { learningRate = 0.1, momentum = 1, epochs = 100, tolerance = 1e-6 } = options;
  const { task = quietTask, label = "training" } = options;
  demand(Number.isInteger(epochs) && epochs >= 1, () => {
    return `trainAsPublished: ${epochs} epochs; expected a whole number of at least 1`;
  });
  const parameters = start.slice();
  const velocity = new Float64Array(start.length);
  const path: PathPoint[] = [];
  let last = { value: Number.NaN, gradientNorm: Number.NaN };
  for (let epoch = 0; epoch <= epochs; epoch++) {
    task.check();
    const { value, gradient } = await objective.valueAndGradient(parameters);
    last = { value, gradientNorm: norm(gradient) };
    if (!Number.isFinite(value)) {
      throw new UserError(
        `${label}: the loss is ${value} after ${epoch} epochs; lower the learning rate (${learningRate})`,
      );
    }
    path.push({ phase: "gradient descent with momentum", step: epoch, ...last });
    task.report(epoch / epochs, `${label}: epoch ${epoch} of ${epochs}, loss ${value.toPrecision(6)}`);
    if (epoch === epochs) break;
    for (let i = 0; i < parameters.length; i++) {
      velocity[i] = momentum * velocity[i]! + gradient[i]!;
      parameters[i]! -= learningRate * velocity[i]!;
    }
  }
  const converged = last.gradientNorm <= tolerance;
  const size = last.gradientNorm.toExponential(1);
  return {
    parameters,
    ...last,
    converged,
    stopped: converged
      ? `‖∇R‖ = ${size} ≤ ${tolerance}`
      : `not at a minimum: ‖∇R‖ = ${size} > ${tolerance} after ${epochs} epochs`,
    path,
    evaluations: { full: epochs + 1, coarse: 0 },
    hessians: 0,
  };
}
