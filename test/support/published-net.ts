import { readFileSync } from "node:fs";
import { toFloat64 } from "../../src/data/array.ts";
import { readNpy } from "../../src/data/npy.ts";
import {
  chainGradients,
  predictedClasses,
  probabilities,
} from "../../src/lenses/curvature/answers/functionals.ts";
import { withRegulariser } from "../../src/lenses/curvature/answers/influence.ts";
import { type Matrix, matrix } from "../../src/linalg/matrix.ts";
import { symmetrise } from "../../src/linalg/symmetric.ts";
import { crossEntropy } from "../../src/models/objective/losses.ts";
import { chainNet, publishedChainNetNames } from "../../src/models/sequential/chain-net.ts";
import { sequentialObjective } from "../../src/models/sequential/objective.ts";
import { importWeights } from "../../src/models/sequential/weights.ts";
import { trainingSet } from "../../src/physics/chain/sets.ts";
import { sharedPath } from "../shared.ts";

const files = [
  "cnn-ll-cdw.safetensors",
  "hessian-shipped.npy",
  "influence-even-tests.npy",
  "relatif-even-tests.npy",
  "lees-t1.npy",
  "lees-t0.1.npy",
  "train-order.npy",
  "test-even.npy",
  "test-mixed.npy",
].map((name) => [name, sharedPath(`data/hubbard/${name}`)] as const);

/** Are the published weights, Hessian and tables of the LL/CDW-I network there? */
export const publishedNetThere = files.every(([, path]) => path !== undefined);

/** A published table as a matrix; one axis counts as one column. */
export function publishedTable(name: string): Matrix {
  const path = files.find(([file]) => file === name)?.[1];
  const array = readNpy(readFileSync(path!), name);
  return matrix(array.shape[0]!, array.shape[1] ?? 1, toFloat64(array));
}

/** A set of states with the network's outputs and gradients. */
export interface NetSet {
  states: Matrix;
  labels: Float64Array;
  predicted: Int32Array;
  logits: Matrix;
  jacobian: Matrix;
}

/** λ/n of the published training. */
export const publishedRidge = 0.05 / 1000;

/**
 * The published network (Dawid et al., Mach. Learn.: Sci. Technol. 3 (2022) 015002) on the 1000 training states, solved
 * here, and on the published test sets, with its stored Hessian.
 */
export async function publishedNet() {
  const train = await trainingSet();
  // Inputs are brought to 0 … 1 with the smallest and the largest amplitude of the training set.
  let [low, high] = [Infinity, -Infinity];
  for (const value of train.states.data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const scaled = (states: Matrix) => states.data.map((value) => (value - low) / (high - low));
  const model = chainNet({ inputs: train.dim });
  const weights = files.find(([file]) => file.endsWith(".safetensors"))![1]!;
  const parameters = importWeights(model, readFileSync(weights), { names: publishedChainNetNames });
  const samples = { count: train.count, inputs: [scaled(train.states)], targets: train.labels };
  const objective = sequentialObjective({
    model,
    train: samples,
    loss: crossEntropy(2),
    ridge: publishedRidge,
  });
  const look = async (states: Matrix, labels: Float64Array): Promise<NetSet> => {
    const points = { count: states.rows, inputs: [scaled(states)], targets: labels };
    const logits = await objective.evaluate(parameters, points);
    const jacobian = await objective.jacobian(parameters, points);
    return { states, labels, predicted: predictedClasses(logits), logits, jacobian };
  };
  const published = async (name: string) => {
    const rows = publishedTable(name);
    const dim = rows.cols - 1;
    const states = matrix(rows.rows, dim);
    for (let i = 0; i < rows.rows; i++) {
      states.data.set(rows.data.subarray(i * rows.cols + 1, (i + 1) * rows.cols), i * dim);
    }
    const labels = Float64Array.from({ length: rows.rows }, (_, i) => rows.data[i * rows.cols]!);
    return look(states, labels);
  };
  return {
    objective,
    parameters,
    control: train.V1,
    train: await look(train.states, train.labels),
    even: await published("test-even.npy"),
    mixed: await published("test-mixed.npy"),
    /** Stored in float32, computed with dropout left on. */
    storedHessian: symmetrise(publishedTable("hessian-shipped.npy")),
    evaluateAt: (at: Float64Array, { states, labels }: NetSet) =>
      objective.evaluate(at, { count: states.rows, inputs: [scaled(states)], targets: labels }),
  };
}

/** Gradients of the cross-entropy under given labels, with (as published) or without the regulariser. */
export function crossEntropyGradients(
  set: NetSet,
  labels: ArrayLike<number>,
  parameters?: Float64Array,
): Matrix {
  const p = probabilities(set.logits);
  const slopes = matrix(
    p.rows,
    p.cols,
    p.data.map((value, at) => value - (labels[Math.floor(at / p.cols)] === at % p.cols ? 1 : 0)),
  );
  const plain = chainGradients(set.jacobian, slopes);
  return parameters ? withRegulariser(plain, { parameters, ridge: publishedRidge }) : plain;
}
