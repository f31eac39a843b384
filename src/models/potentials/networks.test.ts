import { describe, expect, test } from "vitest";
import { type Random, random } from "../../core/random.ts";
import { type Cell, cell, openCell } from "../../physics/fluids/cell.ts";
import { neighbourGraph } from "../../physics/fluids/graph.ts";
import { exactCouplings } from "./clebsch-gordan.ts";
import { dense } from "./dense.ts";
import { speciesNumbers } from "./embed.ts";
import { graphNetwork, networkEnergy, networkForces } from "./potential.ts";
import { initialWeights, type NetworkSizes } from "./shapes.ts";
import { exactHarmonics, harmonics } from "./spherical-harmonics.ts";

const configs: NetworkSizes[] = [
  { architecture: "schnet", features: 6, layers: 2, radialBasis: 7, cutoff: 3, species: 2 },
  { architecture: "painn", features: 6, layers: 2, radialBasis: 7, cutoff: 3, species: 2 },
  { architecture: "so3net", features: 6, layers: 2, radialBasis: 7, cutoff: 3, species: 2 },
  { architecture: "so3net", features: 4, layers: 2, radialBasis: 5, cutoff: 3, species: 2, lmax: 1 },
];

/** Beads at least 0.9 Å apart in a box of 4 Å. */
function scatter(beads: number, source: Random): Float64Array {
  const out: number[] = [];
  while (out.length < 3 * beads) {
    const point = [0, 1, 2].map(() => 4 * source.uniform());
    const near = Array.from({ length: out.length / 3 }, (_, i) =>
      Math.hypot(...point.map((x, k) => x - out[3 * i + k]!)),
    );
    if (near.every((r) => r > 0.9)) out.push(...point);
  }
  return Float64Array.from(out);
}

describe.each(configs)("$architecture, lmax $lmax", (config) => {
  const source = random(3, config.architecture);
  const net = graphNetwork(initialWeights(config, source, { bias: 0.3 }));
  const species = Int32Array.of(0, 1, 0, 0, 1, 1, 0);
  const positions = scatter(7, source);
  const box = cell([6.5, 0, 0, 0.4, 6.2, 0, -0.3, 0.5, 6.4]);
  const energyAt = (at: Float64Array, within: Cell, kinds = species) =>
    networkEnergy(net, neighbourGraph(at, within, config.cutoff), kinds);

  test.each([
    ["a periodic cell", box],
    ["vacuum", openCell()],
  ])("forces and virial in %s are central differences of the energy", (_name, within) => {
    const { forces, virial, energy } = networkForces(
      net,
      neighbourGraph(positions, within, config.cutoff),
      species,
    );
    expect(energy).toBeCloseTo(energyAt(positions, within), 12);
    const h = 1e-5;
    for (let k = 0; k < positions.length; k++) {
      const shifted = (by: number) => positions.map((x, at) => (at === k ? x + by : x));
      const slope = (energyAt(shifted(h), within) - energyAt(shifted(-h), within)) / (2 * h);
      expect(Math.abs(forces[k]! + slope)).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
    }
    for (let a = 0; a < 3; a++) {
      const total = forces.reduce((sum, f, k) => (k % 3 === a ? sum + f : sum), 0);
      expect(Math.abs(total)).toBeLessThan(1e-11);
      for (let b = 0; b < 3; b++) {
        const strain = (by: number) => {
          const bent = (v: Float64Array) => v.map((x, k) => (k % 3 === b ? x + by * v[k - b + a]! : x));
          const bentCell = within.periodic[0] ? cell(bent(within.vectors)) : within;
          return energyAt(bent(positions), bentCell);
        };
        const slope = (strain(h) - strain(-h)) / (2 * h);
        expect(Math.abs(virial[3 * a + b]! + slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
      }
    }
  });

  test("the energy does not see rotations, reflections, translations and the order of beads", () => {
    const within = openCell();
    const energy = energyAt(positions, within);
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turns: ((x: number, y: number, z: number) => number[])[] = [
      (x, y, z) => [c * x - s * y, s * x + c * y, z],
      (x, y, z) => [x, c * y - s * z, s * y + c * z],
      (x, y, z) => [-x, y, z],
      (x, y, z) => [x + 5, y - 3, z + 0.1],
    ];
    for (const turn of turns) {
      const moved = positions.slice();
      for (let i = 0; i < 7; i++) {
        moved.set(turn(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!), 3 * i);
      }
      expect(Math.abs(energyAt(moved, within) - energy)).toBeLessThan(1e-10);
    }
    const order = random(8).permutation(7);
    const mixed = new Float64Array(21);
    order.forEach((from, to) => {
      mixed.set(positions.subarray(3 * from, 3 * from + 3), 3 * to);
    });
    expect(
      energyAt(
        mixed,
        within,
        Int32Array.from(order, (i) => species[i]!),
      ),
    ).toBeCloseTo(energy, 11);
  });

  test("clusters beyond the cutoff add, and the energy has no step at the cutoff", () => {
    const within = openCell();
    const far = positions.map((x, k) => (k % 3 === 0 ? x + 20 : x));
    const both = Float64Array.of(...positions, ...far);
    const kinds = Int32Array.of(...species, ...species);
    expect(energyAt(both, within, kinds)).toBeCloseTo(2 * energyAt(positions, within), 10);
    const pair = (r: number) => energyAt(Float64Array.of(0, 0, 0, r, 0, 0), within, Int32Array.of(0, 1));
    expect(Math.abs(pair(config.cutoff - 1e-5) - pair(config.cutoff + 1e-5))).toBeLessThan(1e-8);
    expect(Math.abs(pair(1.5) - pair(config.cutoff + 1))).toBeGreaterThan(1e-6);
  });

  test("weights that do not fit are refused by name", () => {
    const weights = initialWeights(config, source);
    const name = "output_modules.0.outnet.0.weight";
    const changed = (tensor: { shape: number[]; data: Float64Array }) => new Map(weights).set(name, tensor);
    const without = new Map(weights);
    without.delete("output_modules.0.outnet.0.bias");
    without.delete(name);
    const cases: [() => unknown, string][] = [
      [() => graphNetwork(without), "output_modules.0.outnet.0"],
      [
        () => graphNetwork(changed({ shape: [2, 3], data: new Float64Array(6) })),
        `'${name}' has the shape [2,3]`,
      ],
      [
        () =>
          graphNetwork(
            changed({
              shape: [config.features / 2, config.features],
              data: new Float64Array(config.features ** 2 / 2).fill(Number.NaN),
            }),
          ),
        `'${name}' holds NaN`,
      ],
      [
        () => graphNetwork(new Map(weights).set("extra", { shape: [1], data: new Float64Array(1) })),
        "no place for: extra",
      ],
      [() => graphNetwork(new Map([["x", { shape: [1], data: new Float64Array(1) }]])), "there are x"],
      [() => energyAt(positions, openCell(), Int32Array.of(0, 1, 0, 2, 1, 1, 0)), "bead 3 has species 2"],
      [() => energyAt(positions, openCell(), Int32Array.of(0)), "1 species for 7 beads"],
      [() => speciesNumbers(["C", "O"], { C: 6 }), "bead 1 is 'O'"],
    ];
    for (const [act, message] of cases) expect(act).toThrow(message);
  });
});

test("harmonics: Σ_m Y² = (2l + 1)/4π, and couplings are orthonormal and turn products into harmonics", () => {
  const source = random(4);
  const vectors = Float64Array.from({ length: 30 }, () => source.normal());
  const lengths = Float64Array.from({ length: 10 }, (_, i) =>
    Math.hypot(...vectors.subarray(3 * i, 3 * i + 3)),
  );
  const y = harmonics(vectors, lengths, 2, exactHarmonics);
  const c = exactCouplings(2);
  for (let p = 0; p < 10; p++) {
    const row = y.subarray(9 * p, 9 * p + 9);
    for (const [l, from] of [0, 1, 4].entries()) {
      const square = row.subarray(from, from + 2 * l + 1).reduce((sum, v) => sum + v * v, 0);
      expect(square).toBeCloseTo((2 * l + 1) / (4 * Math.PI), 14);
    }
    // Coupling Y₁ with Y₁ to l = 2 is parallel to Y₂ of the same direction.
    const coupled = new Float64Array(9);
    for (let k = 0; k < c.count; k++) {
      const [a, b] = [c.first[k]!, c.second[k]!];
      if (a > 0 && a < 4 && b > 0 && b < 4) coupled[c.third[k]!]! += c.value[k]! * row[a]! * row[b]!;
    }
    const ratio = Math.sqrt((9 / (4 * Math.PI * 5)) * (2 / 3));
    for (let s = 4; s < 9; s++) expect(coupled[s]!).toBeCloseTo(ratio * row[s]!, 13);
  }
  const sums = new Map<string, number>();
  const degree = (s: number) => Math.floor(Math.sqrt(s));
  for (let k = 0; k < c.count; k++) {
    for (let m = 0; m < c.count; m++) {
      if (c.first[k] !== c.first[m] || c.second[k] !== c.second[m]) continue;
      const key = `${degree(c.first[k]!)} ${degree(c.second[k]!)} ${c.third[k]} ${c.third[m]}`;
      sums.set(key, (sums.get(key) ?? 0) + c.value[k]! * c.value[m]!);
    }
  }
  for (const [key, sum] of sums) {
    const [, , a, b] = key.split(" ");
    expect(sum).toBeCloseTo(a === b ? 1 : 0, 13);
  }
});

test("the dense kernel is the sum of its definition at every size", () => {
  const source = random(6);
  for (const [rows, inputs, outputs] of [
    [1, 1, 1],
    [4, 5, 4],
    [7, 3, 9],
    [9, 8, 6],
  ] as const) {
    const x = Float64Array.from({ length: rows * inputs }, () => source.normal());
    const w = Float64Array.from({ length: outputs * inputs }, () => source.normal());
    const b = Float64Array.from({ length: outputs }, () => source.normal());
    const y = dense(x, rows, w, inputs, outputs, b);
    for (let i = 0; i < rows; i++) {
      for (let u = 0; u < outputs; u++) {
        let sum = b[u]!;
        for (let k = 0; k < inputs; k++) sum += x[i * inputs + k]! * w[u * inputs + k]!;
        expect(y[i * outputs + u]).toBeCloseTo(sum, 12);
      }
    }
  }
});
