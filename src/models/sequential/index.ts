/** Layered networks (convolutions, pools, activations, dense layers) with exact second derivatives. */

export { chainNet, publishedChainNetNames, publishedChainNetRange } from "./chain-net.ts";
export { initialSequentialParameters } from "./initial.ts";
export type { ActivationName, Layer, SampleShape } from "./layers.ts";
export { sequentialObjective } from "./objective.ts";
export { type SequentialModel, sequential } from "./sequential.ts";
export { exportWeights, importWeights } from "./weights.ts";
