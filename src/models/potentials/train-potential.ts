import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type Configurations, checkConfigurations } from "../../data/configurations.ts";
import { sha256 } from "../../data/sha256.ts";
import type { FlatVector } from "../../optim/adamw.ts";
import type { Schedule } from "../../optim/schedule.ts";
import { compile } from "../../program/session.ts";
import type { CheckpointStore, LearningCurve } from "../checkpoint.ts";
import { type FloatType, floats } from "../token-regressor-init.ts";
import { train } from "../training.ts";
import { kindsOf, paddedPairs, pairInputs, rowsOf } from "./neighbours.ts";
import type { TracedPotential } from "./traced.ts";
import { type PotentialConfig, tracedPotential } from "./traced-model.ts";
import { calibrate } from "./train-calibrate.ts";
import { forceLossProgram, forcesProgram } from "./train-programs.ts";

/** How a potential is trained. Plain data: it crosses threads and names a checkpoint. */
export interface PotentialTraining {
  epochs: number;
  learningRate: number;
  schedule: Schedule;
  /** Share of the steps over which the learning rate first rises; default 0. */
  warmup?: number;
  weightDecay: number;
  /**
   * A gradient longer than this is shortened to it, in units where the forces' spread is 1; by default none is. A few
   * close encounters make gradients that throw a network off for good at high learning rates.
   */
  clip?: number;
  /** Frames a step. */
  batch: number;
  /** λ of the energies, 1/Å²; 0 (default) trains on forces alone, and the energy per bead has no fixed zero. */
  energyWeight?: number;
  dtype: FloatType;
  /** How many epochs, evenly on a logarithmic axis, are measured; default 20. */
  points?: number;
  device?: string;
  /** Threads inside one operation. */
  threads?: number;
  /** Epochs between checkpoints; default a twentieth of all. */
  checkpointEvery?: number;
}

/** How well forces are matched; all in kcal/mol/Å, for one component. */
export interface ForceMatch {
  /** RMS error over the training frames. */
  training: number;
  /** RMS error over the validation frames, which training never saw. */
  validation: number;
  /** RMS of the validation frames' reference forces: the error of a model that predicts none. */
  spread: number;
  /** validation/spread. */
  relative: number;
  /**
   * RMS error below which no model can get, where it is known: the deviation of the noise in the forces. Exact forces
   * of a potential that depends on the beads alone have none; forces mapped from a finer model scatter about their
   * mean, and the error of the best potential is that scatter, however long it is trained.
   */
  floor?: number;
  /** √(validation² − floor²): the error against the noise-free forces; absent where the floor is not known. */
  excess?: number;
}

/** A trained network. */
export interface TrainedPotential {
  config: PotentialConfig;
  /** In kcal/mol and Å, laid out as `tracedPotential(config).layout`. */
  parameters: FlatVector;
  /** RMS force errors in kcal/mol/Å. */
  curve: LearningCurve;
  match: ForceMatch;
  /** Steps of the optimiser. */
  steps: number;
}

/**
 * Trains a network on forces (force matching; Noid et al., J. Chem. Phys. 128 (2008) 244114), optionally on energies too,
 * by AdamW. While it trains, forces and energies are in units of the training forces' spread; the last layer brings the
 * result back to kcal/mol.
 * @param options.train frames to learn from; `validation` frames for the errors alone.
 * @param options.noise deviation of one component of the noise in the forces, kcal/mol/Å, where it is known (0: exact).
 * @param options.random the initial parameters and the orders of the frames come from it.
 * @throws UserError for a set without forces (or energies, with a weight), frames that do not exist, species that the
 * network does not know, and as `paddedPairs`; Cancelled between epochs.
 */
export async function trainPotential(options: {
  config: PotentialConfig;
  set: Configurations;
  train: Int32Array;
  validation: Int32Array;
  training: PotentialTraining;
  random: Random;
  task: Task;
  noise?: number;
  label?: string;
  checkpoint?: { store: CheckpointStore; key: string };
  observe?: (parameters: FlatVector) => Record<string, number>;
}): Promise<TrainedPotential> {
  const { config, set, training, random, task, checkpoint, noise } = options;
  const { dtype, energyWeight = 0, clip, device, threads, epochs, points = 20 } = training;
  check(options);
  const model = tracedPotential(config);
  const pairs = paddedPairs(set, config.cutoff);
  const kinds = kindsOf(set.species, config.species, set.name);
  const spread = rmsForce(set, options.train);
  const energy = energyWeight > 0 ? meanEnergy(set, options.train) : 0;
  const scaled = {
    forces: set.forces!.map((force) => force / spread),
    energies: (set.energies ?? new Float64Array(0)).map((value) => value / spread),
  };
  const shape = { frames: training.batch, pairs: pairs.pairs, kinds, dtype };
  const width = 3 * set.beads;
  const evaluator = await compile(forcesProgram(model, shape), {
    ...(device && { device }),
    ...(threads && { threads }),
  });
  /** RMS force error over `frames`, in units of the spread. */
  const errorOn = async (parameters: FlatVector, frames: Int32Array) => {
    let sum = 0;
    for (let at = 0; at < frames.length; at += training.batch) {
      const rows = Int32Array.from({ length: training.batch }, (_, b) => frames[at + b] ?? frames[0]!);
      const [, forces] = await evaluator.run([parameters, ...pairInputs(pairs, rows, dtype)]);
      const here = Math.min(training.batch, frames.length - at);
      for (let b = 0; b < here; b++) {
        for (let k = 0; k < width; k++) {
          sum += (forces![b * width + k]! - scaled.forces[rows[b]! * width + k]!) ** 2;
        }
      }
    }
    return Math.sqrt(sum / (frames.length * width));
  };
  try {
    const start = initialParameters(model, random, dtype, energy / spread);
    await calibrate(model, start, pairs, options.train.subarray(0, 16), shape);
    const { parameters, curve } = await train(
      {
        program: forceLossProgram(model, shape, energyWeight, clip === undefined ? {} : { clip }),
        rows: options.train.length,
        batchSize: training.batch,
        batch: (numbers) => {
          const rows = numbers.map((k) => options.train[k]!);
          return [
            ...pairInputs(pairs, rows, dtype),
            rowsOf(scaled.forces, rows, width, dtype),
            ...(energyWeight > 0 ? [rowsOf(scaled.energies, rows, 1, dtype)] : []),
          ];
        },
      },
      start,
      {
        ...training,
        points,
        random: random.fork("batches"),
        task,
        label: options.label ?? "force matching",
        unit: "kcal/mol/Å",
        ...(options.observe && {
          observe: (p: FlatVector) => options.observe!(rescaled(model, p, spread)),
        }),
        measure: async (p) => ({
          training: spread * (await errorOn(p, options.train)),
          validation: spread * (await errorOn(p, options.validation)),
        }),
        ...(checkpoint && {
          checkpoint: {
            ...checkpoint,
            fingerprint: fingerprint(options),
            every: training.checkpointEvery ?? Math.max(1, Math.ceil(epochs / 20)),
          },
        }),
      },
    );
    const validation = curve.validation.at(-1)!;
    const reference = rmsForce(set, options.validation);
    return {
      config,
      parameters: rescaled(model, parameters, spread),
      curve,
      match: {
        training: curve.training.at(-1)!,
        validation,
        spread: reference,
        relative: validation / reference,
        ...(noise === undefined
          ? {}
          : { floor: noise, excess: Math.sqrt(Math.max(0, validation ** 2 - noise ** 2)) }),
      },
      steps: epochs * Math.floor(options.train.length / training.batch),
    };
  } finally {
    await evaluator.release();
  }
}

/**
 * Parameters before training: embeddings normal, weights uniform on ±√(6/(in + out)) (Glorot & Bengio 2010), biases 0,
 * as SchNetPack starts. Each parameter has its own random stream, named after it.
 * @param energy the constant per bead to start from.
 */
export function initialParameters(
  model: TracedPotential,
  random: Random,
  dtype: FloatType,
  energy = 0,
): FlatVector {
  const { layout } = model;
  const flat = floats(dtype, layout.size);
  for (const name of layout.names) {
    if (name.endsWith(".bias")) continue;
    const [out, inputs] = layout.shapes[name] as [number, number];
    const stream = random.fork("initial", name);
    const bound = Math.sqrt(6 / (out + inputs));
    const { start, end } = layout.slice(name);
    const normal = name.includes("embedding");
    for (let i = start; i < end; i++) flat[i] = normal ? stream.normal() : bound * (2 * stream.uniform() - 1);
  }
  flat[layout.slice("output_modules.0.outnet.1.bias").start] = energy;
  return flat;
}

/** The parameters of `factor` times the energy: the last layer is linear. */
function rescaled({ layout }: TracedPotential, parameters: FlatVector, factor: number): FlatVector {
  const out = parameters.slice();
  for (const name of ["output_modules.0.outnet.1.weight", "output_modules.0.outnet.1.bias"]) {
    const { start, end } = layout.slice(name);
    for (let i = start; i < end; i++) out[i]! *= factor;
  }
  return out;
}

function rmsForce(set: Configurations, frames: Int32Array): number {
  const width = 3 * set.beads;
  let sum = 0;
  for (const f of frames) {
    for (let k = f * width; k < (f + 1) * width; k++) sum += set.forces![k]! ** 2;
  }
  return Math.sqrt(sum / (width * frames.length));
}

function meanEnergy(set: Configurations, frames: Int32Array): number {
  return frames.reduce((sum, f) => sum + set.energies![f]!, 0) / frames.length / set.beads;
}

type Checked = Parameters<typeof trainPotential>[0];

function check({ set, train, validation, training, noise }: Checked): void {
  checkConfigurations(set);
  const { energyWeight = 0, batch, clip } = training;
  demand(
    clip === undefined || clip > 0,
    () => `trainPotential: clip ${clip}; expected a length of the gradient above 0`,
  );
  demand(
    set.forces !== undefined,
    () => `trainPotential: ${set.name} has no forces; expected a set with them`,
  );
  demand(
    energyWeight >= 0 && (energyWeight === 0 || set.energies !== undefined),
    () => `trainPotential: energy weight ${energyWeight}, but ${set.name} has no energies; expected 0`,
  );
  demand(
    Number.isInteger(batch) && batch > 0 && batch <= train.length,
    () => `trainPotential: ${batch} frames a step from ${train.length}; expected 1 to that many`,
  );
  demand(validation.length > 0, () => "trainPotential: no validation frames; expected at least one");
  for (const [name, rows] of Object.entries({ train, validation })) {
    const bad = rows.find((f) => !(f >= 0 && f < set.frames));
    demand(
      bad === undefined,
      () => `trainPotential: ${name}: no frame ${bad} in ${set.name} of ${set.frames}`,
    );
  }
  const seen = new Set(train);
  const both = validation.find((f) => seen.has(f));
  demand(both === undefined, () => `trainPotential: frame ${both} is among both training and validation`);
  demand(rmsForce(set, train) > 0, () => `trainPotential: all training forces of ${set.name} are 0`);
  demand(
    noise === undefined || noise >= 0,
    () => `trainPotential: noise ${noise}; expected a deviation in kcal/mol/Å from 0`,
  );
}

/** A hash of everything that the result depends on. */
function fingerprint({ config, set, train, validation, training, random }: Checked): string {
  const { checkpointEvery: _, ...settings } = training;
  const bytes = (values: Float64Array | Int32Array | undefined) =>
    values && sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const text = JSON.stringify({
    config,
    settings,
    positions: bytes(set.positions),
    forces: bytes(set.forces),
    energies: bytes(set.energies),
    cells: bytes(set.cells),
    periodic: set.periodic,
    species: set.species,
    rows: [bytes(train), bytes(validation)],
    stream: random.fork("fingerprint").uniform(),
  });
  return sha256(new TextEncoder().encode(text)).slice(0, 16);
}
