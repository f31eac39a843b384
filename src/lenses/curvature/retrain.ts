import { breathe } from "../../core/breathe.ts";
import { UserError } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import { cholesky, choleskySolve } from "../../linalg/cholesky.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import type { Objective } from "../../models/objective/contract.ts";
import { type AsyncSmooth, lbfgsAsync, type Minimum } from "../../optim/lbfgs.ts";
import { norm } from "../../optim/vector.ts";

/** Where a retraining ended. */
export interface Retrained {
  parameters: Float64Array;
  gradientNorm: number;
  converged: boolean;
}

/** Trains on with other weights of the training samples, from the parameters at hand. */
export type Retrain = (weights: Float64Array | undefined, task: Task) => Promise<Retrained>;

/**
 * Retraining from θ̂ by L-BFGS, preconditioned by the (damped) Hessian at θ̂ where it is given: near θ̂ a handful of
 * gradients reach the new minimum. It finds the minimum that θ̂ moves to, which is what influence predicts; a network
 * trained afresh may end elsewhere.
 * @param options.hessian positive definite, d × d
 */
export function retrainer(
  objective: Objective,
  start: Float64Array,
  options: { hessian?: Matrix; tolerance: number; maxIterations?: number },
): Retrain {
  const { hessian, tolerance, maxIterations = 60 } = options;
  const factor = hessian && positiveFactor(hessian);
  const precondition = factor
    ? (vector: Float64Array) => {
        vector.set(choleskySolve(factor, vector));
      }
    : undefined;
  return async (weights, task) => {
    const smooth = {
      n: objective.size,
      async valueAndGradient(x: Float64Array, out: Float64Array) {
        const { value, gradient } = await objective.valueAndGradient(x, weights);
        out.set(gradient);
        return value;
      },
    };
    const reached = await lbfgsAsync(smooth, start, {
      tolerance,
      maxIterations,
      task,
      ...(precondition ? { precondition } : {}),
    });
    if (reached.converged || !factor) {
      const { x, gradientNorm, converged } = reached;
      return { parameters: x, gradientNorm, converged };
    }
    return chord(smooth, reached, factor, { tolerance, steps: 30, task });
  };
}

/**
 * Newton steps with one fixed Hessian for as long as each makes the gradient smaller: goes on where the loss itself no
 * longer shows a decrease in its last digits.
 */
async function chord(
  f: AsyncSmooth,
  from: Pick<Minimum, "x" | "gradient" | "gradientNorm">,
  factor: Matrix,
  { tolerance, steps, task }: { tolerance: number; steps: number; task: Task },
): Promise<Retrained> {
  let { x, gradient, gradientNorm } = from;
  for (let step = 0; step < steps && gradientNorm > tolerance; step++) {
    await breathe(task);
    const move = choleskySolve(factor, gradient);
    const next = x.map((value, j) => value - move[j]!);
    const slope = new Float64Array(f.n);
    await f.valueAndGradient(next, slope);
    const length = norm(slope);
    if (!(length < gradientNorm)) break;
    [x, gradient, gradientNorm] = [next, slope, length];
  }
  return { parameters: x, gradientNorm, converged: gradientNorm <= tolerance };
}

function positiveFactor(hessian: Matrix): Matrix {
  try {
    return cholesky(hessian);
  } catch (cause) {
    throw new UserError("retrainer: the matrix to precondition with is not positive definite; damp it", {
      cause,
    });
  }
}
