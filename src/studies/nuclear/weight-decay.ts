import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { fitHelix } from "../../lenses/embedding/helix.ts";
import { fewestTokens } from "../../lenses/embedding/helix-window.ts";
import { pca } from "../../linalg/pca.ts";
import { takeRows } from "../../linalg/rows.ts";
import { takeSamples } from "../../models/samples.ts";
import { minMaxScaling } from "../../models/target-scaling.ts";
import { tokenRegressor } from "../../models/token-regressor.ts";
import type { StudyContext } from "../contract.ts";
import { comparisonTraining, parseWeightDecays, weightDecayOptions } from "./comparison.ts";
import type { NuclearData } from "./data.ts";
import { trainNetworks } from "./networks.ts";
import type { NuclearOptions } from "./params.ts";
import { embeddingRows } from "./subject.ts";
import { tokenStructure } from "./token-structure.ts";
import type { NetworkJob } from "./train-network.ts";

/** One network trained with one weight decay: its errors (keV) and the structure of its embeddings. */
export interface WeightDecayRun {
  decay: number;
  seed: number;
  trainError: number;
  validationError: number;
  structure: Record<string, number>;
  /** Helix fit over N 40–119; NaN where too few of those train. */
  turns: number;
  r2: number;
}

/** Trains networks on the study's own split with each weight decay; those of one number share their start and batches. */
export async function trainWeightDecays(
  data: NuclearData,
  study: NuclearOptions,
  context: Pick<StudyContext, "checkpoints" | "threads"> & { task: Task; random: Random },
): Promise<WeightDecayRun[]> {
  const options = weightDecayOptions(study);
  const { samples, split, tasks, validation, trainedZ, trainedN } = data;
  const scaled = options.scaling === "whole-table" ? samples : takeSamples(samples, split.train);
  const names = tasks.map(({ name }) => name);
  const about = parseWeightDecays(options.weightDecays).flatMap((decay) =>
    Array.from({ length: options.fractionSeeds }, (_, seed) => ({ decay, seed })),
  );
  if (about.length === 0) return [];
  const config = {
    vocabularies: [trainedZ.length, trainedN.length, tasks.length] as [number, number, number],
    width: options.comparisonWidth,
    depth: options.depth,
  };
  const jobs = about.map(
    ({ decay, seed }): NetworkJob => ({
      name: `comparison-decay${decay}-${seed}`,
      stream: `decay-${seed}`,
      label: `weight decay ${decay}, network ${seed}`,
      seed: context.random.fork("network", seed).int(2 ** 31),
      config,
      samples,
      train: split.train,
      validation,
      scaling: minMaxScaling(scaled, names),
      training: { ...comparisonTraining(options, tasks), weightDecay: decay, points: 2 },
    }),
  );
  const networks = await trainNetworks(jobs, context);
  const model = tokenRegressor(config);
  return networks.map(({ parameters, curve }, i): WeightDecayRun => {
    const n = embeddingRows(model, parameters, "N");
    return {
      ...about[i]!,
      trainError: curve.training.at(-1)!,
      validationError: curve.validation.at(-1)!,
      structure: tokenStructure(model, parameters, { Z: trainedZ, N: trainedN }),
      ...helixOver(n, trainedN),
    };
  });
}

function helixOver(
  table: Parameters<typeof takeRows>[0],
  trained: readonly boolean[],
): { turns: number; r2: number } {
  const tokens = trained.flatMap((flag, token) => (flag && token >= 40 && token <= 119 ? [token] : []));
  if (tokens.length < fewestTokens) return { turns: Number.NaN, r2: Number.NaN };
  const { scores } = pca(takeRows(table, tokens), { components: 3 });
  const [first, last] = [tokens[0]!, tokens.at(-1)!];
  const { turns, r2 } = fitHelix(
    scores,
    tokens.map((token) => (token - first) / (last - first)),
  );
  return { turns, r2 };
}
