import { UserError } from "../../core/errors.ts";
import type { ActivationName, Layer } from "./layers.ts";
import { type SequentialModel, sequential } from "./sequential.ts";
import type { TensorNames } from "./weights.ts";

/** Sizes and kind of a convolutional net for ground-state amplitudes. */
export interface ChainNetOptions {
  /** Amplitudes of a state: binomial(L, L/2), 70 for 8 sites, 252 for 10, 924 for 12, 3432 for 14. */
  inputs: number;
  /** Phases to tell apart; default 2. */
  classes?: number;
  /** "relu" (default): max-pooling and ReLU as published. A smooth function: average pooling and that function. */
  activation?: ActivationName;
  /** Is dropout of the last layer drawn? Only to state a training that did; evaluation never draws. */
  dropoutActive?: boolean;
}

const leastPositions = 3;
const leastInputs = 40;

/**
 * The network of Dawid et al. (arXiv 2108.02154, repository Hessian-Based-Toolbox) that tells phases of a ring from
 * the amplitudes of its ground state; 740 parameters at 924 inputs and 2 classes:
 *
 *     conv 1→5, kernel 15, padding 1 · max-pool 4 · ReLU · conv 5→8, kernel 5 · max-pool 4 · ReLU
 *     conv 8→10, kernel 2, padding 1 · average-pool 4 · ReLU · flatten · dropout 0.5 · dense → classes
 *
 * Pooling comes before the activation; what does not fill a window is dropped. With a smooth activation all poolings
 * are averages, so that second derivatives exist everywhere; with ridge 5e-3 and tanh training reaches one good minimum
 * from any start, with softplus it stays at equal probabilities. For other lengths the layers stay and windows shrink to 3
 * or 2 positions where 4 would leave fewer than 3 positions at the end.
 * @throws UserError for fewer than 40 inputs, where not even windows of 2 leave 3 positions
 */
export function chainNet(options: ChainNetOptions): SequentialModel {
  const { inputs, classes = 2, activation = "relu", dropoutActive = false } = options;
  if (!Number.isInteger(inputs) || inputs < leastInputs) {
    throw new UserError(
      `chainNet: ${inputs} inputs; the net needs at least ${leastInputs} (a half-filled ring of 8 sites has 70): use a longer ring, or a net of dense layers`,
    );
  }
  if (!Number.isInteger(classes) || classes < 2) {
    throw new UserError(`chainNet: ${classes} classes; expected a whole number of at least 2`);
  }
  const size = windowFor(inputs);
  const pool: Layer = { kind: activation === "relu" ? "maxPool1d" : "averagePool1d", size };
  const bend: Layer = { kind: "activation", function: activation };
  return sequential({
    name: activation === "relu" ? "chain net" : `smooth chain net (${activation})`,
    input: [1, inputs],
    layers: [
      { kind: "conv1d", outputs: 5, kernel: 15, padding: 1 },
      pool,
      bend,
      { kind: "conv1d", outputs: 8, kernel: 5 },
      pool,
      bend,
      { kind: "conv1d", outputs: 10, kernel: 2, padding: 1 },
      { kind: "averagePool1d", size },
      bend,
      { kind: "flatten" },
      { kind: "dropout", rate: 0.5, active: dropoutActive },
      { kind: "dense", outputs: classes },
    ],
  });
}

/**
 * The published net was trained on amplitudes shifted and scaled to 0 … 1 by the extremes of its training set, (x −
 * min)/(max − min): its logits and its Hessian are those of inputs so scaled.
 */
export const publishedChainNetRange = { min: 8.0e-18, max: 0.997046 };

/** Names of the net's tensors in the files of the published repository, for `importWeights` and `exportWeights`. */
export const publishedChainNetNames: TensorNames = {
  "conv1.weight": "layer1.0.weight",
  "conv1.bias": "layer1.0.bias",
  "conv2.weight": "layer2.0.weight",
  "conv2.bias": "layer2.0.bias",
  "conv3.weight": "layer3.0.weight",
  "conv3.bias": "layer3.0.bias",
  "dense1.weight": "fc1.weight",
  "dense1.bias": "fc1.bias",
};

function windowFor(inputs: number): number {
  const left = (size: number) => {
    const first = Math.floor((inputs + 2 - 15 + 1) / size);
    const second = Math.floor((first - 5 + 1) / size);
    return Math.floor((second + 2 - 2 + 1) / size);
  };
  return [4, 3].find((size) => left(size) >= leastPositions) ?? 2;
}
