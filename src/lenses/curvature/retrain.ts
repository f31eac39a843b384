import { breathe } from "../../core/breathe.ts";
import { UserError } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import { cholesky, choleskySolve } from "../../linalg/cholesky.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import type { Objective } from "../../models/objective/contract.ts";
import { type AsyncSmooth, lbfgsAsync, type Minimum } from "../../optim/lbfgs.ts";
import { norm } from "../../optim/vector.ts";
import type { CurvatureSolver } from "./operator.ts";

/** Where a retraining ended. */
export interface Retrained {
  parameters: Float64Array;
  gradientNorm: number;
  converged: boolean;
}

/** Trains on with other weights of the training samples, from the parameters at hand. */
export type Retrain = (weights: Float64Array | undefined, task: Task) => Promise<Retrained>;

/**
 * Retraining from θ̂: by L-BFGS, preconditioned by the (damped) Hessian at θ̂ where it is given, then by steps −B⁻¹∇R
 * with it or with `solve`. Near θ̂ a handful of gradients reach the new minimum. It finds the minimum that θ̂ moves to,
 * which is what influence predicts; a network trained afresh may end elsewhere.
 * @param options.hessian positive definite, d × d @param options.solve B⁻¹ on rows, for models too large for a matrix
 */
export function retrainer(
  objective: Objective,
  start: Float64Array,
  options: { hessian?: Matrix; solve?: CurvatureSolver["solve"]; tolerance: number; maxIterations?: number },
): Retrain {
  const { hessian, tolerance, maxIterations = 60 } = options;
  const factor = hessian && positiveFactor(hessian);
  const solve: Solve | undefined = factor
    ? async (vector) => choleskySolve(factor, vector)
    : options.solve &&
      (async (vector) => (await options.solve!({ rows: 1, cols: vector.length, data: vector })).data);
  return async (weights, task) => {
    const smooth: AsyncSmooth = {
      n: objective.size,
      async valueAndGradient(x, out) {
        const { value, gradient } = await objective.valueAndGradient(x, weights);
        out.set(gradient);
        return value;
      },
    };
    const precondition = factor
      ? (vector: Float64Array) => {
          vector.set(choleskySolve(factor, vector));
        }
      : undefined;
    const reached =
      precondition || !solve
        ? await lbfgsAsync(smooth, start, {
            ...{ tolerance, maxIterations, task },
            ...(precondition ? { precondition } : {}),
          })
        : await at(smooth, start);
    if (reached.gradientNorm <= tolerance || !solve) {
      const { x, gradientNorm } = reached;
      return { parameters: x, gradientNorm, converged: gradientNorm <= tolerance };
    }
    return chord(smooth, reached, solve, { tolerance, steps: Math.min(30, maxIterations), task });
  };
}

type Solve = (vector: Float64Array) => Promise<Float64Array>;

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
  solve: Solve,
  { tolerance, steps, task }: { tolerance: number; steps: number; task: Task },
): Promise<Retrained> {
  let here = from;
  let evaluations = 0;
  for (let step = 0; step < steps && here.gradientNorm > tolerance; step++) {
    const move = await solve(here.gradient);
    let next: typeof here | undefined;
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
  const { x, gradientNorm } = here;
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
