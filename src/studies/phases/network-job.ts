import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Objective, Samples } from "../../models/objective/contract.ts";
import { crossEntropy } from "../../models/objective/losses.ts";
import { chainNet } from "../../models/sequential/chain-net.ts";
import { initialSequentialParameters } from "../../models/sequential/initial.ts";
import { sequentialObjective } from "../../models/sequential/objective.ts";
import { trainAsPublished } from "../../models/train-published.ts";
import { trainToMinimum } from "../../models/train-to-minimum.ts";
import { folderStore } from "../../runs/folder-store.ts";

/** What makes the objective of one network: plain data that crosses threads; shared memory is not copied. */
export interface NetworkRecipe {
  /** Amplitudes a state. */
  inputs: number;
  classes: number;
  /** The smooth net (tanh) or the published one (relu). */
  activation: "tanh" | "relu";
  ridge: number;
  states: Float64Array;
  labels: Float64Array;
}

/** One network to train. */
export interface NetworkJob extends NetworkRecipe {
  /** Its name in progress and checkpoints. */
  name: string;
  seed: number;
  recipe: "minimum" | "shipped";
  /** ‖∇R‖ at which training ends. */
  tolerance: number;
  /** Folder of the run's checkpoints. */
  checkpoints?: string;
}

/** A trained network. */
export interface TrainedNetwork {
  name: string;
  seed: number;
  parameters: Float64Array;
  gradientNorm: number;
  value: number;
  converged: boolean;
  /** In a sentence. */
  stopped: string;
}

/** The objective of a recipe, in whatever thread. */
export function objectiveOf(
  recipe: NetworkRecipe,
  options: { threads?: number; task?: Task } = {},
): Objective {
  return sequentialObjective({
    model: chainNet(recipe),
    train: samplesOf(recipe),
    loss: crossEntropy(recipe.classes),
    ridge: recipe.ridge,
    ...options,
  });
}

/** States and labels as samples. */
export function samplesOf({ states, labels }: Pick<NetworkRecipe, "states" | "labels">): Samples {
  return { count: labels.length, inputs: [states], targets: labels };
}

/** Even samples that the first part of training works on. */
const coarseSize = 100;

/** Trains one network; one that was finished before an interruption is taken from its checkpoint. */
export async function trainNetwork(job: NetworkJob, task: Task): Promise<TrainedNetwork> {
  const { name, seed, checkpoints, recipe, tolerance } = job;
  const store = checkpoints === undefined ? undefined : folderStore(checkpoints);
  const key = `phases/${name}`;
  const kept = store?.read(key);
  if (kept) return decode(kept);
  const model = chainNet(job);
  const objective = objectiveOf(job, { task });
  const start = initialSequentialParameters(model, random(seed, "phases", "start"));
  const trained =
    recipe === "shipped"
      ? await trainAsPublished(objective, start, { task })
      : await trainToMinimum(objective, start, {
          tolerance,
          task,
          label: name,
          ...(job.labels.length > 2 * coarseSize
            ? {
                coarse: {
                  size: coarseSize,
                  make: (train: Samples) =>
                    sequentialObjective({ model, train, loss: objective.loss, ridge: job.ridge, task }),
                },
              }
            : {}),
        });
  const { parameters, gradientNorm, value, converged, stopped } = trained;
  const network = { name, seed, parameters, gradientNorm, value, converged, stopped };
  store?.write(key, encode(network));
  return network;
}

function encode(network: TrainedNetwork): Uint8Array {
  const plain = { ...network, parameters: Array.from(network.parameters) };
  return new TextEncoder().encode(JSON.stringify(plain));
}

function decode(bytes: Uint8Array): TrainedNetwork {
  const plain = JSON.parse(new TextDecoder().decode(bytes)) as TrainedNetwork & { parameters: number[] };
  return { ...plain, parameters: Float64Array.from(plain.parameters) };
}
