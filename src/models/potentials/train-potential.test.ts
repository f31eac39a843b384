import { beforeAll, describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { Cancelled, createTask, quietTask } from "../../core/task.ts";
import { type Configurations, frameOf } from "../../data/configurations.ts";
import { cell } from "../../physics/fluids/cell.ts";
import { maxwellVelocities, simulate } from "../../physics/fluids/dynamics.ts";
import { fluidSet, withForceNoise } from "../../physics/fluids/fluid-set.ts";
import { methane } from "../../physics/fluids/systems.ts";
import { runOnce } from "../../program/session.ts";
import type { CheckpointStore } from "../checkpoint.ts";
import { lammpsPairTable } from "./lammps-table.ts";
import { kindsOf, paddedPairs, pairInputs } from "./neighbours.ts";
import { tracedForces } from "./traced-forces.ts";
import { type PotentialConfig, tracedPotential } from "./traced-model.ts";
import { calibrate } from "./train-calibrate.ts";
import { fluidFrames, methaneRecipe, waterRecipe } from "./train-fluid.ts";
import { initialParameters, type PotentialTraining, trainPotential } from "./train-potential.ts";
import { forcesProgram } from "./train-programs.ts";

const config: PotentialConfig = {
  architecture: "schnet",
  features: 16,
  layers: 1,
  radialBasis: 12,
  cutoff: 5.5,
  species: ["C"],
};
const training: PotentialTraining = {
  epochs: 12,
  learningRate: 1e-2,
  schedule: "cosine",
  weightDecay: 0,
  batch: 2,
  dtype: "float32",
  points: 4,
};
const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, k) => from + k);
const split = { train: rows(0, 24), validation: rows(24, 30) };
const seeded = () => random(4, "train");

let set: Configurations;
beforeAll(async () => {
  const system = methane({ cutoff: 5.5, end: "force-shifted" });
  set = await fluidSet({ system, beads: 32, frames: 30, seed: 2, stride: 60, equilibration: 1000 });
});
const run = (change: Partial<Parameters<typeof trainPotential>[0]> = {}) =>
  trainPotential({ config, set, ...split, training, random: seeded(), task: quietTask, ...change });

const inMemory = (): CheckpointStore & { entries: Map<string, Uint8Array> } => {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    read: (key) => entries.get(key),
    write: (key, bytes) => void entries.set(key, bytes.slice()),
  };
};

describe("force matching of a small Lennard-Jones set", () => {
  test("brings the force error below a tenth of the spread, on frames it never saw too", async () => {
    const { match, parameters, steps } = await run({ noise: 0 });
    expect(steps).toBe(144);
    expect(match.relative).toBeLessThan(0.1);
    expect(match.training).toBeLessThan(0.12 * match.spread);
    expect(match).toMatchObject({ floor: 0, excess: match.validation });
    // The error reported is the error of the parameters returned, in kcal/mol/Å, worked out anew.
    const model = tracedPotential(config);
    const pairs = paddedPairs(set, config.cutoff);
    const shape = {
      frames: 6,
      pairs: pairs.pairs,
      kinds: kindsOf(set.species, config.species, "test"),
      dtype: "float64",
    } as const;
    const inputs = pairInputs(pairs, split.validation, "float64");
    const [, forces] = await runOnce(forcesProgram(model, shape), [Float64Array.from(parameters), ...inputs]);
    const reference = set.forces!.subarray(24 * 96);
    const square = reference.reduce((sum, f, k) => sum + (f - forces![k]!) ** 2 / reference.length, 0);
    expect(Math.sqrt(square) / match.validation).toBeCloseTo(1, 4);
  });

  test("with energies, their errors per bead fall below those of the mean", async () => {
    const { parameters } = await run({ training: { ...training, energyWeight: 10, epochs: 16 } });
    const model = tracedPotential(config);
    const { positions, energy, cell: vectors } = frameOf(set, 27);
    const field = tracedForces(model, parameters, cell(vectors!), set.species);
    const found = await field.compute(positions, new Float64Array(96));
    await field.release();
    const mean = set.energies!.reduce((sum, e) => sum + e, 0) / 30;
    const deviation = Math.sqrt(set.energies!.reduce((sum, e) => sum + (e - mean) ** 2 / 30, 0));
    expect(Math.abs(found - energy!)).toBeLessThan(0.5 * deviation);
  });

  test("noisy forces: the error ends near the floor, the excess well below it", async () => {
    const noisy = withForceNoise(set, 1, random(5));
    const { match } = await run({ set: noisy, noise: 1, training: { ...training, epochs: 6 } });
    expect(match.validation).toBeGreaterThan(0.95);
    expect(match.validation).toBeLessThan(1.3);
    expect(match.excess).toBeCloseTo(Math.sqrt(match.validation ** 2 - 1), 10);
  });

  test("a run that was stopped goes on from its checkpoint to the same bytes; other settings are refused", async () => {
    const short = { ...training, epochs: 4, checkpointEvery: 1 };
    const whole = await run({ training: short });
    const store = inMemory();
    const checkpoint = { store, key: "potential" };
    const stop = new AbortController();
    const task = createTask({
      signal: stop.signal,
      listener: ({ message }) => void (message.includes("epoch 2 of") && stop.abort()),
    });
    await expect(run({ training: short, checkpoint, task })).rejects.toThrow(Cancelled);
    expect(store.entries.size).toBe(1);
    const resumed = await run({ training: short, checkpoint });
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.curve).toEqual(whole.curve);
    await expect(run({ training: { ...short, learningRate: 2e-3 }, checkpoint })).rejects.toThrow(
      /other settings or data/,
    );
    const other = { ...set, forces: set.forces!.map((f, k) => (k === 7 ? f + 1 : f)) };
    await expect(run({ set: other, training: short, checkpoint })).rejects.toThrow(/other settings or data/);
  });

  test("the network's own dynamics conserve energy", async () => {
    const { parameters } = await run();
    const { positions, cell: vectors } = frameOf(set, 29);
    const field = tracedForces(tracedPotential(config), parameters, cell(vectors!), set.species);
    const masses = new Float64Array(32).fill(16.043);
    const energies: number[] = [];
    await simulate(
      { positions, velocities: maxwellVelocities(masses, 200, random(6)), masses },
      {
        forces: field.compute,
        timestep: 2,
        steps: 120,
        observe: ({ potential, kinetic }) => void energies.push(potential + kinetic),
        task: quietTask,
      },
    );
    await field.release();
    const kinetic = 1.5 * 32 * 0.0019872 * 200;
    expect(Math.max(...energies) - Math.min(...energies)).toBeLessThan(2e-3 * kinetic);
  });
});

test("after calibration the predicted forces have RMS 1, and a second calibration finds nothing to change", async () => {
  for (const architecture of ["schnet", "so3net"] as const) {
    const other = { ...config, architecture, layers: 2, lmax: 2, features: 8 } as PotentialConfig;
    const model = tracedPotential(other);
    const pairs = paddedPairs(set, other.cutoff);
    const kinds = kindsOf(set.species, other.species, "test");
    const shape = { frames: 2, pairs: pairs.pairs, kinds, dtype: "float64" } as const;
    const parameters = initialParameters(model, random(7), "float64");
    const frames = rows(0, 8);
    await calibrate(model, parameters, pairs, frames, shape);
    const program = forcesProgram(model, { ...shape, frames: 8 });
    const [, forces] = await runOnce(program, [parameters, ...pairInputs(pairs, frames, "float64")]);
    const rms = Math.sqrt((forces as Float64Array).reduce((sum, f) => sum + f * f, 0) / forces!.length);
    expect(rms).toBeCloseTo(1, 9);
    const again = parameters.slice();
    await calibrate(model, again, pairs, frames, shape);
    expect(Math.max(...again.map((x, k) => Math.abs(x - parameters[k]!)))).toBeLessThan(1e-9);
    const start = initialParameters(model, random(7), "float64");
    expect(Math.max(...start.map((x, k) => Math.abs(x - parameters[k]!)))).toBeGreaterThan(0.1);
  }
});

describe("refusals", () => {
  test.each([
    ["no forces", () => ({ set: withoutForces(set) }), /has no forces/],
    [
      "energies missing",
      () => ({ set: withoutEnergies(set), training: { ...training, energyWeight: 1 } }),
      /has no energies/,
    ],
    ["a batch too large", () => ({ training: { ...training, batch: 25 } }), /25 frames a step from 24/],
    ["no validation", () => ({ validation: new Int32Array(0) }), /no validation frames/],
    ["a frame twice", () => ({ validation: rows(20, 30) }), /frame 20 is among both/],
    ["a frame that is not there", () => ({ train: Int32Array.of(1, 31) }), /train: no frame 31/],
    ["a species unknown", () => ({ config: { ...config, species: ["O"] } }), /bead 0 is 'C'/],
    [
      "NaN",
      () => ({ set: { ...set, positions: set.positions.map((x, k) => (k === 100 ? Number.NaN : x)) } }),
      /frame 1, bead 1: positions NaN/,
    ],
    ["a clip of 0", () => ({ training: { ...training, clip: 0 } }), /clip 0/],
    ["noise below 0", () => ({ noise: -1 }), /noise -1/],
  ])("%s", async (_name, change, message) => {
    await expect(run(change())).rejects.toThrow(message);
  });
});

function withoutForces({ forces: _, ...rest }: Configurations): Configurations {
  return rest;
}

function withoutEnergies({ energies: _, ...rest }: Configurations): Configurations {
  return rest;
}

test("a pair table in the form LAMMPS reads", () => {
  const distances = Float64Array.from({ length: 5 }, (_, k) => 2 + 0.5 * k);
  const energies = distances.map((r) => 1 / r);
  const forces = distances.map((r) => 1 / r ** 2);
  const text = lammpsPairTable({ distances, energies, forces }, { keyword: "V2", comment: "a\nb" });
  const lines = text.split("\n");
  expect(lines.slice(0, 6)).toEqual([
    "# a",
    "# b",
    "# UNITS: real",
    "",
    "V2",
    expect.stringMatching(/^N 5 R 2\.0+e\+0 4\.0+e\+0$/),
  ]);
  const body = lines.slice(7, 12).map((line) => line.split(" ").map(Number));
  body.forEach(([k, r, e, f], i) => {
    expect(k).toBe(i + 1);
    expect([r, e, f]).toEqual(
      [distances[i], energies[i], forces[i]].map((v) => Number(v!.toExponential(12))),
    );
  });
  expect(() => lammpsPairTable({ distances, energies, forces }, { keyword: "2" })).toThrow(/keyword '2'/);
  expect(() => lammpsPairTable({ distances, energies: [1], forces }, { keyword: "V" })).toThrow(
    /same number of each/,
  );
  const uneven = distances.map((r, k) => (k === 2 ? r + 0.1 : r));
  expect(() => lammpsPairTable({ distances: uneven, energies, forces }, { keyword: "V" })).toThrow(
    /evenly spaced/,
  );
  const broken = energies.map((e, k) => (k === 1 ? Number.NaN : e));
  expect(() => lammpsPairTable({ distances, energies: broken, forces }, { keyword: "V" })).toThrow(
    /energy NaN/,
  );
});

test("frames of a recipe: states one after another, the last ones of the first held out, the same seed the same frames", async () => {
  const recipe = methaneRecipe();
  const small = {
    ...recipe,
    states: recipe.states.map((state, s) => ({ ...state, frames: 3 + s })),
    validation: 1,
    stride: 2,
  };
  const { set: frames, train, validation, state } = await fluidFrames(small, 3, quietTask);
  expect([...state]).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  expect([...validation]).toEqual([2]);
  expect([...train]).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  // 64 beads of 16.043 u at 0.437 and at 0.1 g/cm³.
  expect(frames.cells![0]).toBeCloseTo(Math.cbrt((64 * 16.043) / 0.602214076 / 0.437), 9);
  expect(frames.cells![9 * 11]).toBeCloseTo(Math.cbrt((64 * 16.043) / 0.602214076 / 0.1), 9);
  const again = await fluidFrames(small, 3, quietTask);
  expect(again.set.forces).toEqual(frames.forces);
  expect((await fluidFrames(small, 4, quietTask)).set.forces).not.toEqual(frames.forces);
  await expect(fluidFrames({ ...small, validation: 3 }, 3, quietTask)).rejects.toThrow(
    /3 validation frames of 3/,
  );
});

test("recipes describe networks that exist, with boxes wide enough for their cutoffs", () => {
  for (const recipe of [waterRecipe(), methaneRecipe(), methaneRecipe("so3net")]) {
    expect(tracedPotential(recipe.config).layout.size).toBeGreaterThan(1000);
    expect(recipe.config.cutoff).toBeGreaterThanOrEqual(recipe.system.field.cutoff);
    for (const { density } of recipe.states) {
      const edge = Math.cbrt((recipe.beads * recipe.system.mass) / 0.602214076 / density);
      expect(edge).toBeGreaterThan(2 * recipe.config.cutoff);
    }
  }
});
