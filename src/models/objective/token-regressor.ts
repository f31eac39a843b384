import { demand, UserError } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import { spec } from "../../program/dtype.ts";
import { checkSamples, type Samples as TokenSamples } from "../samples.ts";
import { scaleTargets, type TargetScaling } from "../target-scaling.ts";
import { type TokenRegressorConfig, tokenRegressor } from "../token-regressor.ts";
import type { Objective, Samples } from "./contract.ts";
import { squaredError } from "./losses.ts";
import { requireMemory } from "./memory.ts";
import { tokenJacobian, tokenLayerFactors, tokenPass } from "./token-factors.ts";
import { tracedObjective } from "./traced.ts";

export interface TokenObjectiveOptions {
  config: TokenRegressorConfig;
  /** What it is trained on, one task or several, without weights. */
  samples: TokenSamples;
  scaling: TargetScaling;
  /**
   * Coefficient of ½‖θ‖² in R, to be stated. AdamW's weight decay is none: it is no part of a loss, so parameters
   * trained with it are at no minimum of any R; train them on to one of this R (`trainToMinimum`) before a curvature.
   */
  ridge: number;
  /** Samples a run; default 512. */
  batch?: number;
  /** Vectors that go through a Hessian-vector product together; default 4. */
  vectors?: number;
  threads?: number;
  /** Bytes that one matrix may take before it is refused; default 4 GiB. */
  memory?: number;
  task?: Task;
}

/**
 * The objective of a token regressor, R(θ) = (1/n) Σ ½(y(zᵢ, nᵢ, tᵢ; θ) − scaled valueᵢ)² + ½·ridge·‖θ‖², in float64,
 * with integer tokens as its three inputs and the sample's task as its one output. It has tens of thousands of
 * parameters: the Hessian as a matrix is refused by its size (48 193 parameters: 17 GiB); products (conjugate
 * gradients, Lanczos), Kronecker and last-layer curvatures are what to use. Values, gradients and products run as
 * traced programs, Jacobians and layer factors by plain loops.
 * @throws UserError for samples with tokens out of range, weights, or values that are no numbers.
 */
export function tokenRegressorObjective(options: TokenObjectiveOptions): Objective {
  const { config, samples, scaling, ridge, batch = 512, vectors = 4, threads, memory, task } = options;
  const model = tokenRegressor(config);
  const token = spec([], "int32");
  const name = `token regressor, width ${config.width}, ReLU`;
  const traced = tracedObjective({
    model: {
      ...{ name, layout: model.layout, inputs: [token, token, token], outputs: 1, kinks: true },
      forwardBatch: (flat, ...columns) => {
        const [z, n, t] = columns as [typeof flat, typeof flat, typeof flat];
        return model.forwardSelecting(flat, { z, n, task: t });
      },
    },
    train: tokenObjectiveSamples(samples, config, scaling),
    ...{ loss: squaredError(1), ridge, batch, vectors },
    ...(threads && { threads }),
    ...(memory && { memory }),
    ...(task && { task }),
  });
  const check = (theta: Float64Array) =>
    demand(theta.length === traced.size, () => {
      return `tokenRegressorObjective: ${theta.length} parameters; the model has ${traced.size}`;
    });
  return {
    ...traced,
    async jacobian(theta, some) {
      check(theta);
      const instead = "ask for fewer samples at a time";
      requireMemory("tokenRegressorObjective", "Jacobian", [some.count, traced.size], { memory, instead });
      return tokenJacobian(model, theta, some);
    },
    async layerFactors(theta, some) {
      check(theta);
      return tokenLayerFactors(model, theta, some);
    },
    async gateFlips(a, b, some) {
      check(a);
      check(b);
      const [before, after] = [tokenPass(model, a, some).open, tokenPass(model, b, some).open];
      const each = before.length / some.count;
      let [flipped, samplesTouched] = [0, 0];
      for (let i = 0; i < some.count; i++) {
        let own = 0;
        for (let k = i * each; k < (i + 1) * each; k++) own += Number(before[k] !== after[k]);
        flipped += own;
        samplesTouched += Number(own > 0);
      }
      return { flipped, of: before.length, samplesTouched };
    },
  };
}

/** Tokens and scaled values in the form that objectives take: for held-out nuclides as well. */
export function tokenObjectiveSamples(
  samples: TokenSamples,
  config: TokenRegressorConfig,
  scaling: TargetScaling,
): Samples {
  checkSamples(samples, config.vocabularies);
  if (samples.weight !== undefined) {
    throw new UserError(
      "tokenRegressorObjective: the samples have weights; objectives take them with each call (valueAndGradient, hessian): leave them out here",
    );
  }
  const { z, n, task, value } = samples;
  return { count: value.length, inputs: [z, n, task], targets: scaleTargets(scaling, value, task) };
}
