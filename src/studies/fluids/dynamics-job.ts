import { UserError } from "../../core/errors.ts";
import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { tracedForces } from "../../models/potentials/traced-forces.ts";
import { type PotentialConfig, tracedPotential } from "../../models/potentials/traced-model.ts";
import type { FlatVector } from "../../optim/adamw.ts";
import { cell } from "../../physics/fluids/cell.ts";
import { maxwellVelocities, simulate } from "../../physics/fluids/dynamics.ts";

/** Dynamics in the forces of a trained network: plain data. */
export interface DynamicsJob {
  name: string;
  config: PotentialConfig;
  parameters: FlatVector;
  species: readonly string[];
  /** Where it starts: beads×3, Å. */
  positions: Float64Array;
  /** Nine numbers, Å. */
  vectors: Float64Array;
  /** u. */
  mass: number;
  /** K. */
  temperature: number;
  /** fs, with a thermostat; without one half of it. */
  timestep: number;
  steps: number;
  /** Steps at the beginning that are not looked at. */
  settle: number;
  /** Steps between kept frames. */
  every: number;
  thermostat: boolean;
  seed: number;
}

/** What came of it. */
export interface DynamicsResult {
  name: string;
  /** Kept positions, frames×beads×3. */
  positions: Float64Array;
  frames: number;
  /** fs and kcal/mol, one a kept step. */
  time: Float64Array;
  potential: Float64Array;
  kinetic: Float64Array;
  /** Why it ended early, if it did. */
  broke?: string;
}

/** Runs dynamics with a network, in whatever thread. Beads that fly apart end it; that is a finding, not an error. */
export async function networkDynamics(job: DynamicsJob, task: Task): Promise<DynamicsResult> {
  const within = cell(job.vectors);
  const source = random(job.seed, "fluids", "dynamics", job.name);
  const masses = new Float64Array(job.species.length).fill(job.mass);
  // Without a thermostat float64 keeps the energy to rounding of the step; with one float32 is enough.
  const forces = tracedForces(tracedPotential(job.config), job.parameters, within, job.species, {
    dtype: job.thermostat ? "float32" : "float64",
  });
  const kept: Float64Array[] = [];
  const [time, potential, kinetic]: number[][] = [[], [], []];
  const timestep = job.thermostat ? job.timestep : job.timestep / 2;
  let broke: string | undefined;
  try {
    await simulate(
      {
        positions: job.positions,
        velocities: maxwellVelocities(masses, job.temperature, source.fork("velocities")),
        masses,
      },
      {
        forces: (positions, out) => forces.compute(positions, out),
        timestep,
        steps: job.steps,
        every: job.every,
        ...(job.thermostat
          ? { thermostat: { temperature: job.temperature, friction: 2, random: source.fork("thermostat") } }
          : {}),
        observe: ({ step, potential: u, kinetic: k, positions }) => {
          if (step < job.settle) return;
          time!.push(step * timestep);
          potential!.push(u);
          kinetic!.push(k);
          if (job.thermostat) kept.push(positions.slice());
        },
        task: task.part(0, 1, `dynamics of the network, ${job.name}`),
      },
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    broke = error.message;
  } finally {
    await forces.release();
  }
  const positions = new Float64Array(kept.length * job.positions.length);
  kept.forEach((frame, k) => {
    positions.set(frame, k * frame.length);
  });
  return {
    name: job.name,
    positions,
    frames: kept.length,
    time: Float64Array.from(time!),
    potential: Float64Array.from(potential!),
    kinetic: Float64Array.from(kinetic!),
    ...(broke === undefined ? {} : { broke }),
  };
}
