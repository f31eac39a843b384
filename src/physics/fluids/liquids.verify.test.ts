import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { angleDistribution, tetrahedralOrder } from "./angles.ts";
import { blockAverage } from "./block-average.ts";
import { type Cell, cell, wrap } from "./cell.ts";
import { boltzmann, pressureToAtm } from "./constants.ts";
import { maxwellVelocities, simulate } from "./dynamics.ts";
import { fieldForces } from "./field-forces.ts";
import { neighbourGraph } from "./graph.ts";
import { coordination, radialDistribution } from "./radial-distribution.ts";
import { relax } from "./relax.ts";
import { type Configuration, cellForDensity, gridStart } from "./start.ts";
import { fluidSystem } from "./systems.ts";

/** Samples every 20 steps and frames every 200 of a long Langevin run. */
async function sample(name: "lj" | "mw", beads: number, within: Cell, temperature: number, steps: number) {
  const system = fluidSystem(name);
  const source = random(1, name, temperature);
  const field = fieldForces(system.field, within, beads);
  const masses = new Float64Array(beads).fill(system.mass);
  const positions = relax(gridStart({ beads, cell: within, random: source }), field);
  const start = { positions, velocities: maxwellVelocities(masses, temperature, source), masses };
  const thermostat = { temperature, friction: 1, random: source };
  const common = { forces: field.compute, timestep: 5, thermostat, task: quietTask };
  const settled = await simulate(start, { ...common, steps: 10_000 });
  const series = { pair: [] as number[], triplet: [] as number[], pressure: [] as number[] };
  const frames: Configuration[] = [];
  await simulate(settled, {
    ...common,
    steps,
    every: 20,
    observe: ({ step, positions: now }) => {
      const { pairEnergy, tripletEnergy, virial } = field.last;
      series.pair.push(pairEnergy / beads);
      series.triplet.push(tripletEnergy / beads);
      const thermal = 3 * beads * boltzmann * temperature;
      series.pressure.push(
        ((thermal + virial[0]! + virial[4]! + virial[8]!) / (3 * within.volume)) * pressureToAtm,
      );
      if (step % 200 === 0) frames.push({ positions: wrap(within, now), cell: within });
    },
  });
  return { series, frames };
}

/** The highest point of g(r), and the lowest one after it up to `to`. */
function peaks({ at, value }: { at: Float64Array; value: Float64Array }, to: number) {
  const top = value.reduce((best, g, k) => (g > value[best]! ? k : best), 0);
  let low = top;
  for (let k = top; k < at.length && at[k]! < to; k++) if (value[k]! < value[low]!) low = k;
  return { height: value[top]!, at: at[top]!, depth: value[low]!, minimum: at[low]! };
}

describe("mW water, 512 beads, 298 K, 0.997 g/cm³, beside LAMMPS (50 000 steps of 5 fs)", () => {
  test("energies by order, pressure, g(r), neighbours and triplets a bead", async () => {
    const within = cellForDensity(512, 18.015, 0.997);
    const { series, frames } = await sample("mw", 512, within, 298, 50_000);
    const pair = blockAverage(series.pair);
    const triplet = blockAverage(series.triplet);
    const total = blockAverage(series.pair.map((e, i) => e + series.triplet[i]!));
    const pressure = blockAverage(series.pressure);
    const g = radialDistribution(frames, { rMax: 8, bins: 400 });
    const neighbours = blockAverage(coordination(frames, 4.3065));
    const corners = frames.map(({ positions, cell: box }) => {
      const counts = new Float64Array(512);
      const { starts } = neighbourGraph(positions, box, 4.3065);
      for (let i = 0; i < 512; i++)
        counts[i] = ((starts[i + 1]! - starts[i]!) * (starts[i + 1]! - starts[i]! - 1)) / 2;
      return counts.reduce((a, b) => a + b) / 512;
    });
    const first = peaks(g, 4);
    const q = frames.map((frame) => tetrahedralOrder(frame).reduce((a, b) => a + b) / 512);
    const angles = angleDistribution(frames, { shell: 3.5 });
    console.info({
      total,
      pair,
      triplet,
      pressure,
      neighbours,
      corners: blockAverage(corners),
      first,
      q: blockAverage(q),
    });
    // Both runs have an error: the reference's is taken to be as large as ours.
    const agree = ({ mean, error }: { mean: number; error: number }, expected: number) =>
      expect(Math.abs(mean - expected)).toBeLessThan(
        Math.max(4 * Math.SQRT2 * error, 0.0005 * Math.abs(expected)),
      );
    agree(total, -10.074);
    agree(pair, -13.383);
    agree(triplet, 3.306);
    agree(pressure, -13);
    agree(neighbours, 10.18);
    agree(blockAverage(corners), 47.99);
    expect(total.error).toBeLessThan(0.02);
    expect(Math.abs(first.height - 2.106)).toBeLessThan(0.03);
    expect(Math.abs(first.at - 2.84)).toBeLessThan(0.04);
    expect(Math.abs(first.depth - 0.839)).toBeLessThan(0.03);
    expect(Math.abs(first.minimum - 3.54)).toBeLessThan(0.1);
    // Tetrahedral: the most likely angle between near neighbours is near 109°, where a simple liquid has 60°.
    const best = angles.value.reduce((top, p, k) => (p > angles.value[top]! ? k : top), 0);
    expect(Math.abs(angles.at[best]! - 105)).toBeLessThan(12);
  });
});

describe("Lennard-Jones methane, 125 beads in the published box", () => {
  test.each([
    [111, -1.489, 3.05, 4.03],
    [200, -1.31, 2.63, 3.93],
    [300, -1.138, 2.43, 3.88],
  ])("at %f K: energy a bead and first peak of g(r)", async (temperature, energy, height, at) => {
    const within = cell([20.768, 0, 0, 0, 20.41, 0, 0, 0, 17.969]);
    const { series, frames } = await sample("lj", 125, within, temperature, 60_000);
    const pair = blockAverage(series.pair);
    const first = peaks(radialDistribution(frames, { rMax: 8.9, bins: 178 }), 7);
    console.info({ temperature, pair, first });
    expect(Math.abs(pair.mean - energy)).toBeLessThan(Math.max(4 * Math.SQRT2 * pair.error, 0.002));
    expect(Math.abs(first.height - height)).toBeLessThan(0.05);
    expect(Math.abs(first.at - at)).toBeLessThan(0.06);
    expect(series.triplet.every((e) => e === 0)).toBe(true);
  });
});
