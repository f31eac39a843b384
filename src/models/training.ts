import { UserError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import type { Task } from "../core/task.ts";
import { adamwState, adamwStep, type FlatVector } from "../optim/adamw.ts";
import { type Schedule, scheduleFactor } from "../optim/schedule.ts";
import type { TypedArray } from "../program/dtype.ts";
import { compile } from "../program/session.ts";
import type { Program } from "../program/trace.ts";
import {
  type CheckpointStore,
  decodeCheckpoint,
  encodeCheckpoint,
  type LearningCurve,
  type TrainingState,
} from "./checkpoint.ts";

/** A loss over minibatches of numbered rows. */
export interface Objective {
  /** (parameters, …batch) → (loss, gradient). */
  program: Program;
  rows: number;
  batchSize: number;
  /** The program's inputs after the parameters, for these rows. */
  batch(rows: Int32Array): TypedArray[];
}

export interface TrainingOptions {
  epochs: number;
  learningRate: number;
  schedule: Schedule;
  /** Share of the steps over which the learning rate first rises; default 0. */
  warmup?: number;
  weightDecay: number;
  /** Factors of rate and decay for each parameter. */
  factors?: { rate: FlatVector; decay: FlatVector };
  /** Orders of the rows come from `random.fork("epoch", e)`. */
  random: Random;
  /** Errors for the curve. */
  measure(parameters: FlatVector): Promise<{ training: number; validation: number }>;
  /** Further numbers for the curve, the same names each time. */
  observe?: (parameters: FlatVector) => Record<string, number>;
  /** How many epochs, spread evenly on a logarithmic axis, are measured; default 60. */
  points?: number;
  device?: string;
  threads?: number;
  task: Task;
  /** Said with the progress: "seed 0". */
  label?: string;
  /** The unit of the measured errors, for the progress. */
  unit?: string;
  checkpoint?: {
    store: CheckpointStore;
    key: string;
    /** Names settings and data, so that a checkpoint of others is refused. */
    fingerprint: string;
    /** Epochs between two writes. */
    every: number;
  };
}

/**
 * Minimises a loss by AdamW over shuffled minibatches; the last, partial batch of an epoch is dropped. Everything
 * random is addressed by the epoch: a run that was killed and goes on from its checkpoint ends with the same bytes.
 * @param start parameters before the first step; not changed.
 * @returns the last epoch's parameters and the learning curve (the first epoch and the last are on it).
 * @throws Cancelled between epochs; UserError when the loss is no longer a number.
 */
export async function train(
  objective: Objective,
  start: FlatVector,
  options: TrainingOptions,
): Promise<{ parameters: FlatVector; curve: LearningCurve }> {
  const { epochs, task, checkpoint, label = "training", unit = "" } = options;
  const { rows, batchSize } = objective;
  const batches = Math.floor(rows / batchSize);
  if (batches < 1) throw new UserError(`train: batches of ${batchSize} from ${rows} rows; expected fewer`);
  const state = resume(checkpoint) ?? {
    parameters: start.slice(),
    optimiser: adamwState(start),
    epoch: 0,
    curve: { epoch: [], training: [], validation: [] },
  };
  const { parameters, optimiser, curve } = state;
  const measured = new Set(measuredEpochs(epochs, options.points ?? 60));
  const { device, threads } = options;
  const session = await compile(objective.program, {
    ...(device && { device }),
    ...(threads && { threads }),
  });
  try {
    while (state.epoch < epochs) {
      task.check();
      const order = options.random.fork("epoch", state.epoch).permutation(rows);
      let total = 0;
      for (let b = 0; b < batches; b++) {
        const batch = objective.batch(order.subarray(b * batchSize, (b + 1) * batchSize));
        const [loss, gradient] = await session.run([parameters, ...batch]);
        const factor = scheduleFactor(options.schedule, optimiser.step, epochs * batches, options.warmup);
        adamwStep(parameters, gradient as FlatVector, optimiser, {
          learningRate: factor * options.learningRate,
          weightDecay: options.weightDecay,
          ...options.factors,
        });
        total += loss![0]!;
      }
      state.epoch++;
      if (!Number.isFinite(total)) {
        throw new UserError(
          `${label}: the loss is ${total} in epoch ${state.epoch}; training diverged: lower the learning rate (${options.learningRate})`,
        );
      }
      if (measured.has(state.epoch)) {
        const errors = await options.measure(parameters);
        curve.epoch.push(state.epoch);
        curve.training.push(errors.training);
        curve.validation.push(errors.validation);
        const more = options.observe?.(parameters);
        if (more) {
          curve.observed ??= {};
          for (const [name, value] of Object.entries(more)) {
            curve.observed[name] = [...(curve.observed[name] ?? []), value];
          }
        }
      }
      if (checkpoint && (state.epoch % checkpoint.every === 0 || state.epoch === epochs)) {
        checkpoint.store.write(checkpoint.key, encodeCheckpoint(state, checkpoint.fingerprint));
      }
      task.report(state.epoch / epochs, progress(label, state, epochs, unit));
    }
  } finally {
    await session.release();
  }
  return { parameters, curve };
}

/** About `points` epochs from 1 to `epochs`, evenly spaced on a logarithmic axis, both ends included. */
export function measuredEpochs(epochs: number, points: number): number[] {
  const at = Array.from({ length: points }, (_, i) => Math.round(epochs ** (i / (points - 1))));
  return [...new Set([...at, epochs])];
}

function resume(checkpoint: TrainingOptions["checkpoint"]): TrainingState | undefined {
  const bytes = checkpoint?.store.read(checkpoint.key);
  return bytes && decodeCheckpoint(bytes, checkpoint!.fingerprint, `checkpoint '${checkpoint!.key}'`);
}

function progress(label: string, { epoch, curve }: TrainingState, epochs: number, unit: string): string {
  const error = curve.validation.at(-1);
  const said = error === undefined ? "" : `, validation error ${error.toPrecision(3)} ${unit}`.trimEnd();
  return `${label}: epoch ${epoch} of ${epochs}${said}`;
}
