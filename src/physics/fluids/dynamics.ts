import { breathe } from "../../core/breathe.ts";
import { demand, UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { boltzmann, forceToAcceleration } from "./constants.ts";

/** Where the beads are and how they move. Positions are not wrapped. */
export interface Motion {
  /** beads×3, Å. */
  positions: Float64Array;
  /** beads×3, Å/fs. */
  velocities: Float64Array;
  /** One a bead, u. */
  masses: Float64Array;
}

/** Fills `forces` (kcal/mol/Å) for `positions` (Å) and gives the potential energy, kcal/mol; a network may take its time. */
export type ForceFunction = (positions: Float64Array, forces: Float64Array) => number | Promise<number>;

/** What an observer sees after a step. The arrays are the simulation's own: copy what is to be kept. */
export interface Snapshot {
  /** Steps done. */
  step: number;
  /** kcal/mol. */
  potential: number;
  /** kcal/mol. */
  kinetic: number;
  positions: Float64Array;
  velocities: Float64Array;
  forces: Float64Array;
}

export interface DynamicsOptions {
  forces: ForceFunction;
  /** fs. */
  timestep: number;
  steps: number;
  /** Without it the energy is conserved (velocity Verlet); with it Langevin dynamics (BAOAB) at this temperature. */
  thermostat?: {
    /** K. */
    temperature: number;
    /** Rate at which velocities forget themselves, 1/ps. */
    friction: number;
    random: Random;
  };
  /** Called every `every` steps (1 by default), after the step. */
  observe?: (snapshot: Snapshot) => void;
  every?: number;
  task: Task;
}

/**
 * Moves beads by Newton's equations: velocity Verlet (Swope et al., J. Chem. Phys. 76 (1982) 637), or, with a
 * thermostat, the BAOAB splitting of Langevin's equation (Leimkuhler & Matthews, J. Chem. Phys. 138 (2013) 174102):
 * half kick, half drift, v ← e^{−γΔt} v + √(1 − e^{−2γΔt}) √(k_B T/m) ξ, half drift, half kick. The same seed gives the
 * same trajectory.
 * @returns the motion after the last step; the one given is not changed.
 * @throws UserError for a step that is not above 0 and when beads fly apart (a kinetic energy that is not finite, or a
 * step longer than 2 Å); Cancelled when the task is told to stop.
 */
export async function simulate(start: Motion, options: DynamicsOptions): Promise<Motion> {
  const { timestep, steps, thermostat, task, every = 1, observe } = options;
  const { masses } = start;
  const [positions, velocities] = [start.positions.slice(), start.velocities.slice()];
  const count = positions.length;
  check(start, options);
  const forces = new Float64Array(count);
  const kick = Float64Array.from({ length: count }, (_, i) => {
    return (0.5 * timestep * forceToAcceleration) / masses[Math.floor(i / 3)]!;
  });
  const keep = thermostat ? Math.exp((-thermostat.friction * timestep) / 1000) : 1;
  const noise = Float64Array.from({ length: count }, (_, i) =>
    thermostat
      ? Math.sqrt(1 - keep * keep) * thermalSpeed(thermostat.temperature, masses[Math.floor(i / 3)]!)
      : 0,
  );
  const evaluated = async (step: number): Promise<number> => {
    const value = options.forces(positions, forces);
    const energy = typeof value === "number" ? value : await value;
    if (!Number.isFinite(energy)) explode(step, `the potential energy is ${energy}`);
    return energy;
  };
  await evaluated(0);
  const half = thermostat ? timestep / 2 : timestep;
  const longest = 2 / timestep;
  for (let step = 1; step <= steps; step++) {
    for (let i = 0; i < count; i++) {
      velocities[i]! += kick[i]! * forces[i]!;
      if (!(Math.abs(velocities[i]!) < longest))
        explode(step, `bead ${Math.floor(i / 3)} moves at ${velocities[i]} Å/fs`);
      positions[i]! += half * velocities[i]!;
    }
    if (thermostat) {
      const { random } = thermostat;
      for (let i = 0; i < count; i++) {
        velocities[i] = keep * velocities[i]! + noise[i]! * random.normal();
        positions[i]! += half * velocities[i]!;
      }
    }
    const value = options.forces(positions, forces);
    const potential = typeof value === "number" ? value : await value;
    if (typeof value !== "number") task.check();
    for (let i = 0; i < count; i++) velocities[i]! += kick[i]! * forces[i]!;
    if (observe && step % every === 0) {
      const kinetic = kineticEnergy({ velocities, masses });
      if (!Number.isFinite(potential + kinetic)) explode(step, `the energy is ${potential + kinetic}`);
      observe({ step, potential, kinetic, positions, velocities, forces });
    }
    if (step % 64 === 0) {
      task.report(step / steps);
      await breathe(task);
    }
  }
  return { positions, velocities, masses };
}

/** Σ ½mv², kcal/mol. */
export function kineticEnergy({ velocities, masses }: Pick<Motion, "velocities" | "masses">): number {
  let sum = 0;
  for (let i = 0; i < masses.length; i++) {
    const [x, y, z] = [velocities[3 * i]!, velocities[3 * i + 1]!, velocities[3 * i + 2]!];
    sum += masses[i]! * (x * x + y * y + z * z);
  }
  return sum / (2 * forceToAcceleration);
}

/** 2K/(n k_B) in K for `kinetic` kcal/mol in `degrees` degrees of freedom (3 a bead, less 3 if momentum is kept). */
export function kineticTemperature(kinetic: number, degrees: number): number {
  return (2 * kinetic) / (degrees * boltzmann);
}

/** √(k_B T/m), Å/fs: the spread of one component of the velocity. */
export function thermalSpeed(temperature: number, mass: number): number {
  return Math.sqrt((boltzmann * temperature * forceToAcceleration) / mass);
}

/** Maxwell–Boltzmann velocities at `temperature` K, shifted so that the total momentum is zero. */
export function maxwellVelocities(masses: Float64Array, temperature: number, random: Random): Float64Array {
  const velocities = Float64Array.from(
    { length: 3 * masses.length },
    (_, i) => thermalSpeed(temperature, masses[Math.floor(i / 3)]!) * random.normal(),
  );
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  for (let axis = 0; axis < 3; axis++) {
    let momentum = 0;
    for (let i = 0; i < masses.length; i++) momentum += masses[i]! * velocities[3 * i + axis]!;
    for (let i = 0; i < masses.length; i++) velocities[3 * i + axis]! -= momentum / total;
  }
  return velocities;
}

function check(
  { positions, velocities, masses }: Motion,
  { timestep, steps, thermostat }: DynamicsOptions,
): void {
  demand(
    velocities.length === positions.length && positions.length === 3 * masses.length,
    () =>
      `simulate: ${positions.length} positions, ${velocities.length} velocities, ${masses.length} masses; expected 3n, 3n and n`,
  );
  demand(timestep > 0, () => `simulate: timestep ${timestep} fs; expected a number above 0`);
  demand(Number.isInteger(steps) && steps >= 0, () => `simulate: ${steps} steps; expected a whole number`);
  demand(
    masses.every((mass) => mass > 0),
    () => "simulate: a mass is not above 0 u",
  );
  if (!thermostat) return;
  const { temperature, friction } = thermostat;
  demand(
    temperature > 0 && friction > 0,
    () => `simulate: temperature ${temperature} K, friction ${friction} 1/ps; expected numbers above 0`,
  );
}

function explode(step: number, what: string): never {
  throw new UserError(
    `simulate: ${what} at step ${step}: the beads fly apart; take a shorter timestep, relax the start, or look at the forces (a network outside of its training data does this)`,
  );
}
