import type { Random } from "../../core/random.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { takeSamples } from "../../models/samples.ts";
import { minMaxScaling } from "../../models/target-scaling.ts";
import type { TokenTraining, TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { StudyContext } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";
import type { SeedJob } from "./train-seed.ts";

/** What training takes beside data and options. */
export type TrainingContext = Pick<StudyContext, "task" | "checkpoints" | "threads"> & { random: Random };

/** The jobs of the study's networks: they differ in start and in the order of batches. */
export function networkJobs(
  data: NuclearData,
  options: NuclearOptions,
  context: Pick<TrainingContext, "checkpoints" | "random">,
): SeedJob[] {
  const { samples, split, tasks, validation } = data;
  const scaled = options.scaling === "whole-table" ? samples : takeSamples(samples, split.train);
  const shared = sharedJob(data, options, context);
  return Array.from({ length: options.seeds }, (_, index) => ({
    ...shared,
    index,
    seed: context.random.fork("network", index).int(2 ** 31),
    samples,
    train: split.train,
    validation,
    scaling: minMaxScaling(
      scaled,
      tasks.map(({ name }) => name),
    ),
  }));
}

/** What all jobs of a study have in common: architecture, recipe, and where checkpoints go. */
export function sharedJob(
  data: NuclearData,
  options: NuclearOptions,
  context: Pick<TrainingContext, "checkpoints">,
): Pick<SeedJob, "config" | "training" | "checkpoints"> {
  const { tasks } = data;
  const { width, depth } = options;
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
  return {
    config: { vocabularies: [data.trainedZ.length, data.trainedN.length, tasks.length], width, depth },
    training,
    ...(folder === undefined ? {} : { checkpoints: folder }),
  };
}

/** Trains networks side by side, one a thread, in the order of the jobs. */
export function trainNetworks(
  jobs: readonly SeedJob[],
  { threads, task }: Pick<TrainingContext, "threads" | "task">,
): Promise<TrainedTokenRegressor[]> {
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return mapInWorkers<SeedJob, TrainedTokenRegressor>({
    module: new URL(`./train-seed${ending}`, import.meta.url),
    fn: "trainSeed",
    inputs: jobs,
    threads: Math.min(threads, jobs.length),
    task,
  });
}
