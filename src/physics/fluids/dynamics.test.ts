import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { createTask, quietTask } from "../../core/task.ts";
import { cell, cubicCell, minimumImage } from "./cell.ts";
import { boltzmann, forceToAcceleration } from "./constants.ts";
import {
  type DynamicsOptions,
  kineticEnergy,
  kineticTemperature,
  maxwellVelocities,
  simulate,
} from "./dynamics.ts";
import { fieldForces } from "./field-forces.ts";
import { lennardJones } from "./lennard-jones.ts";
import { pairList } from "./pair-list.ts";
import { relax } from "./relax.ts";
import { cellForDensity, fccLattice, gridStart, randomInsertion } from "./start.ts";
import { stillingerWeber } from "./stillinger-weber.ts";

/** Springs to the origin, so stiff that ω = 0.2/fs at mass 1 u. */
const stiffness = 0.04 / forceToAcceleration;
const springs: DynamicsOptions["forces"] = (positions, forces) => {
  let energy = 0;
  for (let i = 0; i < positions.length; i++) {
    forces[i] = -stiffness * positions[i]!;
    energy += 0.5 * stiffness * positions[i]! ** 2;
  }
  return energy;
};
const unitMasses = (n: number) => new Float64Array(n).fill(1);

/** A small mW liquid that has begun to forget its grid. */
async function liquid(beads: number) {
  const within = cellForDensity(beads, 18.015, 0.997);
  const field = fieldForces(stillingerWeber(), within, beads);
  const masses = new Float64Array(beads).fill(18.015);
  const source = random(3);
  const positions = relax(gridStart({ beads, cell: within, random: source }), field);
  const start = { positions, velocities: maxwellVelocities(masses, 298, source), masses };
  const thermostat = { temperature: 298, friction: 5, random: source };
  const motion = await simulate(start, {
    forces: field.compute,
    timestep: 5,
    steps: 1500,
    thermostat,
    task: quietTask,
  });
  return { field, motion, thermostat };
}

describe("velocity Verlet", () => {
  test("follows the exact solution of its own difference equation for a spring", async () => {
    // Oracle: x_n = x₀ cos nφ with cos φ = 1 − (ωΔt)²/2, for a start at rest.
    const timestep = 3;
    const phi = Math.acos(1 - (0.2 * timestep) ** 2 / 2);
    const seen: number[] = [];
    await simulate(
      { positions: Float64Array.of(1, 0, 0), velocities: new Float64Array(3), masses: unitMasses(1) },
      {
        forces: springs,
        timestep,
        steps: 200,
        observe: ({ positions }) => seen.push(positions[0]!),
        task: quietTask,
      },
    );
    seen.forEach((x, n) => {
      expect(x).toBeCloseTo(Math.cos((n + 1) * phi), 9);
    });
  });

  test("keeps energy and momentum of a liquid, its error falls with the square of the step, and it runs back", async () => {
    const { field, motion } = await liquid(64);
    const run = async (timestep: number, steps: number, from = motion) => {
      const energies: number[] = [];
      field.reset();
      const end = await simulate(from, {
        forces: field.compute,
        timestep,
        steps,
        observe: ({ potential, kinetic }) => energies.push(potential + kinetic),
        task: quietTask,
      });
      const mean = energies.reduce((a, b) => a + b) / energies.length;
      const spread = Math.sqrt(energies.reduce((a, b) => a + (b - mean) ** 2, 0) / energies.length);
      const half = energies.length / 2;
      const drift =
        (energies.slice(half).reduce((a, b) => a + b) - energies.slice(0, half).reduce((a, b) => a + b)) /
        half;
      return { end, spread, drift };
    };
    const coarse = await run(6, 600);
    const fine = await run(3, 1200);
    expect(coarse.spread / fine.spread).toBeGreaterThan(3.2);
    expect(coarse.spread / fine.spread).toBeLessThan(4.8);
    // 3.6 ps: less than 0.01 kcal/mol in all, of 57 kcal/mol of kinetic energy.
    expect(Math.abs(fine.drift)).toBeLessThan(0.01);
    for (let axis = 0; axis < 3; axis++) {
      const momentum = (v: Float64Array) => v.filter((_, i) => i % 3 === axis).reduce((a, b) => a + b, 0);
      expect(momentum(fine.end.velocities)).toBeCloseTo(momentum(motion.velocities), 12);
    }
    const there = await run(5, 200);
    const back = await run(5, 200, { ...there.end, velocities: there.end.velocities.map((v) => -v) });
    back.end.positions.forEach((x, i) => {
      expect(x).toBeCloseTo(motion.positions[i]!, 7);
    });
  });
});

describe("BAOAB", () => {
  test("springs: ⟨x²⟩ is k_BT/k at any step, ⟨v²⟩ falls short by (ωΔt)²/4", async () => {
    // Oracle: Leimkuhler & Matthews, J. Chem. Phys. 138 (2013) 174102, for the harmonic oscillator.
    const beads = 500;
    const source = random(17);
    const timestep = 5; // ωΔt = 1
    let [squares, speeds, count] = [0, 0, 0];
    await simulate(
      {
        positions: new Float64Array(3 * beads),
        velocities: new Float64Array(3 * beads),
        masses: unitMasses(beads),
      },
      {
        forces: springs,
        timestep,
        steps: 3000,
        thermostat: { temperature: 300, friction: 100, random: source },
        every: 10,
        observe: ({ step, positions, velocities }) => {
          if (step < 300) return;
          count += positions.length;
          squares += positions.reduce((sum, x) => sum + x * x, 0);
          speeds += velocities.reduce((sum, v) => sum + v * v, 0);
        },
        task: quietTask,
      },
    );
    const thermal = boltzmann * 300;
    // 400 000 values, of which about 100 000 are independent: a standard error of 0.5 %.
    expect((stiffness * squares) / count / thermal).toBeGreaterThan(0.98);
    expect((stiffness * squares) / count / thermal).toBeLessThan(1.02);
    expect(speeds / count / (thermal * forceToAcceleration)).toBeGreaterThan(0.735);
    expect(speeds / count / (thermal * forceToAcceleration)).toBeLessThan(0.765);
  });

  test("free beads: velocities decay as exp(−γt) and end at the temperature", async () => {
    const beads = 2000;
    const masses = new Float64Array(beads).fill(16);
    const free: DynamicsOptions["forces"] = (_, forces) => {
      forces.fill(0);
      return 0;
    };
    const thermostat = { temperature: 150, friction: 2, random: random(8) };
    const start = {
      positions: new Float64Array(3 * beads),
      velocities: new Float64Array(3 * beads).fill(0.05),
      masses,
    };
    const after = await simulate(start, {
      forces: free,
      timestep: 10,
      steps: 50,
      thermostat,
      task: quietTask,
    });
    const mean = after.velocities.reduce((a, b) => a + b) / (3 * beads);
    expect(mean / 0.05).toBeCloseTo(Math.exp(-1), 2);
    const later = await simulate(after, {
      forces: free,
      timestep: 10,
      steps: 400,
      thermostat,
      task: quietTask,
    });
    // Standard error of the temperature: √(2/6000) = 1.8 %.
    expect(Math.abs(kineticTemperature(kineticEnergy(later), 3 * beads) / 150 - 1)).toBeLessThan(0.06);
  });

  test("the same seed gives the same trajectory, also where forces take their time", async () => {
    const { field, motion, thermostat } = await liquid(64);
    const run = (forces: DynamicsOptions["forces"], seed: number) => {
      field.reset();
      return simulate(motion, {
        forces,
        timestep: 5,
        steps: 50,
        thermostat: { ...thermostat, random: random(seed) },
        task: quietTask,
      });
    };
    const first = await run(field.compute, 1);
    const slow = await run(async (positions, forces) => field.compute(positions, forces), 1);
    const other = await run(field.compute, 2);
    expect(slow.positions).toEqual(first.positions);
    expect(other.positions).not.toEqual(first.positions);
  });
});

describe("the liquids at the state points of the reference (short runs)", () => {
  test("mW water at 298 K, 0.997 g/cm³: E₂ and E₃ a bead, pressure and temperature", async () => {
    const { field, motion, thermostat } = await liquid(125);
    const volume = cellForDensity(125, 18.015, 0.997).volume;
    const sums = { pair: 0, triplet: 0, kinetic: 0, virial: 0, count: 0 };
    field.reset();
    await simulate(motion, {
      forces: field.compute,
      timestep: 5,
      steps: 5000,
      thermostat,
      every: 5,
      observe: ({ kinetic }) => {
        const { pairEnergy, tripletEnergy, virial } = field.last;
        sums.pair += pairEnergy / 125;
        sums.triplet += tripletEnergy / 125;
        sums.kinetic += kinetic;
        sums.virial += virial[0]! + virial[4]! + virial[8]!;
        sums.count++;
      },
      task: quietTask,
    });
    const { pair, triplet, kinetic, virial, count } = sums;
    // 512 beads in LAMMPS: −13.383 and 3.306; a run this short has standard errors of about 0.02 and 0.04.
    expect(Math.abs(pair / count + 13.383)).toBeLessThan(0.1);
    expect(Math.abs(triplet / count - 3.306)).toBeLessThan(0.15);
    expect(Math.abs(kineticTemperature(kinetic / count, 375) / 298 - 1)).toBeLessThan(0.03);
    const pressure = ((2 * kinetic + virial) / count / (3 * volume)) * 68_568.4;
    expect(Math.abs(pressure)).toBeLessThan(1500);
  });

  test("Lennard-Jones methane in the published box: potential energy a bead at 111, 200 and 300 K", async () => {
    const within = cell([20.768, 0, 0, 0, 20.41, 0, 0, 0, 17.969]);
    const masses = new Float64Array(125).fill(16.043);
    for (const [temperature, expected] of [
      [111, -1.489],
      [200, -1.31],
      [300, -1.138],
    ] as const) {
      const source = random(temperature);
      const field = fieldForces(lennardJones(), within, 125);
      const thermostat = { temperature, friction: 2, random: source };
      const positions = relax(gridStart({ beads: 125, cell: within, random: source }), field);
      const start = { positions, velocities: maxwellVelocities(masses, temperature, source), masses };
      const settled = await simulate(start, {
        forces: field.compute,
        timestep: 5,
        steps: 1500,
        thermostat,
        task: quietTask,
      });
      const energies: number[] = [];
      await simulate(settled, {
        forces: field.compute,
        timestep: 5,
        steps: 3000,
        thermostat,
        every: 10,
        observe: ({ potential }) => energies.push(potential / 125),
        task: quietTask,
      });
      expect(Math.abs(energies.reduce((a, b) => a + b) / energies.length - expected)).toBeLessThan(0.02);
    }
  });
});

describe("starts", () => {
  test("a face-centred cubic lattice has twelve nearest neighbours a bead", () => {
    const { positions, cell: within } = fccLattice(5, 3);
    expect(positions.length).toBe(3 * 108);
    expect(pairList(positions, within, 5 / Math.SQRT2 + 0.1).count).toBe((108 * 12) / 2);
    expect(pairList(positions, within, 5 / Math.SQRT2 - 0.1).count).toBe(0);
  });

  test("beads put in at random keep their distance, in a skewed cell too; a grid holds any number", () => {
    const within = cell([18, 0, 0, 7, 17, 0, -5, 8, 19]);
    const positions = randomInsertion({ beads: 90, cell: within, floor: 2.5, random: random(2) });
    for (let i = 0; i < 90; i++) {
      for (let j = 0; j < i; j++) {
        const d = minimumImage(
          within,
          [0, 1, 2].map((k) => positions[3 * j + k]! - positions[3 * i + k]!),
        );
        expect(Math.hypot(...d)).toBeGreaterThanOrEqual(2.5);
      }
    }
    for (const beads of [1, 27, 100, 125]) {
      const grid = gridStart({ beads, cell: within, random: random(1) });
      expect(pairList(grid, within, 2.5).count).toBe(0);
      expect(grid.length).toBe(3 * beads);
    }
  });

  test("the density of a cell is that of its beads", () => {
    // Water at 0.997 g/cm³ has 0.03333 molecules/Å³.
    expect(512 / cellForDensity(512, 18.015, 0.997).volume).toBeCloseTo(0.03333, 4);
  });

  test("relaxing takes overlaps out", () => {
    const within = cubicCell(16);
    const field = fieldForces(lennardJones({ cutoff: 7 }), within, 60);
    const start = randomInsertion({ beads: 60, cell: within, floor: 1.5, random: random(6) });
    const forces = new Float64Array(180);
    const largest = (positions: Float64Array) => {
      field.compute(positions, forces);
      return Math.max(...forces.map(Math.abs));
    };
    expect(largest(start)).toBeGreaterThan(1000);
    expect(largest(relax(start, field))).toBeLessThanOrEqual(30);
  });
});

test("a simulation stops when it is told to, and bad input is refused by name", async () => {
  const start = {
    positions: Float64Array.of(1, 0, 0),
    velocities: new Float64Array(3),
    masses: unitMasses(1),
  };
  const stop = new AbortController();
  const task = createTask({
    signal: stop.signal,
    listener: ({ fraction }) => fraction > 0.1 && stop.abort(),
  });
  const long = { forces: springs, timestep: 1, steps: 1e6, task };
  await expect(simulate(start, long)).rejects.toThrow("cancelled");

  const quick = { forces: springs, timestep: 1, steps: 100, task: quietTask };
  const thermostat = { temperature: 300, friction: 1, random: random(1) };
  const cases: [Parameters<typeof simulate>, string][] = [
    [[start, { ...quick, timestep: 0 }], "timestep 0 fs"],
    [[start, { ...quick, steps: 1.5 }], "1.5 steps"],
    [[{ ...start, masses: new Float64Array(1) }, quick], "a mass is not above 0 u"],
    [[{ ...start, velocities: new Float64Array(2) }, quick], "3 positions, 2 velocities, 1 masses"],
    [[start, { ...quick, thermostat: { ...thermostat, temperature: -1 } }], "temperature -1 K"],
    [[start, { ...quick, timestep: 20 }], "the beads fly apart"],
    [[start, { ...quick, forces: () => Number.NaN }], "the potential energy is NaN at step 0"],
  ];
  for (const [given, message] of cases) await expect(simulate(...given)).rejects.toThrow(message);
  expect(() =>
    randomInsertion({ beads: 99, cell: cubicCell(8), floor: 3, random: random(1), attempts: 50 }),
  ).toThrow("no room for bead");
  expect(() => cellForDensity(10, 18, 0)).toThrow("at 0 g/cm³");
});
