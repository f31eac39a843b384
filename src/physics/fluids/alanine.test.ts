import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { random } from "../../core/random.ts";
import { forceMatchingSet } from "../../data/force-matching.ts";
import { alanineBeads, alanineSet, alanineTemperature } from "./alanine.ts";
import { boltzmann } from "./constants.ts";
import { chainTopology, fitPrior } from "./fit-prior.ts";
import { dihedralAngle } from "./internal-coordinates.ts";
import { manyBodyTerms } from "./many-body-terms.ts";
import { type PriorTerm, priorEnergy, withoutPrior } from "./prior.ts";

const terms: PriorTerm[] = [
  { kind: "bond", beads: [0, 1], stiffness: 80, rest: 1.4 },
  { kind: "angle", beads: [0, 1, 2], stiffness: 20, rest: -0.3 },
  { kind: "dihedral", beads: [0, 1, 2, 3], cosine: [0.7, -0.2], sine: [0.1, 0.5] },
  { kind: "dihedral", beads: [4, 2, 1, 3], cosine: [0.3], sine: [-0.4] },
  { kind: "repulsion", beads: [0, 4], sigma: 2.5 },
];

function scattered(seed: number): Float64Array {
  const source = random(seed);
  return Float64Array.from({ length: 15 }, () => 4 * source.uniform());
}

describe("prior terms", () => {
  test.each([1, 2, 3])("forces are central differences, sum to zero and turn nothing (%i)", (seed) => {
    const positions = scattered(seed);
    const { forces, energy, byOrder } = priorEnergy(terms, positions);
    expect(byOrder[2] + byOrder[3] + byOrder[4]).toBeCloseTo(energy, 12);
    for (let i = 0; i < 15; i++) {
      const at = (by: number) =>
        priorEnergy(
          terms,
          positions.map((x, k) => (k === i ? x + by : x)),
        ).energy;
      const slope = (at(1e-6) - at(-1e-6)) / 2e-6;
      expect(Math.abs(forces[i]! + slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
    }
    for (let axis = 0; axis < 3; axis++) {
      let [sum, torque] = [0, 0];
      for (let b = 0; b < 5; b++) {
        const [y, z] = [3 * b + ((axis + 1) % 3), 3 * b + ((axis + 2) % 3)];
        sum += forces[3 * b + axis]!;
        torque += positions[y]! * forces[z]! - positions[z]! * forces[y]!;
      }
      const size = Math.max(...forces.map(Math.abs));
      expect(Math.abs(sum) / size).toBeLessThan(1e-10);
      expect(Math.abs(torque) / size).toBeLessThan(1e-9);
    }
  });

  test("dihedrals of known shapes: cis 0, trans π, a right angle with its sign", () => {
    const shape = (y: number, z: number) => Float64Array.from([0, 1, 0, 0, 0, 0, 1, 0, 0, 1, y, z]);
    expect(dihedralAngle(shape(1, 0), 0, 1, 2, 3).value).toBeCloseTo(0, 12);
    expect(Math.abs(dihedralAngle(shape(-1, 0), 0, 1, 2, 3).value)).toBeCloseTo(Math.PI, 12);
    // Seen along +x with y up, +z is to the right: clockwise.
    expect(dihedralAngle(shape(0, 1), 0, 1, 2, 3).value).toBeCloseTo(Math.PI / 2, 12);
    expect(dihedralAngle(shape(0, -1), 0, 1, 2, 3).value).toBeCloseTo(-Math.PI / 2, 12);
  });

  test("each term is a many-body term of its order", () => {
    // Oracle: Möbius inversion of the energy of subsets, terms counting where all their beads are.
    const positions = scattered(4);
    const energyOf = (subset: readonly number[]) =>
      priorEnergy(
        terms.filter(({ beads }) => beads.every((bead) => subset.includes(bead))),
        positions,
      ).energy;
    const orders = manyBodyTerms(energyOf, 5);
    const { byOrder } = priorEnergy(terms, positions);
    for (const n of [1, 2, 3, 4, 5]) {
      const sum = orders[n]!.reduce((total, { value }) => total + value, 0);
      expect(sum).toBeCloseTo(byOrder[n as 2] ?? 0, 9);
    }
  });

  test("a prior fitted to samples of a known one has its stiffness", () => {
    // Bond lengths drawn from exp(−k(r − r₀)²/k_BT) with k = 50 and r₀ = 1.5.
    const source = random(6);
    const frames = 20_000;
    const data = new Float64Array(frames * 6);
    for (let f = 0; f < frames; f++)
      data[6 * f + 3] = 1.5 + Math.sqrt((boltzmann * 300) / 100) * source.normal();
    const set = forceMatchingSet(
      { positions: { shape: [frames, 2, 3], data } },
      { name: "dimer", species: ["A", "B"], units: { length: "angstrom" } },
    );
    const [bond] = fitPrior(set, chainTopology(2), { temperature: 300 });
    if (bond?.kind !== "bond") throw new Error("expected a bond");
    expect(Math.abs(bond.stiffness / 50 - 1)).toBeLessThan(0.04);
    expect(bond.rest).toBeCloseTo(1.5, 2);
  });

  test("bad input is refused by name", () => {
    const positions = scattered(1);
    const set = forceMatchingSet(
      { positions: { shape: [1, 5, 3], data: positions } },
      { name: "s", species: [...alanineBeads], units: { length: "angstrom" } },
    );
    const cases: [() => unknown, string][] = [
      [
        () => priorEnergy([{ kind: "bond", beads: [0, 5], stiffness: 1, rest: 1 }], positions),
        "bond of beads 0, 5; there are 5",
      ],
      [() => fitPrior(set, chainTopology(5), { temperature: 300 }), "1 frames of s; expected 100"],
      [() => fitPrior(set, chainTopology(5), { temperature: 0 }), "temperature 0 K"],
      [() => withoutPrior(set, terms), "s has no forces"],
    ];
    for (const [act, message] of cases) expect(act, message).toThrow(message);
  });
});

const [coordinates, forces] = ["coordinates", "forces"].map((name) =>
  sharedPath(`data/alanine/ala2_${name}.npy`),
);

describe.skipIf(coordinates === undefined || forces === undefined)("the alanine set", () => {
  const set = alanineSet({ coordinates: readFileSync(coordinates!), forces: readFileSync(forces!) });
  const prior = fitPrior(set, chainTopology(5), { temperature: alanineTemperature });

  test("the backbone has the bond lengths and angles of the textbook", () => {
    // Engh & Huber, Acta Cryst. A 47 (1991) 392: C–N 1.33, N–CA 1.46, CA–C 1.53 Å; angles 121.7, 111.2, 116.2°.
    const rests = prior.flatMap((term) => (term.kind === "bond" || term.kind === "angle" ? [term.rest] : []));
    [1.33, 1.46, 1.53, 1.33].forEach((r, i) => {
      expect(Math.abs(rests[i]! - r)).toBeLessThan(0.03);
    });
    [121.7, 111.2, 116.2].forEach((degrees, i) => {
      expect(Math.abs((Math.acos(rests[4 + i]!) * 180) / Math.PI - degrees)).toBeLessThan(4);
    });
    // φ is mostly negative (L amino acid), and both dihedrals are far from uniform.
    let negative = 0;
    for (let f = 0; f < set.frames; f++) {
      const view = set.positions.subarray(15 * f, 15 * f + 15);
      if (dihedralAngle(view, 0, 1, 2, 3).value < 0) negative++;
    }
    expect(negative / set.frames).toBeGreaterThan(0.8);
  });

  test("the prior takes part of the mean square force away", () => {
    const left = withoutPrior(set, prior);
    const square = (values: Float64Array) => values.reduce((sum, f) => sum + f * f, 0) / values.length;
    console.info(
      `alanine: mean square force ${square(set.forces).toFixed(1)}, less prior ${square(left.forces).toFixed(1)} (kcal/mol/Å)²`,
    );
    expect(square(left.forces)).toBeLessThan(square(set.forces));
    expect(set).toMatchObject({ frames: 10_000, beads: 5, periodic: [false, false, false] });
    expect(set.provenance[0]!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
