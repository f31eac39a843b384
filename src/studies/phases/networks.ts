import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { UserError, usageError } from "../../core/errors.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { readSafetensors } from "../../data/safetensors.ts";
import { sha256 } from "../../data/sha256.ts";
import type { Provenance } from "../../data/table.ts";
import { chainNet, publishedChainNetNames } from "../../models/sequential/chain-net.ts";
import { importWeights } from "../../models/sequential/weights.ts";
import { norm } from "../../optim/vector.ts";
import type { StudyContext } from "../contract.ts";
import type { LabelledSet } from "./data.ts";
import { type NetworkJob, type NetworkRecipe, objectiveOf, type TrainedNetwork } from "./network-job.ts";
import type { PhasesOptions } from "./params.ts";

/** ‖∇R‖ at which our own networks count as trained. */
const trainedTo = 1e-6;

/** The recipe of a network on a labelled set; states go into shared memory once. */
export function recipeFor(
  one: LabelledSet,
  classes: number,
  options: Pick<PhasesOptions, "recipe" | "ridge" | "weights">,
): NetworkRecipe {
  const published = options.recipe === "shipped" || options.weights !== "";
  return {
    inputs: one.set.dim,
    classes,
    activation: published ? "relu" : "tanh",
    ridge: options.ridge,
    states: sharedCopy(one.inputs),
    labels: sharedCopy(one.labels),
  };
}

/** A job for {@link trainNetworks}. */
export function networkJob(
  recipe: NetworkRecipe,
  { name, seed }: { name: string; seed: number },
  options: Pick<PhasesOptions, "recipe">,
  { checkpoints }: Pick<StudyContext, "checkpoints">,
): NetworkJob {
  const folder = checkpoints.path;
  return {
    ...recipe,
    name,
    seed,
    recipe: options.recipe,
    tolerance: trainedTo,
    ...(folder === undefined ? {} : { checkpoints: folder }),
  };
}

/** Trains networks side by side, one a thread, in the order of the jobs. */
export function trainNetworks(
  jobs: readonly NetworkJob[],
  { threads, task }: Pick<StudyContext, "threads" | "task">,
): Promise<TrainedNetwork[]> {
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return mapInWorkers<NetworkJob, TrainedNetwork>({
    module: new URL(`./network-job${ending}`, import.meta.url),
    fn: "trainNetwork",
    inputs: jobs,
    threads: Math.min(threads, jobs.length),
    task,
  });
}

/** @throws UserError unless the file of option 'weights' is there. */
export function demandFile(path: string): void {
  if (!existsSync(path)) throw usageError(`option 'weights': no file '${path}'`);
}

/** A network of given weights, with the published tensor names or our own. */
export async function networkFromFile(
  path: string,
  recipe: NetworkRecipe,
  provenance: Provenance[],
): Promise<TrainedNetwork> {
  demandFile(path);
  const bytes = readFileSync(path);
  const name = basename(path);
  const { tensors } = readSafetensors(bytes, name);
  const published = tensors.has(publishedChainNetNames["conv1.weight"]!);
  const parameters = importWeights(chainNet(recipe), bytes, {
    source: name,
    ...(published ? { names: publishedChainNetNames } : {}),
  });
  provenance.push({
    name,
    source: name,
    sha256: sha256(bytes),
    citation: `${name}, a file given to this run`,
  });
  const { value, gradient } = await objectiveOf(recipe).valueAndGradient(parameters);
  const gradientNorm = norm(gradient);
  return {
    name: "given weights",
    seed: 0,
    parameters,
    gradientNorm,
    value,
    converged: gradientNorm <= trainedTo,
    stopped: `weights from ${name}: ‖∇R‖ = ${gradientNorm.toExponential(1)}`,
  };
}

/** @throws UserError for a network that is not at a minimum although it was to be trained to one. */
export function demandTrained(network: TrainedNetwork, recipe: PhasesOptions["recipe"]): void {
  if (recipe === "shipped" || network.converged) return;
  if (network.gradientNorm > 1e-3) {
    throw new UserError(
      `phases: network '${network.name}' is ${network.stopped}; try another --seed, or a larger --ridge`,
    );
  }
}

/** The same numbers in memory that threads share. */
export function sharedCopy(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
