import { breathe } from "../../core/breathe.ts";
import { demand } from "../../core/errors.ts";
import { type Random, random } from "../../core/random.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { type Configurations, checkConfigurations } from "../../data/configurations.ts";
import { statisticalInefficiency } from "./block-average.ts";
import { wrap } from "./cell.ts";
import { type Motion, maxwellVelocities, simulate } from "./dynamics.ts";
import { type FieldForces, fieldForces } from "./field-forces.ts";
import {
  emptyProgress,
  readProgress,
  type SetProgress,
  type SetStore,
  writeProgress,
} from "./fluid-set-state.ts";
import { evaluate } from "./force-field.ts";
import { relax } from "./relax.ts";
import { cellForDensity, gridStart } from "./start.ts";
import { type FluidSystem, fluidSystem } from "./systems.ts";

export interface FluidSetOptions {
  /** A fluid or its name. */
  system: "lj" | "mw" | FluidSystem;
  beads: number;
  frames: number;
  seed: number;
  /** K; the system's own by default. */
  temperature?: number;
  /** g/cm³; the system's own by default. */
  density?: number;
  /** Steps between frames; 200 by default. */
  stride?: number;
  /** Steps before the first frame; 4000 by default. */
  equilibration?: number;
  /** fs; the system's own by default. */
  timestep?: number;
  /** 1/ps; 1 by default. */
  friction?: number;
  task?: Task;
  /** Where to keep what is done, so that an interrupted run goes on to the same set. */
  store?: SetStore;
}

/** Frames of a fluid at equilibrium with the exact forces, energies and their split by order. */
export interface FluidSet extends Configurations {
  forces: Float64Array;
  energies: Float64Array;
  cells: Float64Array;
  /** Σ V₂ of each frame, kcal/mol. */
  pairEnergies: Float64Array;
  /** Σ V₃ of each frame, kcal/mol. */
  tripletEnergies: Float64Array;
  /** Frames that count as one independent frame, from the energy's autocorrelation: 1 where they are independent. */
  inefficiency: number;
}

/**
 * Training configurations of a known fluid: a grid, relaxed, brought to equilibrium by Langevin dynamics (BAOAB), then
 * a frame every `stride` steps, wrapped into the cubic cell, with exact energies and forces. The same options give the
 * same set, whether or not the run was interrupted and went on from `store`.
 * @throws UserError for a box less than twice the cutoff across (more beads then), for a number out of range, and for
 * a store that holds another set; Cancelled when the task is told to stop.
 */
export async function fluidSet(options: FluidSetOptions): Promise<FluidSet> {
  const system = typeof options.system === "string" ? fluidSystem(options.system) : options.system;
  const { beads, frames, seed, stride = 200, equilibration = 4000, task = quietTask, store } = options;
  const { temperature = system.temperature, density = system.density } = options;
  const { timestep = system.timestep, friction = 1 } = options;
  for (const [name, value] of Object.entries({ beads, frames, stride })) {
    demand(
      Number.isInteger(value) && value > 0,
      () => `fluidSet: ${name} is ${value}; expected a whole number from 1`,
    );
  }
  const within = cellForDensity(beads, system.mass, density);
  const field = fieldForces(system.field, within, beads);
  const source = random(seed, "fluid-set", system.name);
  const { cutoff, pairTerm, tripletTerm } = system.field;
  const law = [cutoff, tripletTerm(2.8, 2.9, 3), ...[2.5, 3, 3.5, 4].map(pairTerm)];
  const settings = { system: system.name, law, mass: system.mass, beads, frames, seed };
  const fingerprint = JSON.stringify({
    ...settings,
    ...{ temperature, density, stride, equilibration, timestep, friction },
  });
  const run = async (start: Motion, steps: number, stream: Random, part: Task): Promise<Motion> => {
    // A list built anew makes what follows depend on positions alone, and so a resumed run the same run.
    field.reset();
    const thermostat = { temperature, friction, random: stream };
    return simulate(start, { forces: field.compute, timestep, steps, thermostat, task: part });
  };

  const share = equilibration / (equilibration + frames * stride);
  let done: SetProgress | undefined = store && readProgress(store, fingerprint);
  if (!done) {
    const start = startOf(system, { beads, temperature }, field, within, source.fork("start"));
    const settled = await run(
      start,
      equilibration,
      source.fork("equilibration"),
      task.part(0, share, "equilibration"),
    );
    done = emptyProgress(settled, frames);
  }
  const every = Math.max(1, Math.ceil(frames / 20));
  while (done.frames < frames) {
    const f: number = done.frames;
    const from = share + ((1 - share) * f) / frames;
    const part = task.part(from, from + (1 - share) / frames, `frame ${f + 1} of ${frames}`);
    part.report(0);
    await breathe(task);
    const motion = await run(done.motion, stride, source.fork("frame", f), part);
    const positions = wrap(within, motion.positions);
    const exact = evaluate(system.field, { positions, cell: within });
    done.positions.set(positions, 3 * beads * f);
    done.forces.set(exact.forces, 3 * beads * f);
    done.pairEnergies[f] = exact.pairEnergy;
    done.tripletEnergies[f] = exact.tripletEnergy;
    done = { ...done, motion, frames: f + 1 };
    if (store && (done.frames % every === 0 || done.frames === frames))
      writeProgress(store, fingerprint, done);
  }
  const { positions, forces, pairEnergies, tripletEnergies } = done;
  const energies = pairEnergies.map((value, f) => value + tripletEnergies[f]!);
  const set: FluidSet = {
    name: `${system.title}, ${beads} beads, ${temperature} K, ${density} g/cm³`,
    frames,
    beads,
    species: new Array<string>(beads).fill(system.species),
    positions,
    forces,
    energies,
    cells: Float64Array.from({ length: 9 * frames }, (_, i) => within.vectors[i % 9]!),
    periodic: [true, true, true],
    provenance: [{ name: system.title, source: `generated: seed ${seed}`, citation: system.citation }],
    pairEnergies,
    tripletEnergies,
    inefficiency: frames < 3 ? Number.NaN : statisticalInefficiency(energies),
  };
  checkConfigurations(set);
  return set;
}

/**
 * A set whose forces carry independent normal noise of `deviation` kcal/mol/Å a component, as forces mapped from a finer
 * model do: no model can then get below a mean square force error of deviation². Energies are left out, as there.
 */
export function withForceNoise(set: Configurations, deviation: number, source: Random): Configurations {
  demand(set.forces !== undefined, () => `withForceNoise: ${set.name} has no forces`);
  demand(
    deviation >= 0,
    () => `withForceNoise: deviation ${deviation}; expected a force in kcal/mol/Å from 0`,
  );
  const { name, frames, beads, species, positions, cells, periodic, provenance } = set;
  const forces = set.forces.map((force) => force + deviation * source.normal());
  return {
    name,
    frames,
    beads,
    species,
    positions,
    forces,
    ...(cells ? { cells } : {}),
    periodic,
    provenance,
  };
}

function startOf(
  system: FluidSystem,
  { beads, temperature }: { beads: number; temperature: number },
  field: FieldForces,
  within: Parameters<typeof gridStart>[0]["cell"],
  source: Random,
): Motion {
  const masses = new Float64Array(beads).fill(system.mass);
  const positions = relax(gridStart({ beads, cell: within, random: source }), field);
  return { positions, velocities: maxwellVelocities(masses, temperature, source), masses };
}
