import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { type Configurations, joinFrames } from "../../data/configurations.ts";
import { readExtendedXyz } from "../../data/extended-xyz.ts";
import { readSafetensors } from "../../data/safetensors.ts";
import { type Cell, cell, minimumImage, openCell } from "../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { compile, runOnce, type Session } from "../../program/session.ts";
import { cellOf, kindsOf, paddedPairs, pairInputs } from "./neighbours.ts";
import { graphNetwork, networkForces } from "./potential.ts";
import { tracedForces } from "./traced-forces.ts";
import { type PotentialConfig, tracedPotential } from "./traced-model.ts";
import { namedWeights, potentialFromWeights, readPotential, writePotential } from "./traced-weights.ts";
import { forceLossProgram, forcesProgram } from "./train-programs.ts";

const shared = { features: 6, layers: 2, radialBasis: 7, cutoff: 3, species: ["A", "B"] };
const configs: PotentialConfig[] = [
  { architecture: "schnet", ...shared },
  { architecture: "so3net", lmax: 2, ...shared },
  { architecture: "painn", ...shared },
  { architecture: "so3net", lmax: 1, ...shared, features: 4 },
  { architecture: "so3net", lmax: 0, ...shared, layers: 1 },
];
const box = cell([6.5, 0, 0, 0.4, 6.2, 0, -0.3, 0.5, 6.4]);

/** Beads at least 0.9 Å apart in a cube of `edge` Å, as one frame. */
function frame(seed: number, options: { within?: Cell; beads?: number; edge?: number } = {}): Configurations {
  const { within = box, beads = 7, edge = 4 } = options;
  const source = random(seed, "frame");
  const out: number[] = [];
  while (out.length < 3 * beads) {
    const point = [0, 1, 2].map(() => edge * source.uniform());
    const free = Array.from({ length: out.length / 3 }, (_, i) =>
      Math.hypot(
        ...minimumImage(
          within,
          point.map((x, k) => x - out[3 * i + k]!),
        ),
      ),
    ).every((r) => r > 0.9);
    if (free) out.push(...point);
  }
  return joinFrames(
    [
      {
        species: Array.from({ length: beads }, (_, i) => (i % 3 === 1 ? "B" : "A")),
        positions: Float64Array.from(out),
        ...(within.periodic[0] ? { cell: within.vectors } : {}),
        periodic: within.periodic,
        info: {},
      },
    ],
    { name: "test" },
  );
}

function parametersOf(config: PotentialConfig, seed = 1): Float64Array {
  const source = random(seed, "parameters");
  return Float64Array.from({ length: tracedPotential(config).layout.size }, () => 0.4 * source.normal());
}

const sessions = new Map<string, Session>();
afterAll(async () => {
  for (const session of sessions.values()) await session.release();
});

/** Energy and forces by the traced program, padded to 40 pairs where that is enough. */
async function traced(config: PotentialConfig, set: Configurations, options: { pairs?: number } = {}) {
  const found = paddedPairs(set, config.cutoff);
  const pairs = paddedPairs(set, config.cutoff, { pairs: options.pairs ?? Math.max(40, found.pairs) });
  const kinds = kindsOf(set.species, config.species, "test");
  const shape = { frames: set.frames, pairs: pairs.pairs, kinds, dtype: "float64" } as const;
  const key = JSON.stringify([config, shape, [...kinds]]);
  const session = sessions.get(key) ?? (await compile(forcesProgram(tracedPotential(config), shape)));
  sessions.set(key, session);
  const rows = Int32Array.from({ length: set.frames }, (_, f) => f);
  const [energies, forces] = await session.run([parametersOf(config), ...pairInputs(pairs, rows, "float64")]);
  return { energies: energies as Float64Array, forces: forces as Float64Array };
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe.each(configs)("$architecture, lmax $lmax, $layers layers", (config) => {
  const kernel = graphNetwork(namedWeights(config, parametersOf(config)));
  const kernelForces = (set: Configurations) =>
    networkForces(
      kernel,
      neighbourGraph(set.positions, cellOf(set, 0), config.cutoff),
      kindsOf(set.species, config.species, "test"),
    );

  test.each([
    ["a skew cell", frame(1)],
    ["vacuum", frame(2, { within: openCell() })],
    [
      "130 beads, summed by index",
      frame(3, { within: cell([9, 0, 0, 0, 9, 0, 0, 0, 9]), beads: 130, edge: 9 }),
    ],
  ])("energy and forces in %s are those of the kernels written by hand", async (_name, set) => {
    const found = await traced(config, set);
    const expected = kernelForces(set);
    expect(Math.abs(found.energies[0]! - expected.energy)).toBeLessThan(
      1e-10 * (1 + Math.abs(expected.energy)),
    );
    expect(worst(found.forces, expected.forces)).toBeLessThan(1e-10 * (1 + Math.max(...expected.forces)));
    expect(Math.max(...expected.forces.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  test("padding changes nothing, and frames of a batch do not feel each other", async () => {
    const sets = [frame(1), frame(4), frame(5)];
    const batch = joinFrames(
      sets.map((set) => ({
        species: set.species,
        positions: set.positions,
        cell: set.cells!,
        periodic: set.periodic,
        info: {},
      })),
      { name: "batch" },
    );
    const together = await traced(config, batch);
    const tight = await traced(config, sets[0]!, { pairs: paddedPairs(sets[0]!, config.cutoff).pairs });
    expect(worst(tight.forces, together.forces.subarray(0, 21))).toBeLessThan(1e-11);
    for (const [f, set] of sets.entries()) {
      const alone = await traced(config, set);
      expect(together.energies[f]).toBeCloseTo(alone.energies[0]!, 11);
      expect(worst(together.forces.subarray(21 * f, 21 * (f + 1)), alone.forces)).toBeLessThan(1e-11);
    }
  });

  test("forces are central differences of the energy", async () => {
    const set = frame(6);
    const { forces } = await traced(config, set);
    const h = 1e-5;
    for (const k of [0, 4, 11, 20]) {
      const at = async (by: number) => {
        const positions = set.positions.map((x, i) => (i === k ? x + by : x));
        return (await traced(config, { ...set, positions })).energies[0]!;
      };
      const slope = ((await at(h)) - (await at(-h))) / (2 * h);
      expect(Math.abs(forces[k]! + slope)).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
    }
  });

  test("a rotation turns the forces; a shift, whole lattice vectors and another order leave the energy", async () => {
    const set = frame(7);
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    // About z by 0.7, then x ↔ z with a reflection: proper in all.
    const turn = (v: ArrayLike<number>) => {
      const out = new Float64Array(v.length);
      for (let i = 0; i < v.length; i += 3) {
        const [x, y, z] = [c * v[i]! - s * v[i + 1]!, s * v[i]! + c * v[i + 1]!, v[i + 2]!];
        out.set([z, -y, x], i);
      }
      return out;
    };
    const before = await traced(config, set);
    const turned = await traced(config, { ...set, positions: turn(set.positions), cells: turn(set.cells!) });
    expect(turned.energies[0]).toBeCloseTo(before.energies[0]!, 10);
    expect(worst(turned.forces, turn(before.forces))).toBeLessThan(1e-10);

    const shifted = set.positions.map((x, k) => {
      const wraps = [2, -1, 0, 1, 0, -3, 1][Math.floor(k / 3)]!;
      return x + 0.37 * ((k % 3) + 1) + wraps * box.vectors[3 + (k % 3)]!;
    });
    const moved = await traced(config, { ...set, positions: shifted });
    expect(moved.energies[0]).toBeCloseTo(before.energies[0]!, 10);
    expect(worst(moved.forces, before.forces)).toBeLessThan(1e-10);

    const order = [6, 2, 0, 4, 1, 3, 5];
    const permuted = await traced(config, {
      ...set,
      species: order.map((i) => set.species[i]!),
      positions: Float64Array.from(order.flatMap((i) => [...set.positions.subarray(3 * i, 3 * i + 3)])),
    });
    expect(permuted.energies[0]).toBeCloseTo(before.energies[0]!, 10);
    order.forEach((i, k) => {
      expect(
        worst(permuted.forces.subarray(3 * k, 3 * k + 3), before.forces.subarray(3 * i, 3 * i + 3)),
      ).toBeLessThan(1e-10);
    });
  });

  test("the gradient of the force loss, with energies, is its central difference", async () => {
    const set = frame(8);
    const model = tracedPotential(config);
    const pairs = paddedPairs(set, config.cutoff, { pairs: 25 });
    const kinds = kindsOf(set.species, config.species, "test");
    const shape = { frames: 1, pairs: 25, kinds, dtype: "float64" } as const;
    const session = await compile(forceLossProgram(model, shape, 2.5));
    const source = random(9);
    const targets = [Float64Array.from({ length: 21 }, () => source.normal()), Float64Array.of(3)];
    const inputs = [...pairInputs(pairs, Int32Array.of(0), "float64"), ...targets];
    const flat = parametersOf(config);
    const [loss, gradient] = await session.run([flat, ...inputs]);
    const [energies, forces] = await runOnce(forcesProgram(model, shape), [flat, ...inputs.slice(0, 4)]);
    const expected =
      targets[0]!.reduce((sum, f, k) => sum + (f - forces![k]!) ** 2 / 21, 0) +
      2.5 * ((energies![0]! - 3) / 7) ** 2;
    expect(loss![0]).toBeCloseTo(expected, 9);
    const h = 1e-5;
    for (const name of model.layout.names) {
      const { start, end } = model.layout.slice(name);
      const k = start + source.int(end - start);
      const at = async (by: number) =>
        (await session.run([flat.map((x, i) => (i === k ? x + by : x)), ...inputs]))[0]![0]!;
      const slope = ((await at(h)) - (await at(-h))) / (2 * h);
      expect(Math.abs(gradient![k]! - slope), name).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
    }
    await session.release();
    const length = Math.hypot(...(gradient as Float64Array));
    // One architecture is enough: what is done to the gradient does not know it.
    for (const clip of config === configs[0] ? [length / 4, length * 4] : []) {
      const [same, short] = await runOnce(forceLossProgram(model, shape, 2.5, { clip }), [flat, ...inputs]);
      expect(same![0]).toBeCloseTo(expected, 9);
      const factor = Math.min(1, clip / length);
      expect(
        worst(
          short!,
          (gradient as Float64Array).map((g) => factor * g),
        ),
      ).toBeLessThan(1e-12 * length);
    }
  });

  test("forces for dynamics are the same, with the virial, and room grows with the pairs", async () => {
    const set = frame(1);
    const model = tracedPotential(config);
    const field = tracedForces(model, parametersOf(config), box, set.species, { pairs: 4 });
    const forces = new Float64Array(21);
    const expected = kernelForces(set);
    const spreadOut = set.positions.map((x) => 1.5 * x);
    await field.compute(spreadOut, forces);
    expect(worst(forces, kernelForces({ ...set, positions: spreadOut }).forces)).toBeLessThan(1e-10);
    expect(Math.abs((await field.compute(set.positions, forces)) - expected.energy)).toBeLessThan(1e-10);
    expect(worst(forces, expected.forces)).toBeLessThan(1e-10);
    expect(worst(field.virial, expected.virial)).toBeLessThan(1e-10);
    await field.release();
  });

  test.each([
    ["float32", Float32Array.from(parametersOf(config))],
    ["float64", parametersOf(config)],
  ])("weights in %s come back from safetensors bit by bit", (_name, parameters) => {
    const read = readPotential(writePotential(config, parameters));
    expect(read.parameters).toEqual(parameters);
    expect(read.config).toMatchObject(config);
  });
});

const weightsFile = sharedPath("data/methane/so3net-methane.safetensors");
const frameFile = sharedPath("data/methane/frame0.extxyz");
describe.skipIf(!weightsFile || !frameFile)("the published methane network", () => {
  test("energy and forces of the published frame", async () => {
    const { tensors } = readSafetensors(readFileSync(weightsFile!));
    const { config, parameters } = potentialFromWeights(tensors, { species: { C: 6 } });
    expect(config).toMatchObject({ architecture: "so3net", features: 128, layers: 3, lmax: 2, cutoff: 5 });
    const set = joinFrames(
      readExtendedXyz(readFileSync(frameFile!), {
        source: "frame0",
        units: { length: "angstrom", energy: "kcal/mol" },
      }),
      {
        name: "frame0",
      },
    );
    const field = tracedForces(tracedPotential(config), parameters, cellOf(set, 0), set.species);
    const forces = new Float64Array(375);
    const energy = await field.compute(set.positions, forces);
    // Exact tables here; the published energy has tables rounded to float32, 2.7e-6 kcal/mol from them.
    expect(Math.abs(energy + 20.195179517777)).toBeLessThan(5e-6);
    const graph = neighbourGraph(set.positions, cellOf(set, 0), 5);
    const kernel = networkForces(graphNetwork(tensors), graph, new Int32Array(125).fill(6));
    expect(Math.abs(energy - kernel.energy)).toBeLessThan(1e-10);
    expect(worst(forces, kernel.forces)).toBeLessThan(1e-10);
    const expected = [0.238109, -3.78819, 0.18919, 0.49691, 0.31736, -0.639697];
    expect(worst(expected, forces)).toBeLessThan(1e-5);
    await field.release();
  });
});

describe("refusals", () => {
  const good = configs[1]!;
  const bad: [string, Partial<PotentialConfig>, RegExp][] = [
    ["odd features", { features: 5 }, /5 features; expected an even number/],
    ["no layers", { layers: 0 }, /layers is 0; expected a whole number from 1/],
    ["one Gaussian", { radialBasis: 1 }, /radialBasis is 1/],
    ["a cutoff of 0", { cutoff: 0 }, /cutoff 0/],
    ["species twice", { species: ["A", "A"] }, /species \[A, A\]; expected at least one, each once/],
  ];
  test.each(bad)("%s", (_name, change, message) => {
    expect(() => tracedPotential({ ...good, ...change } as PotentialConfig)).toThrow(message);
  });

  test("a frame is named: beads too near, a cell too small, a species that is not known", () => {
    const set = frame(1);
    const near = set.positions.slice();
    near.set([near[0]! + 0.1, near[1]!, near[2]!], 3);
    expect(() => paddedPairs({ ...set, positions: near }, 3)).toThrow(
      /test: frame 0: beads 0 and 1 are 0\.1/,
    );
    expect(() => paddedPairs(set, 4)).toThrow(/test: frame 0: .*less than twice the cutoff 4/);
    expect(() => paddedPairs(set, 3, { pairs: 2 })).toThrow(/has a frame of \d+ pairs; room for 2/);
    expect(() => kindsOf(["A", "C"], ["A", "B"], "here")).toThrow(/here: bead 1 is 'C'/);
  });

  test("weights that do not fit", () => {
    const weights = namedWeights(good, parametersOf(good));
    const without = new Map(weights);
    without.delete("representation.mixings2.0.weight");
    expect(() => potentialFromWeights(without, { species: { A: 0 } })).toThrow(
      /no tensor 'representation.mixings2/,
    );
    expect(() => potentialFromWeights(weights, { species: { A: 2 } })).toThrow(/row 2 of an embedding of 2/);
    expect(() => potentialFromWeights(new Map(), { species: { A: 2 } })).toThrow(/no tensor/);
    const wrong = new Map(weights).set("representation.gatings.0.scaling.bias", {
      shape: [3],
      data: new Float64Array(3),
    });
    expect(() => potentialFromWeights(wrong, { species: { A: 0, B: 1 } })).toThrow(
      /has the shape \[3\]; expected \[18\]/,
    );
  });
});
