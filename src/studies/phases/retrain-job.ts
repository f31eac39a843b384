import type { Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import type { RetrainMany } from "../../lenses/curvature/check-removal.ts";
import { type Retrained, retrainer } from "../../lenses/curvature/retrain.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { type NetworkRecipe, objectiveOf } from "./network-job.ts";
import { sharedCopy } from "./networks.ts";

/** Retrainings that one thread makes one after another. */
export interface RetrainJob {
  recipe: NetworkRecipe;
  start: Float64Array;
  /** Positive definite, to precondition with. */
  hessian: Float64Array;
  tolerance: number;
  maxIterations: number;
  weights: Float64Array[];
}

/** Retrains one network with each of several weightings of its training states. */
export async function retrainAll(job: RetrainJob, task: Task): Promise<Retrained[]> {
  const { recipe, start, tolerance, maxIterations, weights } = job;
  const objective = objectiveOf(recipe);
  const hessian = matrix(start.length, start.length, job.hessian);
  const retrain = retrainer(objective, start, { hessian, tolerance, maxIterations });
  const ends: Retrained[] = [];
  for (const [k, weight] of weights.entries()) {
    ends.push(await retrain(weight, task.part(k / weights.length, (k + 1) / weights.length)));
    task.report((k + 1) / weights.length, `retrained ${k + 1} of ${weights.length}`);
  }
  return ends;
}

/** Weightings a job takes: small, so that threads end together. */
const perJob = 4;

/** A way for the lens to retrain in worker threads. */
export function retrainInWorkers(
  recipe: NetworkRecipe,
  start: Float64Array,
  threads: number,
): (settings: { hessian: Matrix; tolerance: number; maxIterations: number }) => RetrainMany {
  return ({ hessian, tolerance, maxIterations }) => {
    const shared = { start: sharedCopy(start), hessian: sharedCopy(hessian.data) };
    return async (weights, task) => {
      const inputs: RetrainJob[] = [];
      for (let from = 0; from < weights.length; from += perJob) {
        const some = weights.slice(from, from + perJob);
        inputs.push({ recipe, ...shared, tolerance, maxIterations, weights: [...some] });
      }
      const ends = await mapInWorkers<RetrainJob, Retrained[]>({
        module: import.meta.url,
        fn: "retrainAll",
        inputs,
        threads: Math.min(threads, inputs.length),
        task,
      });
      return ends.flat();
    };
  };
}
