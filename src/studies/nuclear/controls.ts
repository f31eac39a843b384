import type { Random } from "../../core/random.ts";
import { fewestTokens } from "../../lenses/embedding/helix-window.ts";
import { type Samples, takeSamples } from "../../models/samples.ts";
import { minMaxScaling } from "../../models/target-scaling.ts";
import type { TokenTraining, TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import { windows } from "./claim-statistics.ts";
import type { NuclearData } from "./data.ts";
import { sharedJob } from "./networks.ts";
import type { NuclearOptions } from "./params.ts";
import type { NetworkJob } from "./train-network.ts";

/** keV a nucleon of the target that knows nothing but size. */
export const volumeOnly = 8000;
/** Share of the nuclei that the memorising network learns. */
const memorised = 0.1;

/** A network in which a helix has no business, trained by the study's own recipe. */
export interface Control {
  name: "memorising" | "volume";
  /** What it learned, in words. */
  what: string;
  job: NetworkJob;
  /** Flags by N: does the token occur in its training? */
  trainedN: boolean[];
}

/** A control with the network that it trained. */
export type ControlNetwork = Control & { network: TrainedTokenRegressor };

/**
 * The two controls of the helix: a network that learns the binding energies of a tenth of the nuclei, too few to
 * generalise, and one that learns 8000 keV·A on the study's own training nuclei (Kitouni et al. 2024, section 4).
 * Controls with fewer trained tokens in the helix window than a fit needs are left out.
 */
export function controlJobs(data: NuclearData, options: NuclearOptions, stream: Random): Control[] {
  const { samples, split } = data;
  const random = stream.fork("control");
  const binding = (rows: Int32Array) => rows.filter((i) => samples.task[i] === 0);
  const training = binding(split.train);
  const all = Array.from(samples.task).filter((task) => task === 0).length;
  const few = Math.min(training.length, Math.round(memorised * all));
  const picked = random.fork("memorising").permutation(training.length).subarray(0, few);
  const sized: Samples = {
    ...samples,
    value: samples.value.map((_, i) => volumeOnly * (samples.z[i]! + samples.n[i]!)),
  };
  const make = (name: Control["name"], what: string, of: Samples, train: Int32Array): Control => ({
    name,
    what,
    trainedN: flags(samples.n, train, data.trainedN),
    job: bindingJob(data, options, {
      samples: of,
      train,
      name: `control-${name}`,
      seed: random.fork(name, "network").int(2 ** 31),
    }),
  });
  return [
    make(
      "memorising",
      `${few} nuclei, too few to generalise`,
      samples,
      training.filter((_, i) => picked.includes(i)),
    ),
    make("volume", `${volumeOnly} keV·A in place of the binding energy`, sized, training),
  ].filter(({ trainedN, job }) => job.validation.length > 0 && inWindow(trainedN) >= fewestTokens);
}

function inWindow(trained: readonly boolean[]): number {
  const [from, to] = windows.N;
  return trained.filter((flag, token) => flag && token >= from && token <= to).length;
}

/** Flags by token, as many as `like` has: does it occur in these rows? */
export function flags(tokens: Int32Array, rows: Int32Array, like: readonly boolean[]): boolean[] {
  const known = new Set(Array.from(rows, (i) => tokens[i]!));
  return like.map((_, token) => known.has(token));
}

/** A job that learns the binding energy alone, whatever tasks the study has, with the study's recipe. */
export function bindingJob(
  data: NuclearData,
  options: NuclearOptions,
  of: {
    samples: Samples;
    train: Int32Array;
    name: string;
    seed: number;
    /** What is different from the study's training. */
    training?: Partial<TokenTraining>;
  },
): NetworkJob {
  const { samples, train, name, seed } = of;
  const trained = { z: flags(samples.z, train, data.trainedZ), n: flags(samples.n, train, data.trainedN) };
  const validation = data.validation.filter(
    (i) => samples.task[i] === 0 && trained.z[samples.z[i]!] && trained.n[samples.n[i]!],
  );
  const shared = sharedJob(data, options);
  return {
    ...shared,
    config: { ...shared.config, vocabularies: [data.trainedZ.length, data.trainedN.length, 1] },
    training: { ...shared.training, taskWeights: [data.tasks[0]!.weight], ...of.training },
    stream: 0,
    name,
    seed,
    samples: takeSamples(samples, [...train, ...validation]),
    train: Int32Array.from(train, (_, i) => i),
    validation: Int32Array.from(validation, (_, i) => train.length + i),
    scaling: minMaxScaling(takeSamples(samples, train), ["binding"]),
  };
}
