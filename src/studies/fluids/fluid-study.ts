import type { Task } from "../../core/task.ts";
import { type Configurations, frameOf, joinFrames, selectFrames } from "../../data/configurations.ts";
import { graphNetwork, networkForces } from "../../models/potentials/potential.ts";
import { namedWeights, writePotential } from "../../models/potentials/traced-weights.ts";
import type { FluidFrames, FluidRecipe } from "../../models/potentials/train-fluid.ts";
import type { TrainedPotential } from "../../models/potentials/train-potential.ts";
import type { NamedWeights } from "../../models/potentials/weights.ts";
import { statisticalInefficiency } from "../../physics/fluids/block-average.ts";
import { cell } from "../../physics/fluids/cell.ts";
import { withForceNoise } from "../../physics/fluids/fluid-set.ts";
import { evaluate } from "../../physics/fluids/force-field.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import type { FluidSystem } from "../../physics/fluids/systems.ts";
import type { StudyContext } from "../contract.ts";
import type { DynamicsJob, DynamicsResult } from "./dynamics-job.ts";
import type { FluidsOptions } from "./params.ts";
import { type FluidName, recipeOf } from "./recipe.ts";
import type { SetJob } from "./set-job.ts";
import type { TrainJob } from "./train-job.ts";
import { inWorkers } from "./workers.ts";

/** A trained network of a seed. */
export interface SeedNetwork {
  seed: number;
  trained: TrainedPotential;
  weights: NamedWeights;
}

/** One fluid: its frames, its networks, and what they do by themselves. */
export interface FluidResult {
  name: FluidName;
  system: FluidSystem;
  recipe: FluidRecipe;
  frames: FluidFrames;
  /** Validation frames: later ones of the fluid's own state. */
  held: Configurations;
  /** Another density. */
  elsewhere: Configurations;
  /** Frames of the fluid's own state that count as one independent frame. */
  inefficiency: number;
  /** Mean energy by order of the held frames, kcal/mol a bead. */
  exact: { pairs: number; triplets: number };
  networks: SeedNetwork[];
  /** RMS force error over the other density's frames, relative to their spread. */
  outsideError: number;
  dynamics: { conserved?: DynamicsResult; here?: DynamicsResult; elsewhere?: DynamicsResult };
}

/** Makes the frames of all fluids, trains their networks, and lets the networks run, side by side. */
export async function fluidResults(
  names: readonly FluidName[],
  options: FluidsOptions,
  context: Pick<StudyContext, "random" | "threads" | "checkpoints">,
  task: Task,
): Promise<FluidResult[]> {
  const { random, threads, checkpoints } = context;
  const folder = checkpoints.path === undefined ? {} : { checkpoints: checkpoints.path };
  const recipes = names.map((name) => recipeOf(name, options));
  // Methane's frames are the same for both of its networks.
  const sets = [...new Set(names.map(setOf))];
  const seedOf = (name: string, ...path: (string | number)[]) =>
    random.fork("fluids", name, ...path).int(2 ** 30);
  const made = await inWorkers<SetJob, FluidFrames>(
    "set-job",
    "makeSet",
    sets.flatMap((name): SetJob[] =>
      [0, options.elsewhere].map((elsewhere) => ({
        name,
        options,
        seed: seedOf(name, "frames", elsewhere),
        elsewhere,
      })),
    ),
    { threads, task: task.part(0, 0.12) },
  );
  const framesOf = (name: FluidName) => made[2 * sets.indexOf(setOf(name))]!;
  const seeds = Array.from({ length: options.seeds }, (_, s) => s);
  const trained = await inWorkers<TrainJob, TrainedPotential>(
    "train-job",
    "trainFluid",
    seeds.flatMap((s) =>
      names.map((name, k): TrainJob => {
        const { set, train, validation } = framesOf(name);
        const noisy =
          options.noise > 0 ? withForceNoise(set, options.noise, random.fork("force noise", name)) : set;
        return {
          name: `${name} seed ${s}`,
          seed: seedOf(name, "training", s),
          config: recipes[k]!.config,
          training: { ...recipes[k]!.training, energyWeight: noisy.energies ? options.energies : 0 },
          set: plain(noisy),
          train: train.slice(),
          validation: validation.slice(),
          noise: options.noise,
          ...folder,
        };
      }),
    ),
    { threads, task: task.part(0.12, 0.85) },
  );
  const results = names.map((name, k): FluidResult => {
    const networks = seeds.map((s): SeedNetwork => {
      const one = trained[s * names.length + k]!;
      return { seed: s, trained: one, weights: namedWeights(one.config, one.parameters) };
    });
    const recipe = recipes[k]!;
    const frames = framesOf(name);
    const elsewhere = made[2 * sets.indexOf(setOf(name)) + 1]!.set;
    const held = selectFrames(frames.set, frames.validation);
    const own = frames.set.energies!.filter((_, f) => frames.state[f] === 0);
    return {
      name,
      system: recipe.system,
      recipe,
      frames,
      held,
      elsewhere,
      inefficiency: own.length < 3 ? 1 : statisticalInefficiency(own),
      exact: exactEnergies(recipe.system, held),
      networks,
      outsideError: relativeForceError(networks[0]!.weights, elsewhere),
      dynamics: {},
    };
  });
  const moving = results.filter(({ name }) => setOf(name) === name);
  const jobs = moving.flatMap((result) =>
    dynamicsJobs(result, options, random.fork("dynamics").int(2 ** 31)),
  );
  const ran = await inWorkers<DynamicsJob, DynamicsResult>("dynamics-job", "networkDynamics", jobs, {
    threads,
    task: task.part(0.85, 1),
  });
  for (const result of results) {
    for (const part of ["conserved", "here", "elsewhere"] as const) {
      const found = ran.find(({ name }) => name === `${result.name} ${part}`);
      if (found) result.dynamics[part] = found;
    }
  }
  return results;
}

/** The files that other programs can open: the weights of every network. */
export function weightFiles({ name, networks }: FluidResult): { name: string; bytes: Uint8Array }[] {
  return networks.map(({ seed, trained }) => ({
    name: `${name}-network-seed${seed}.safetensors`,
    bytes: writePotential(trained.config, trained.parameters),
  }));
}

/** RMS error of the network's forces over all frames of a set, over the RMS of the forces. */
export function relativeForceError(weights: NamedWeights, set: Configurations): number {
  const net = graphNetwork(weights);
  const kinds = new Int32Array(set.beads);
  let [error, size] = [0, 0];
  for (let f = 0; f < set.frames; f++) {
    const { positions, cell: vectors, forces } = frameOf(set, f);
    const graph = neighbourGraph(positions, cell(vectors!), net.cutoff);
    const own = networkForces(net, graph, kinds).forces;
    for (let k = 0; k < own.length; k++) {
      error += (own[k]! - forces![k]!) ** 2;
      size += forces![k]! ** 2;
    }
  }
  return Math.sqrt(error / size);
}

/** Whose frames a network is trained on. */
function setOf(name: FluidName): FluidName {
  return name === "lj_so3net" ? "lj" : name;
}

/** Mean energy by order, kcal/mol a bead. */
function exactEnergies(system: FluidSystem, set: Configurations): FluidResult["exact"] {
  const sums = { pairs: 0, triplets: 0 };
  for (let f = 0; f < set.frames; f++) {
    const { positions, cell: vectors } = frameOf(set, f);
    const { pairEnergy, tripletEnergy } = evaluate(system.field, { positions, cell: cell(vectors!) });
    sums.pairs += pairEnergy / set.beads / set.frames;
    sums.triplets += tripletEnergy / set.beads / set.frames;
  }
  return sums;
}

/** A set without what a thread has no use for. */
function plain(set: Configurations): Configurations {
  const { name, frames, beads, species, positions, forces, energies, cells, periodic } = set;
  return {
    name,
    frames,
    beads,
    species,
    positions,
    ...(forces ? { forces } : {}),
    ...(energies ? { energies } : {}),
    ...(cells ? { cells } : {}),
    periodic,
    provenance: [],
  };
}

function dynamicsJobs(result: FluidResult, options: FluidsOptions, seed: number): DynamicsJob[] {
  const { name, system, held, elsewhere, networks } = result;
  const { config, parameters } = networks[0]!.trained;
  const make = (
    part: keyof FluidResult["dynamics"],
    from: Configurations,
    f: number,
    more: Pick<DynamicsJob, "steps" | "settle" | "every" | "thermostat">,
  ): DynamicsJob => {
    const frame = frameOf(from, f);
    return {
      name: `${name} ${part}`,
      config,
      parameters,
      species: held.species,
      positions: frame.positions.slice(),
      vectors: frame.cell!.slice(),
      mass: system.mass,
      temperature: system.temperature,
      timestep: system.timestep,
      seed,
      ...more,
    };
  };
  const long = {
    steps: options.dynamics,
    settle: Math.floor(options.dynamics / 5),
    every: Math.max(1, Math.min(20, Math.floor(options.dynamics / 10))),
    thermostat: true,
  };
  return [
    ...(options.dynamics > 0 ? [make("here", held, 0, long), make("elsewhere", elsewhere, 0, long)] : []),
    ...(options.conserved > 0
      ? [
          make("conserved", held, 0, {
            steps: options.conserved,
            settle: 0,
            every: 5,
            thermostat: false,
          }),
        ]
      : []),
  ];
}

/** Frames of a trajectory as configurations with the cell they were made in. */
export function trajectoryFrames(result: DynamicsResult, like: Configurations): Configurations {
  const width = 3 * like.beads;
  return joinFrames(
    Array.from({ length: result.frames }, (_, f) => ({
      species: like.species,
      positions: result.positions.subarray(f * width, (f + 1) * width),
      cell: like.cells!.subarray(0, 9),
      periodic: like.periodic,
      info: {},
    })),
    { name: result.name },
  );
}
