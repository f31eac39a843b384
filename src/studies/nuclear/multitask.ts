import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type Samples, takeSamples } from "../../models/samples.ts";
import { minMaxScaling, type TargetScaling, unscaleOutputs } from "../../models/target-scaling.ts";
import { tokenPredictor } from "../../models/token-predictor.ts";
import { tokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import { derivableShare } from "../../physics/nuclear/leakage.ts";
import type { SplitKind } from "../../physics/nuclear/splits.ts";
import { rms } from "../../stats/describe.ts";
import type { StudyContext } from "../contract.ts";
import { comparisonTraining, multitaskOptions } from "./comparison.ts";
import { type NuclearData, nuclearData } from "./data.ts";
import { trainNetworks } from "./networks.ts";
import type { NuclearOptions } from "./params.ts";
import { tokenStructure } from "./token-structure.ts";
import type { NetworkJob } from "./train-network.ts";

/** The observables that are learned together and one by one: those that masses give, and LiveChart's radii. */
export function multitaskTasks({ data }: Pick<NuclearOptions, "data">): string[] {
  const masses = ["binding", "sn", "sp", "qa", "qbm", "qbm_n", "qec"];
  return data === "livechart" ? [...masses, "radius"] : masses;
}

/** The share that trains, as in the paper's Figure 12. */
export const multitaskFraction = 0.5;

/** The splits side by side: without leaks, and the paper's over rows. */
export const multitaskSplits = ["nuclei", "random"] as const satisfies readonly SplitKind[];

/** One observable on one split, learned with the others and alone. */
export interface TaskComparison {
  split: (typeof multitaskSplits)[number];
  task: string;
  unit: string;
  /** Held-out values whose Z and N occur in the training of both networks. */
  heldOut: number;
  /** RMS errors on them, in the unit. */
  together: number;
  alone: number;
  /** Structure of the embeddings of the network that learns this task alone. */
  structure: Record<string, number>;
}

export interface MultitaskResult {
  tasks: TaskComparison[];
  /** By split: the structure of the network of all tasks, and the share of held-out masses that follow by arithmetic. */
  splits: Record<string, { structure: Record<string, number>; derivable: number }>;
}

/** Which rows of the samples a network learns and which it is asked. */
interface Trained {
  job: NetworkJob;
  trainedZ: boolean[];
  trainedN: boolean[];
}

/**
 * Trains one network for all of {@link multitaskTasks} and one for each, on each of {@link multitaskSplits}; as many
 * steps for each, with minibatches that are the same share of the rows.
 */
export async function trainMultitask(
  study: NuclearOptions,
  context: Pick<StudyContext, "checkpoints" | "threads"> & { task: Task; random: Random },
): Promise<MultitaskResult> {
  const { random } = context;
  const options = multitaskOptions(study);
  const prepared = await Promise.all(
    multitaskSplits.map(async (split) => {
      const how = {
        ...options,
        tasks: multitaskTasks(options).join(","),
        split,
        fraction: multitaskFraction,
      };
      const data = await nuclearData(how, random.fork("split"));
      const share = options.batch > 1 ? Math.min(1, options.batch / data.split.train.length) : options.batch;
      const recipe = { ...options, batch: share };
      const all = networkFor(data, undefined, recipe, split, random);
      return {
        split,
        data,
        all,
        single: data.tasks.map((_, t) => networkFor(data, t, recipe, split, random)),
      };
    }),
  );
  const jobs = prepared.flatMap(({ all, single }) => [all, ...single]);
  const networks = await trainNetworks(
    jobs.map(({ job }) => job),
    context,
  );
  const result: MultitaskResult = { tasks: [], splits: {} };
  for (const [k, { split, data, all, single }] of prepared.entries()) {
    const [together, ...alone] = networks.slice(k * (1 + single.length), (k + 1) * (1 + single.length));
    const { tasks, samples, targets } = data;
    result.splits[split] = {
      structure: structureIn(together!, all),
      derivable: derivableShare({
        entries: targets,
        split: data.split,
        isMass: (i) => tasks[targets[i]!.task]!.kind === "mass",
        isBinding: (i) => targets[i]!.task === 0,
      }),
    };
    for (const [t, { name, unit }] of tasks.entries()) {
      const own = single[t]!;
      const rows = data.split.validation.filter(
        (i) =>
          samples.task[i] === t &&
          [all, own].every(({ trainedZ, trainedN }) => trainedZ[samples.z[i]!] && trainedN[samples.n[i]!]),
      );
      if (rows.length === 0) continue;
      const asked = takeSamples(samples, rows);
      const first = { ...asked, task: new Int32Array(rows.length) };
      result.tasks.push({
        split,
        task: name,
        unit,
        heldOut: rows.length,
        together: await errorOf(together!, asked, options),
        alone: await errorOf(alone[t]!, first, options),
        structure: structureIn(alone[t]!, own),
      });
      context.task.check();
    }
  }
  return result;
}

/** A network for one task, under the number 0, or for all. */
function networkFor(
  data: NuclearData,
  only: number | undefined,
  options: NuclearOptions,
  split: SplitKind,
  random: Random,
): Trained {
  const { samples, tasks } = data;
  const name = only === undefined ? "all" : tasks[only]!.name;
  const learned = only === undefined ? tasks : [tasks[only]!];
  const isOwn = (i: number) => only === undefined || samples.task[i] === only;
  const train = data.split.train.filter(isOwn);
  const own: Samples = only === undefined ? samples : { ...samples, task: samples.task.map(() => 0) };
  const trained = (tokens: Int32Array, length: number) => {
    const flags = new Array<boolean>(length).fill(false);
    for (const i of train) flags[tokens[i]!] = true;
    return flags;
  };
  const [trainedZ, trainedN] = [
    trained(samples.z, data.trainedZ.length),
    trained(samples.n, data.trainedN.length),
  ];
  const asked = data.split.validation.filter(
    (i) => isOwn(i) && trainedZ[samples.z[i]!] && trainedN[samples.n[i]!],
  );
  const scaling: TargetScaling = minMaxScaling(
    takeSamples(
      own,
      options.scaling === "whole-table"
        ? Int32Array.from({ length: samples.value.length }, (_, i) => i).filter(isOwn)
        : train,
    ),
    learned.map((task) => task.name),
  );
  return {
    trainedZ,
    trainedN,
    job: {
      name: `comparison-multitask-${split}-${name}`,
      stream: `multitask-${split}-${name}`,
      label: `${name}, split ${split}`,
      seed: random.fork("network", split, name).int(2 ** 31),
      config: {
        vocabularies: [trainedZ.length, trainedN.length, learned.length],
        width: options.comparisonWidth,
        depth: options.depth,
      },
      samples: own,
      train,
      validation: asked,
      scaling,
      training: { ...comparisonTraining(options, learned), points: 2 },
    },
  };
}

async function errorOf(
  { config, scaling, parameters }: TrainedTokenRegressor,
  asked: Samples,
  { dtype, device, operationThreads }: NuclearOptions,
): Promise<number> {
  const predictor = tokenPredictor(tokenRegressor(config), { dtype, device, threads: operationThreads });
  try {
    const outputs = await predictor.outputs(parameters, asked);
    return rms(unscaleOutputs(scaling, outputs, asked.task).map((value, i) => value - asked.value[i]!));
  } finally {
    await predictor.release();
  }
}

function structureIn(
  { config, parameters }: TrainedTokenRegressor,
  { trainedZ, trainedN }: Trained,
): Record<string, number> {
  return tokenStructure(tokenRegressor(config), parameters, { Z: trainedZ, N: trainedN });
}
