import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Samples } from "../../models/samples.ts";
import type { TargetScaling } from "../../models/target-scaling.ts";
import { type TokenRegressorConfig, tokenRegressor } from "../../models/token-regressor.ts";
import {
  type TokenTraining,
  type TrainedTokenRegressor,
  trainTokenRegressor,
} from "../../models/train-token-regressor.ts";
import type { FlatVector } from "../../optim/adamw.ts";
import { folderStore } from "../../runs/folder-store.ts";
import { type TrainedFlags, tokenStructure } from "./token-structure.ts";

/** Everything a thread needs to train one network: plain data. */
export interface NetworkJob {
  /** Names its checkpoint: "network0", "comparison-fraction0.1-0". */
  name: string;
  /** Said with the progress. Default: the name. */
  label?: string;
  seed: number;
  /** Names its random streams: networks of one seed and stream start alike and see batches in the same order. */
  stream: string | number;
  config: TokenRegressorConfig;
  samples: Samples;
  train: Int32Array;
  validation: Int32Array;
  scaling: TargetScaling;
  training: TokenTraining;
  /** For the structure of the embeddings in the course of training; absent: it is not observed. */
  trained?: TrainedFlags;
  /** Folder of the run's checkpoints; absent: none are written. */
  checkpoints?: string;
}

/** Trains one network, in whatever thread. It goes on from its checkpoint if there is one. */
export function trainNetwork(job: NetworkJob, task: Task): Promise<TrainedTokenRegressor> {
  const { name, label = name, seed, stream, checkpoints, trained, ...rest } = job;
  const model = tokenRegressor(job.config);
  return trainTokenRegressor({
    ...rest,
    random: random(seed, "nuclear", stream),
    task,
    label,
    unit: "keV",
    ...(trained && { observe: (parameters: FlatVector) => tokenStructure(model, parameters, trained) }),
    ...(checkpoints && { checkpoint: { store: folderStore(checkpoints), key: `nuclear/${name}` } }),
  });
}
