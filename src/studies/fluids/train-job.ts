import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Configurations } from "../../data/configurations.ts";
import type { PotentialConfig } from "../../models/potentials/traced-model.ts";
import {
  type PotentialTraining,
  type TrainedPotential,
  trainPotential,
} from "../../models/potentials/train-potential.ts";
import { folderStore } from "../../runs/folder-store.ts";

/** A network to train on forces: plain data. */
export interface TrainJob {
  /** Names its checkpoint and is said with the progress: "mw seed 0". */
  name: string;
  seed: number;
  config: PotentialConfig;
  training: PotentialTraining;
  set: Configurations;
  train: Int32Array;
  validation: Int32Array;
  /** Deviation of the noise in the forces, where it is known. */
  noise?: number;
  checkpoints?: string;
}

/** Trains a network, in whatever thread; it goes on from its checkpoint. */
export function trainFluid(job: TrainJob, task: Task): Promise<TrainedPotential> {
  const { name, seed, checkpoints, ...rest } = job;
  return trainPotential({
    ...rest,
    random: random(seed, "fluids", "network"),
    task,
    label: name,
    ...(checkpoints === undefined
      ? {}
      : { checkpoint: { store: folderStore(checkpoints), key: `fluids/train-${name}` } }),
  });
}
