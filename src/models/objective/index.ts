/** What a curvature asks of a model: a loss that is a mean over samples plus a ridge, with its derivatives. */

export { checkObjective, findHazards } from "./check.ts";
export type { LayerFactors, Objective, OutputLoss, ParameterBlock, Samples } from "./contract.ts";
export { customLoss } from "./custom-loss.ts";
export { crossEntropy, softmaxRows, squaredError } from "./losses.ts";
export { pickSamples, withoutSamples } from "./samples.ts";
export { tokenObjectiveSamples, tokenRegressorObjective } from "./token-regressor.ts";
export { tracedObjective } from "./traced.ts";
export type { TracedModel } from "./traced-programs.ts";
