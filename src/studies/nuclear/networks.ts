import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { takeSamples } from "../../models/samples.ts";
import { minMaxScaling } from "../../models/target-scaling.ts";
import type { TokenTraining, TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import type { StudyContext } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";
import type { NetworkJob } from "./train-network.ts";

/** What training takes beside its jobs. */
export type TrainingContext = Pick<StudyContext, "checkpoints" | "threads"> & { task: Task };

/** The jobs of the study's networks: they differ in start and in the order of batches. */
export function networkJobs(data: NuclearData, options: NuclearOptions, random: Random): NetworkJob[] {
  const { samples, split, tasks, validation } = data;
  const scaled = options.scaling === "whole-table" ? samples : takeSamples(samples, split.train);
  const shared = sharedJob(data, options);
  return Array.from({ length: options.seeds }, (_, index) => ({
    ...shared,
    name: `network${index}`,
    label: `network ${index}`,
    stream: index,
    seed: random.fork("network", index).int(2 ** 31),
    samples,
    train: split.train,
    validation,
    scaling: minMaxScaling(
      scaled,
      tasks.map(({ name }) => name),
    ),
  }));
}

/** What all jobs of a study have in common: architecture and recipe. */
export function sharedJob(
  data: NuclearData,
  options: NuclearOptions,
): Pick<NetworkJob, "config" | "training"> {
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
  return {
    config: { vocabularies: [data.trainedZ.length, data.trainedN.length, tasks.length], width, depth },
    training,
  };
}

/**
 * Trains networks side by side, one a thread; each leaves a checkpoint in the run's folder. Those with the most to learn
 * start first, so that no thread waits long for another at the end. @returns them in the order of the jobs.
 */
export async function trainNetworks(
  jobs: readonly NetworkJob[],
  { checkpoints, threads, task }: TrainingContext,
): Promise<TrainedTokenRegressor[]> {
  const folder = checkpoints.path;
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const order = [...jobs.keys()].sort((a, b) => work(jobs[b]!) - work(jobs[a]!) || a - b);
  const trained = await mapInWorkers<NetworkJob, TrainedTokenRegressor>({
    module: new URL(`./train-network${ending}`, import.meta.url),
    fn: "trainNetwork",
    inputs: order.map((k) => ({ ...jobs[k]!, ...(folder === undefined ? {} : { checkpoints: folder }) })),
    threads: Math.min(threads, jobs.length),
    task,
  });
  const out = new Array<TrainedTokenRegressor>(jobs.length);
  order.forEach((k, at) => {
    out[k] = trained[at]!;
  });
  return out;
}

/** Rows that pass through a network while it trains. */
function work({ train, training }: NetworkJob): number {
  return training.epochs * train.length;
}
