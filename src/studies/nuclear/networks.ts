import type { Random } from "../../core/random.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { takeSamples } from "../../models/samples.ts";
import { minMaxScaling } from "../../models/target-scaling.ts";
import type { TokenTraining, TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { StudyContext } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";
import type { SeedJob } from "./train-seed.ts";

/** Trains the study's networks side by side, one a thread; they differ in start and in the order of batches. */
export function trainNetworks(
  data: NuclearData,
  options: NuclearOptions,
  context: Pick<StudyContext, "task" | "checkpoints" | "threads"> & { random: Random },
): Promise<TrainedTokenRegressor[]> {
  const { samples, split, tasks, validation } = data;
  const { width, depth, seeds } = options;
  const scaled = options.scaling === "whole-table" ? samples : takeSamples(samples, split.train);
  const training: TokenTraining = {
    epochs: options.epochs,
    learningRate: options.learningRate,
    schedule: options.schedule,
    warmup: options.warmup,
    weightDecay: options.weightDecay,
    batch: options.batch,
    taskWeights: tasks.map(({ weight }) => weight),
    dtype: options.dtype,
    device: options.device,
    threads: options.operationThreads,
  };
  const folder = context.checkpoints.path;
  const inputs = Array.from(
    { length: seeds },
    (_, index): SeedJob => ({
      index,
      seed: context.random.fork("network", index).int(2 ** 31),
      config: {
        vocabularies: [data.trainedZ.length, data.trainedN.length, tasks.length],
        width,
        depth,
      },
      samples,
      train: split.train,
      validation,
      scaling: minMaxScaling(
        scaled,
        tasks.map(({ name }) => name),
      ),
      training,
      ...(folder === undefined ? {} : { checkpoints: folder }),
    }),
  );
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return mapInWorkers<SeedJob, TrainedTokenRegressor>({
    module: new URL(`./train-seed${ending}`, import.meta.url),
    fn: "trainSeed",
    inputs,
    threads: Math.min(context.threads, seeds),
    task: context.task,
  });
}
