import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Samples } from "../../models/samples.ts";
import type { TargetScaling } from "../../models/target-scaling.ts";
import type { TokenRegressorConfig } from "../../models/token-regressor.ts";
import {
  type TokenTraining,
  type TrainedTokenRegressor,
  trainTokenRegressor,
} from "../../models/train-token-regressor.ts";
import { folderStore } from "../../runs/folder-store.ts";

/** Everything a thread needs to train one network: plain data. */
export interface SeedJob {
  /** Which of the networks. */
  index: number;
  /** Its name in progress and checkpoints. Default: "network" and the index. */
  name?: string;
  /** Seed of its random streams. */
  seed: number;
  config: TokenRegressorConfig;
  samples: Samples;
  train: Int32Array;
  validation: Int32Array;
  scaling: TargetScaling;
  training: TokenTraining;
  /** Folder of the run's checkpoints; absent: none are written. */
  checkpoints?: string;
}

/** Trains one network, in whatever thread. It goes on from its checkpoint if there is one. */
export function trainSeed(job: SeedJob, task: Task): Promise<TrainedTokenRegressor> {
  const { index, seed, checkpoints, name, ...rest } = job;
  return trainTokenRegressor({
    ...rest,
    random: random(seed, "nuclear", index),
    task,
    label: name ?? `network ${index}`,
    unit: "keV",
    ...(checkpoints && {
      checkpoint: { store: folderStore(checkpoints), key: `nuclear/${name ?? `network${index}`}` },
    }),
  });
}
