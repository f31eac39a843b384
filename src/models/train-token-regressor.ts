import type { Random } from "../core/random.ts";
import type { Task } from "../core/task.ts";
import { sha256 } from "../data/sha256.ts";
import type { FlatVector } from "../optim/adamw.ts";
import type { Schedule } from "../optim/schedule.ts";
import { spec } from "../program/dtype.ts";
import * as o from "../program/ops/index.ts";
import { type Program, trace } from "../program/trace.ts";
import { grad, valueAndGrad } from "../program/transform/index.ts";
import { rms } from "../stats/describe.ts";
import type { CheckpointStore, LearningCurve } from "./checkpoint.ts";
import { checkSamples, type Samples, takeSamples } from "./samples.ts";
import { scaleTargets, type TargetScaling, unscaleOutputs } from "./target-scaling.ts";
import { tokenPredictor } from "./token-predictor.ts";
import {
  type TokenRegressor,
  type TokenRegressorConfig,
  type Tokens,
  tokenRegressor,
} from "./token-regressor.ts";
import { type FloatType, floats, initialParameters, muFactors } from "./token-regressor-init.ts";
import { train } from "./training.ts";

/** How a token regressor is trained. Plain data: it crosses threads and names a checkpoint. */
export interface TokenTraining {
  epochs: number;
  learningRate: number;
  schedule: Schedule;
  /** Share of the steps over which the learning rate first rises; default 0. */
  warmup?: number;
  weightDecay: number;
  /** Rows a minibatch: a share of the training rows up to 1, a count above. */
  batch: number;
  /** Factor of each task's squared error in its unit², the paper's 1/w. */
  taskWeights: readonly number[];
  dtype: FloatType;
  device?: string;
  /** Threads inside one operation. */
  threads?: number;
  /**
   * How the first layer picks its rows: by a product with ones and zeros (default), or by gathering them, which takes a
   * tenth less time and differs in the last bits.
   */
  rows?: "product" | "gather";
  /** How many epochs are on the learning curve; default 60. */
  points?: number;
  /** Epochs between checkpoints; default a twentieth of all. */
  checkpointEvery?: number;
}

/** A trained network, with what turns its outputs into units. */
export interface TrainedTokenRegressor {
  config: TokenRegressorConfig;
  scaling: TargetScaling;
  parameters: FlatVector;
  curve: LearningCurve;
}

/**
 * Trains a token regressor: minimises the mean over a minibatch of weight·(prediction − value)² with weight = the
 * task's × the sample's, in the tasks' units. The curve is the RMS error of task 0 in its unit.
 * @param options.train rows of `samples` to learn from; `validation` rows for the curve alone.
 * @param options.random the initial parameters and the orders of the batches come from it.
 */
export async function trainTokenRegressor(options: {
  config: TokenRegressorConfig;
  samples: Samples;
  train: Int32Array;
  validation: Int32Array;
  scaling: TargetScaling;
  training: TokenTraining;
  random: Random;
  task: Task;
  label?: string;
  /** Unit of task 0, for the progress. */
  unit?: string;
  checkpoint?: { store: CheckpointStore; key: string };
  /** Further numbers for the curve, measured with the errors. */
  observe?: (parameters: FlatVector) => Record<string, number>;
}): Promise<TrainedTokenRegressor> {
  const { config, samples, scaling, training, random, task, checkpoint } = options;
  checkSamples(samples, config.vocabularies);
  const { dtype, device, threads, epochs } = training;
  const model = tokenRegressor(config);
  const learned = takeSamples(samples, options.train);
  const batchSize =
    training.batch > 1 ? Math.floor(training.batch) : Math.floor(training.batch * learned.value.length);
  const columns = {
    ...learned,
    target: scaleTargets(scaling, learned.value, learned.task),
    weight: learned.value.map((_, i) => {
      const t = learned.task[i]!;
      return (learned.weight?.[i] ?? 1) * training.taskWeights[t]! * scaling.range[t]! ** 2;
    }),
  };
  const first = (rows: Int32Array) =>
    takeSamples(
      samples,
      rows.filter((i) => samples.task[i] === 0),
    );
  const measured = { training: first(options.train), validation: first(options.validation) };
  const predictor = tokenPredictor(model, { dtype, ...(device && { device }), ...(threads && { threads }) });
  const errorOn = async (parameters: FlatVector, rows: Samples) => {
    const outputs = await predictor.outputs(parameters, rows);
    return rms(unscaleOutputs(scaling, outputs, rows.task).map((value, i) => value - rows.value[i]!));
  };
  try {
    const { parameters, curve } = await train(
      {
        program: (training.rows === "gather" ? gatheringLossGradient : lossGradient)(model, batchSize, dtype),
        rows: learned.value.length,
        batchSize,
        batch: (rows) => [
          rows.map((i) => columns.z[i]!),
          rows.map((i) => columns.n[i]!),
          rows.map((i) => columns.task[i]!),
          pick(columns.target, rows, dtype),
          pick(columns.weight, rows, dtype),
        ],
      },
      initialParameters(model, random, dtype),
      {
        ...training,
        factors: muFactors(model, dtype),
        random: random.fork("batches"),
        task,
        ...(options.label && { label: options.label }),
        ...(options.unit && { unit: options.unit }),
        ...(options.observe && { observe: options.observe }),
        measure: async (p) => ({
          training: await errorOn(p, measured.training),
          validation: await errorOn(p, measured.validation),
        }),
        ...(checkpoint && {
          checkpoint: {
            ...checkpoint,
            fingerprint: fingerprint({ config, samples, train: options.train, scaling, training }, random),
            every: training.checkpointEvery ?? Math.max(1, Math.ceil(epochs / 20)),
          },
        }),
      },
    );
    return { config, scaling, parameters, curve };
  } finally {
    await predictor.release();
  }
}

/** (parameters, z, n, task, target, weight) → (Σ weight·(output − target)²/batch, its gradient). */
export function lossGradient(model: TokenRegressor, batch: number, dtype: FloatType): Program {
  const loss = (flat: o.Value, tokens: Tokens, target: o.Value, weight: o.Value) =>
    o.mean(o.mul(weight, o.square(o.sub(model.forwardSelecting(flat, tokens), target))));
  const token = spec([batch], "int32");
  const column = spec([batch], dtype);
  return trace(
    (flat, tokens, target, weight) => {
      const [value, gradient] = valueAndGrad(loss)(flat, tokens, target, weight);
      return { loss: value, gradient };
    },
    [spec([model.layout.size], dtype), { z: token, n: token, task: token }, column, column],
    { name: "token regressor loss and gradient", names: ["parameters", "tokens", "target", "weight"] },
  );
}

/**
 * {@link lossGradient} with the rows of the projected tables gathered on the way forward; the way back sums the slopes
 * of equal rows by a product with ones and zeros, for scattered sums are slow.
 */
export function gatheringLossGradient(model: TokenRegressor, batch: number, dtype: FloatType): Program {
  const [zRows] = model.config.vocabularies;
  const lossOf = (flat: o.Value, chosen: o.Value, task: o.Value, target: o.Value, weight: o.Value) =>
    o.mean(o.mul(weight, o.square(o.sub(model.forwardChosen(flat, chosen, task), target))));
  const token = spec([batch], "int32");
  const column = spec([batch], dtype);
  return trace(
    (flat, tokens: Tokens, target, weight) => {
      const table = model.projected(flat);
      const chosen = o.add(o.take(table, tokens.z), o.take(table, o.add(tokens.n, zRows)));
      const [loss, [direct, slope]] = valueAndGrad(lossOf, { argnums: [0, 1] })(
        flat,
        chosen,
        tokens.task,
        target,
        weight,
      );
      const slopes = o.matmul(o.transpose(model.selection(tokens, flat)), slope);
      const through = grad((own: o.Value) => o.sum(o.mul(model.projected(own), slopes)))(flat);
      return { loss, gradient: o.add(direct, through) };
    },
    [spec([model.layout.size], dtype), { z: token, n: token, task: token }, column, column],
    {
      name: "token regressor loss and gradient, rows gathered",
      names: ["parameters", "tokens", "target", "weight"],
    },
  );
}

function pick(column: Float64Array, rows: Int32Array, dtype: FloatType): FlatVector {
  const out = floats(dtype, rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]!]!;
  return out;
}

/** A hash of everything that the result depends on. */
function fingerprint(
  parts: {
    config: TokenRegressorConfig;
    samples: Samples;
    train: Int32Array;
    scaling: TargetScaling;
    training: TokenTraining;
  },
  random: Random,
): string {
  const { samples, train, config, scaling, training } = parts;
  const { checkpointEvery: _, ...settings } = training;
  const text = JSON.stringify({
    config,
    scaling,
    settings,
    train: Array.from(train),
    z: Array.from(samples.z),
    n: Array.from(samples.n),
    task: Array.from(samples.task),
    value: Array.from(samples.value),
    weight: samples.weight && Array.from(samples.weight),
    stream: random.fork("fingerprint").uniform(),
  });
  return sha256(new TextEncoder().encode(text)).slice(0, 16);
}
