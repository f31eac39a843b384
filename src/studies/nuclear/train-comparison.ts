import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { orderedness, orderednessEvenOdd } from "../../lenses/embedding/orderedness.ts";
import { parityRatio } from "../../lenses/embedding/parity-ratio.ts";
import { pca } from "../../linalg/pca.ts";
import { columnOf, takeRows } from "../../linalg/rows.ts";
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
import { embeddingRows } from "./subject.ts";

/** Everything a thread needs to train a network that is compared with others: plain data. */
export interface ComparisonJob {
  /** Names its random streams and its checkpoint: "fraction0.1-0". */
  key: string;
  /** Names its checkpoint where several networks share their streams. */
  checkpointKey?: string;
  /** Said with the progress. */
  label: string;
  seed: number;
  config: TokenRegressorConfig;
  samples: Samples;
  train: Int32Array;
  validation: Int32Array;
  scaling: TargetScaling;
  training: TokenTraining;
  /** Flags by token, for the structure in the course of training; absent: it is not observed. */
  trained?: { Z: boolean[]; N: boolean[] };
  /** Folder of the run's checkpoints; absent: none are written. */
  checkpoints?: string;
}

/** Trains one of the compared networks, in whatever thread. It goes on from its checkpoint if there is one. */
export function trainComparison(job: ComparisonJob, task: Task): Promise<TrainedTokenRegressor> {
  const { key, checkpointKey = key, seed, checkpoints, trained, ...rest } = job;
  const model = tokenRegressor(job.config);
  return trainTokenRegressor({
    ...rest,
    random: random(seed, "nuclear", key),
    task,
    unit: "keV",
    ...(trained && {
      observe: (parameters: FlatVector) => ({
        ...structureOf(embeddingRows(model, parameters, "Z"), trained.Z, "Z"),
        ...structureOf(embeddingRows(model, parameters, "N"), trained.N, "N"),
      }),
    }),
    ...(checkpoints && {
      checkpoint: { store: folderStore(checkpoints), key: `nuclear/comparison-${checkpointKey}` },
    }),
  });
}

/** Orderedness along the first component, plain and within each parity, and parity ratio of the trained tokens. */
export function structureOf(
  table: Parameters<typeof takeRows>[0],
  trained: readonly boolean[],
  name: string,
): Record<string, number> {
  const tokens = trained.flatMap((flag, token) => (flag ? [token] : []));
  const rows = takeRows(table, tokens);
  const first = columnOf(pca(rows, { components: 1 }).scores, 0);
  return {
    [`ordering.${name}`]: orderedness(first),
    [`ordering.${name}.evenodd`]: orderednessEvenOdd(first, tokens),
    [`parity.${name}`]: parityRatio(rows, tokens),
  };
}
