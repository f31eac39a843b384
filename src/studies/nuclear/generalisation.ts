import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { LearningCurve } from "../../models/checkpoint.ts";
import { takeSamples } from "../../models/samples.ts";
import { minMaxScaling } from "../../models/target-scaling.ts";
import type { StudyContext } from "../contract.ts";
import { bindingRows } from "./baselines.ts";
import { comparisonTraining, parseFractions } from "./comparison.ts";
import { nuclearData } from "./data.ts";
import { trainNetworks } from "./networks.ts";
import type { NuclearOptions } from "./params.ts";
import type { NetworkJob } from "./train-network.ts";

/** One network trained at one share of the nuclei: its errors (keV) and the structure of its embeddings. */
export interface GeneralisationRun {
  fraction: number;
  seed: number;
  /** Nuclei that train, and held-out ones whose Z and N both train. */
  training: number;
  validation: number;
  trainError: number;
  validationError: number;
  /** Mean over the Z and the N table of the orderedness along the first component. */
  ordering: number;
  /** The same within each parity. */
  orderingEvenOdd: number;
  /** Mean over the tables of the parity ratio. */
  parity: number;
  /** Each table's own: "ordering.N", "parity.Z". */
  structure: Record<string, number>;
  curve: LearningCurve;
}

/**
 * Trains networks at each of the option's shares of whole nuclei held out without leaks, with the study's recipe; each
 * has its own split and start. The structure is measured at every point of the learning curve.
 */
export async function trainGeneralisation(
  options: NuclearOptions,
  context: Pick<StudyContext, "checkpoints" | "threads"> & { task: Task; random: Random },
): Promise<GeneralisationRun[]> {
  const jobs: NetworkJob[] = [];
  const about: Pick<GeneralisationRun, "fraction" | "seed" | "training" | "validation">[] = [];
  for (const fraction of parseFractions(options.fractions)) {
    for (let seed = 0; seed < options.fractionSeeds; seed++) {
      const stream = context.random.fork("fraction", fraction, seed);
      const data = await nuclearData({ ...options, split: "nuclei", fraction }, stream);
      const { samples, split, tasks, validation, trainedZ, trainedN } = data;
      const scaled = options.scaling === "whole-table" ? samples : takeSamples(samples, split.train);
      const names = tasks.map(({ name }) => name);
      jobs.push({
        name: `comparison-fraction${fraction}-${seed}`,
        stream: `fraction${fraction}-${seed}`,
        label: `${Math.round(100 * fraction)} % of the nuclei, network ${seed}`,
        seed: stream.fork("network").int(2 ** 31),
        config: {
          vocabularies: [trainedZ.length, trainedN.length, tasks.length],
          width: options.comparisonWidth,
          depth: options.depth,
        },
        samples,
        train: split.train,
        validation,
        scaling: minMaxScaling(scaled, names),
        training: comparisonTraining(options, tasks),
        trained: { Z: trainedZ, N: trainedN },
      });
      about.push({
        fraction,
        seed,
        training: bindingRows(data, split.train).length,
        validation: bindingRows(data, validation).length,
      });
    }
  }
  if (jobs.length === 0) return [];
  const networks = await trainNetworks(jobs, context);
  return networks.map(({ curve }, i): GeneralisationRun => {
    const structure = Object.fromEntries(
      Object.entries(curve.observed!).map(([name, values]) => [name, values.at(-1)!]),
    );
    const both = (name: string, ending = "") =>
      (structure[`${name}.Z${ending}`]! + structure[`${name}.N${ending}`]!) / 2;
    return {
      ...about[i]!,
      trainError: curve.training.at(-1)!,
      validationError: curve.validation.at(-1)!,
      ordering: both("ordering"),
      orderingEvenOdd: both("ordering", ".evenodd"),
      parity: both("parity"),
      structure,
      curve,
    };
  });
}
