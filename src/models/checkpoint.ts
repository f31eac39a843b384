import { UserError } from "../core/errors.ts";
import { readSafetensors, writeSafetensors } from "../data/safetensors.ts";
import type { AdamWState, FlatVector } from "../optim/adamw.ts";

/** Where training keeps its state: keys and bytes, every write whole or absent. */
export interface CheckpointStore {
  read(key: string): Uint8Array | undefined;
  write(key: string, bytes: Uint8Array): void;
}

/** Errors in the course of training, in one unit. */
export interface LearningCurve {
  /** Epochs finished. */
  epoch: number[];
  training: number[];
  validation: number[];
  /** What else was observed at those epochs, by name; absent where nothing was asked for. */
  observed?: Record<string, number[]>;
}

/** Everything training needs to go on. Batches are addressed by epoch, so no random state is kept. */
export interface TrainingState {
  parameters: FlatVector;
  optimiser: AdamWState;
  /** Epochs finished. */
  epoch: number;
  curve: LearningCurve;
}

const observedPrefix = "curve.observed.";

/** A training state as safetensors bytes; `fingerprint` names the settings it belongs to. */
export function encodeCheckpoint(state: TrainingState, fingerprint: string): Uint8Array {
  const vector = (data: FlatVector) => ({ shape: [data.length], data });
  const { parameters, optimiser, curve } = state;
  return writeSafetensors(
    {
      parameters: vector(parameters),
      mean: vector(optimiser.mean),
      square: vector(optimiser.square),
      "curve.epoch": vector(Float64Array.from(curve.epoch)),
      "curve.training": vector(Float64Array.from(curve.training)),
      "curve.validation": vector(Float64Array.from(curve.validation)),
      ...Object.fromEntries(
        Object.entries(curve.observed ?? {}).map(([name, values]) => [
          observedPrefix + name,
          vector(Float64Array.from(values)),
        ]),
      ),
    },
    { fingerprint, epoch: String(state.epoch), step: String(optimiser.step) },
  );
}

/** @throws UserError for bytes that are no checkpoint, or one of other settings. */
export function decodeCheckpoint(bytes: Uint8Array, fingerprint: string, where: string): TrainingState {
  const { tensors, metadata } = readSafetensors(bytes, where);
  if (metadata["fingerprint"] !== fingerprint) {
    throw new UserError(
      `${where}: the checkpoint belongs to other settings or data (${metadata["fingerprint"]}, expected ${fingerprint}); remove it or resume with the settings it was made with`,
    );
  }
  const vector = (name: string): FlatVector => {
    const data = tensors.get(name)?.data;
    if (data instanceof Float32Array || data instanceof Float64Array) return data;
    throw new UserError(`${where}: the checkpoint has no tensor '${name}'; remove it and train again`);
  };
  const observed = [...tensors.keys()].filter((name) => name.startsWith(observedPrefix));
  return {
    parameters: vector("parameters"),
    optimiser: { mean: vector("mean"), square: vector("square"), step: Number(metadata["step"]) },
    epoch: Number(metadata["epoch"]),
    curve: {
      epoch: [...vector("curve.epoch")],
      training: [...vector("curve.training")],
      validation: [...vector("curve.validation")],
      ...(observed.length > 0 && {
        observed: Object.fromEntries(
          observed.map((name) => [name.slice(observedPrefix.length), [...vector(name)]]),
        ),
      }),
    },
  };
}
