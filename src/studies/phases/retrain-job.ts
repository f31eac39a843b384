import type { Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import type { RetrainMany } from "../../lenses/curvature/check-removal.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { pickRows } from "../../models/objective/samples.ts";
import { type Retrained, retrainer } from "../../models/retrain.ts";
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

/** Share of states without weight from which a weighting counts as a training set drawn anew. */
const drawnFrom = 0.25;
/** ‖∇R‖ to which networks on sets drawn anew are trained: what the network itself was trained to. */
const drawnTo = 1e-6;

/**
 * Retrains one network with each of several weightings of its training states. Sets drawn anew move the network far, so
 * that it is trained there as it was itself; states that were not drawn take no time.
 */
export async function retrainAll(job: RetrainJob, task: Task): Promise<Retrained[]> {
  const { recipe, start, tolerance, maxIterations, weights } = job;
  const hessian = matrix(start.length, start.length, job.hessian);
  const without = retrainer(objectiveOf(recipe), start, { hessian, tolerance, maxIterations });
  const anew = { hessian, tolerance: Math.max(tolerance, drawnTo), maxIterations };
  const ends: Retrained[] = [];
  for (const [k, weight] of weights.entries()) {
    const part = task.part(k / weights.length, (k + 1) / weights.length);
    const drawn = isDrawn(weight) ? drawnStates(recipe, weight) : undefined;
    ends.push(
      drawn
        ? await retrainer(objectiveOf(drawn.recipe), start, anew)(drawn.weights, part)
        : await without(weight, part),
    );
    task.report((k + 1) / weights.length, `retrained ${k + 1} of ${weights.length}`);
  }
  return ends;
}

/** Is a weighting one of a training set drawn with replacement, of which about 37 % are not drawn? */
function isDrawn(weights: Float64Array): boolean {
  const without = weights.reduce((count, weight) => count + (weight === 0 ? 1 : 0), 0);
  return without >= drawnFrom * weights.length && without < weights.length;
}

/** The states with weight alone, with weights that make the same loss. */
function drawnStates(recipe: NetworkRecipe, weights: Float64Array) {
  const n = weights.length;
  const rows = Array.from(weights, (_, i) => i).filter((i) => weights[i] !== 0);
  return {
    recipe: { ...recipe, states: pickRows(recipe.states, n, rows), labels: pickRows(recipe.labels, n, rows) },
    weights: Float64Array.from(rows, (i) => (weights[i]! * rows.length) / n),
  };
}

/** Weightings a job takes, beside sets drawn anew that come first and alone: small, so that threads end together. */
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
      const all = Array.from(weights, (_, k) => k);
      const others = all.filter((k) => !isDrawn(weights[k]!));
      const batches = all.filter((k) => isDrawn(weights[k]!)).map((k) => [k]);
      for (let from = 0; from < others.length; from += perJob)
        batches.push(others.slice(from, from + perJob));
      const inputs = batches.map(
        (batch): RetrainJob => ({
          recipe,
          ...shared,
          tolerance,
          maxIterations,
          weights: batch.map((k) => weights[k]!),
        }),
      );
      const ends = await mapInWorkers<RetrainJob, Retrained[]>({
        module: import.meta.url,
        fn: "retrainAll",
        inputs,
        threads: Math.min(threads, inputs.length),
        task,
      });
      const inOrder = new Array<Retrained>(weights.length);
      for (const [j, batch] of batches.entries()) {
        for (const [i, k] of batch.entries()) inOrder[k] = ends[j]![i]!;
      }
      return inOrder;
    };
  };
}
