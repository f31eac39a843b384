import { type Random, random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { influence } from "../../lenses/curvature/answers/influence.ts";
import { groupInfluence } from "../../lenses/curvature/claims/influence-claim.ts";
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
  /** Of the draws among states with the same influence. */
  seed: number;
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

/** What comes out of a {@link ShuffleJob}. */
export interface ShuffleResult {
  /** For each group, how near the boundary its most helpful states lie. */
  nearness: number[];
  /** Does the network give every training state the same probabilities? */
  silent: boolean;
}

/** Influences that differ by less than this share of the largest count as the same. */
const tied = 1e-3;
/** Logit margins that differ by less over all training states are those of a network that learned nothing. */
const silentBelow = 1e-3;

/**
 * The `count` largest values; among those that tie with the last of them it is drawn. A network that gives all states
 * the same probabilities helps itself to all states of a label alike, and their order would be that of rounding.
 */
export function largestAtRandom(values: ArrayLike<number>, count: number, random: Random): number[] {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[b]! - values[a]!);
  const last = values[order[Math.min(count, order.length) - 1]!]!;
  const same = tied * Math.abs(values[order[0]!]!);
  const sure = order.filter((i) => values[i]! > last + same);
  const open = order.filter((i) => Math.abs(values[i]! - last) <= same);
  const drawn = Array.from(random.permutation(open.length), (k) => open[k]!);
  return [...sure, ...drawn].slice(0, count);
}

/** Trains, takes the exact Hessian, and says for each group how near the boundary its most helpful states lie. */
export async function nearnessAfterTraining(job: ShuffleJob, task: Task): Promise<ShuffleResult> {
  const { network, tests, groups, top, boundary, seed } = job;
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
  const outputs = await objective.evaluate(parameters, objective.train);
  const margins = Array.from({ length: n }, (_, i) => {
    const row = outputs.data.subarray(i * outputs.cols, (i + 1) * outputs.cols);
    return row.at(-1)! - row[0]!;
  });
  return {
    nearness: groups.map((group, g) => {
      const values = groupInfluence({ influence: found.values }, group);
      return nearness(largestAtRandom(values, top, random(seed, "ties", g)), boundary, n);
    }),
    silent: Math.max(...margins) - Math.min(...margins) < silentBelow,
  };
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
