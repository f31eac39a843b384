import { UserError } from "../../../core/errors.ts";
import type { Objective, Samples } from "../../../models/objective/contract.ts";

/** The samples from … to − 1, as views on the same memory. `outputs` is the number of outputs of the model. */
export function sliceSamples(samples: Samples, from: number, to: number): Samples {
  const { count, inputs, targets } = samples;
  const each = targets.length / count;
  return {
    count: to - from,
    inputs: inputs.map((input) => {
      const row = input.length / count;
      return input.subarray(from * row, to * row);
    }),
    targets: targets.subarray(from * each, to * each),
  };
}

/** Samples whose Jacobian (C rows of d) fits `bytes`, at least one. */
export function batchFor(objective: Objective, bytes = 2 ** 27): number {
  return Math.max(
    1,
    Math.min(objective.train.count, Math.floor(bytes / (8 * objective.outputs * objective.size))),
  );
}

/**
 * Checks that a curvature of this model at these parameters is well defined.
 * @throws UserError for parameters of another length or not finite, for no samples, and for parts such as dropout
 * that make two passes differ.
 */
export function requireObjective(where: string, objective: Objective, parameters: Float64Array): void {
  if (parameters.length !== objective.size) {
    throw new UserError(
      `${where}: ${parameters.length} parameters, ${objective.name} has ${objective.size}; pass the flat vector in the model's order`,
    );
  }
  const bad = parameters.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UserError(
      `${where}: parameter ${bad} is ${parameters[bad]}; the training diverged, start from finite parameters`,
    );
  }
  if (objective.train.count < 1) throw new UserError(`${where}: ${objective.name} has no training samples`);
  if (objective.hazards.length > 0) {
    throw new UserError(
      `${where}: ${objective.hazards.join(" and ")} active in ${objective.name}, so its loss is not a fixed mean over samples; switch to evaluation mode (no dropout, frozen batch statistics)`,
    );
  }
}
