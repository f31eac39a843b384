import type { Task } from "../../core/task.ts";
import { influence } from "../../lenses/curvature/answers/influence.ts";
import { groupInfluence, largest } from "../../lenses/curvature/claims/influence-claim.ts";
import { chooseDamping } from "../../lenses/curvature/damping.ts";
import type { CurvatureSolver } from "../../lenses/curvature/operator.ts";
import { operatorFromMatrix } from "../../lenses/curvature/operators/matrix-operator.ts";
import { gradientsOf } from "../../lenses/curvature/slopes.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { type NetworkJob, objectiveOf, samplesOf, trainNetwork } from "./network-job.ts";

/** One pass of the pipeline from labels to the most helpful training states, for the null of shuffled labels. */
export interface ShuffleJob {
  network: NetworkJob;
  tests: { states: Float64Array; labels: Float64Array };
  /** Test points of each group. */
  groups: readonly (readonly number[])[];
  top: number;
  /** How many training states lie below the label boundary. */
  boundary: number;
}

/**
 * How near the label boundary some training states lie, among n in the order of the control parameter:
 * 1 − 2·median|place − boundary|/n; 1 beside it.
 */
export function nearness(members: readonly number[], boundary: number, n: number): number {
  const distances = members.map((i) => Math.abs(i + 0.5 - boundary)).sort((a, b) => a - b);
  const middle = distances.length / 2;
  const median =
    distances.length % 2 === 1
      ? distances[Math.floor(middle)]!
      : (distances[middle - 1]! + distances[middle]!) / 2;
  return 1 - (2 * median) / n;
}

/** Trains, takes the exact Hessian, and says for each group how near the boundary its most helpful states lie. */
export async function nearnessAfterTraining(job: ShuffleJob, task: Task): Promise<number[]> {
  const { network, tests, groups, top, boundary } = job;
  const { parameters } = await trainNetwork(network, task.part(0, 0.8));
  const objective = objectiveOf(network, { task });
  const hessian = await objective.hessian(parameters);
  const solver = await solverOf(hessian, task);
  const slopes = async (samples: typeof objective.train) => {
    const outputs = await objective.evaluate(parameters, samples);
    const weights = objective.loss.slopes(outputs, samples.targets);
    return (await gradientsOf(objective, parameters, samples, [weights], task))[0]!;
  };
  const found = await influence({
    gradients: await slopes(objective.train),
    queries: await slopes(samplesOf(tests)),
    solve: solver.solve,
  });
  const n = objective.train.count;
  return groups.map((group) => {
    const helpful = largest(groupInfluence({ influence: found.values }, group), top);
    return nearness(helpful, boundary, n);
  });
}

/** Solves with the Hessian where it is positive definite, else with as much damping as its negative curvature asks for. */
async function solverOf(hessian: Matrix, task: Task): Promise<CurvatureSolver> {
  const operator = operatorFromMatrix(hessian);
  const plain = await operator.solver({ damping: 0, task });
  if (plain.method === "cholesky") return plain;
  const { values } = eigenSymmetric(hessian);
  const range = { least: values.at(-1)!, most: values[0]! };
  const { value: damping } = chooseDamping(range, { damping: 0, negative: "shift" });
  return operator.solver({ damping, task });
}
