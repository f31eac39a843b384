import { breathe } from "../../core/breathe.ts";
import type { Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { Objective, Samples } from "../../models/objective/contract.ts";
import { pickSamples } from "../../models/objective/samples.ts";
import { chainGradients } from "./answers/functionals.ts";

/** Bytes that the Jacobian of one batch may take. */
const batchBytes = 64 * 2 ** 20;

/**
 * Gradients by θ of one function of the outputs for every sample, count × d: the chain rule over ∂f/∂θ, batch by batch.
 * @param weights ∂(function)/∂f of every sample, count × C, or a list of several such functions
 * @returns one matrix for each of `weights`
 */
export async function gradientsOf(
  objective: Objective,
  parameters: Float64Array,
  samples: Samples,
  weights: readonly Matrix[],
  task: Task,
): Promise<Matrix[]> {
  const { size, outputs } = objective;
  const each = Math.max(1, Math.floor(batchBytes / (8 * size * outputs)));
  const all = weights.map(() => matrix(samples.count, size));
  for (let from = 0; from < samples.count; from += each) {
    await breathe(task);
    const rows = Array.from({ length: Math.min(each, samples.count - from) }, (_, i) => from + i);
    const batch = pickSamples(samples, rows);
    const jacobian = await objective.jacobian(parameters, batch);
    weights.forEach((weight, k) => {
      const part = matrix(
        batch.count,
        outputs,
        weight.data.subarray(from * outputs, (from + batch.count) * outputs),
      );
      all[k]!.data.set(chainGradients(jacobian, part).data, from * size);
    });
    task.report((from + batch.count) / samples.count);
  }
  return all;
}
