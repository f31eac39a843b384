import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { axilrodTeller } from "./axilrod-teller.ts";
import { type Cell, cell, cubicCell, openCell } from "./cell.ts";
import { finnisSinclair } from "./finnis-sinclair.ts";
import { evaluate, type ForceField, totalEnergy } from "./force-field.ts";
import { lennardJones } from "./lennard-jones.ts";
import { manyBodyTerms } from "./many-body-terms.ts";
import { squaredSum } from "./squared-sum.ts";
import { diamondLattice, randomInsertion } from "./start.ts";
import { stillingerWeber, stillingerWeberPair } from "./stillinger-weber.ts";

const fields: [string, ForceField][] = [
  ["Lennard-Jones, shifted", lennardJones({ cutoff: 6 })],
  ["Lennard-Jones, force-shifted", lennardJones({ cutoff: 6, end: "force-shifted" })],
  ["Lennard-Jones, cut", lennardJones({ cutoff: 6, end: "cut" })],
  ["mW water", stillingerWeber()],
  ["mW water, pairs", stillingerWeber({ part: "pairs" })],
  ["mW water, triplets", stillingerWeber({ part: "triplets" })],
  ["silicon", stillingerWeber({ epsilon: 50, sigma: 2.0951, lambda: 21, bigA: 7.049556277, p: 4, q: 0.5 })],
  ["squared sum", squaredSum()],
  ["Axilrod–Teller", axilrodTeller()],
  ["Finnis–Sinclair", finnisSinclair()],
];

describe("mW water: numbers that LAMMPS gives for the same potential file", () => {
  const mw = stillingerWeber();

  test.each([
    [2.6, -6.101173],
    [2.6855, -6.189],
    [2.8, -6.052396],
    [3.2, -4.075698],
  ])("the dimer at %f Å", (r, expected) => {
    const dimer = evaluate(mw, { positions: Float64Array.of(0, 0, 0, 0, r, 0), cell: openCell() });
    expect(dimer.pairEnergy).toBeCloseTo(expected, 6);
    expect(dimer.tripletEnergy).toBe(0);
    expect(mw.pairTerm(r)).toBeCloseTo(expected, 6);
  });

  test("the minimum is −6.189 kcal/mol at 2.6855 Å, and nothing is left at the cutoff", () => {
    const grid = Array.from({ length: 20_001 }, (_, i) => 2 + i * 1e-4);
    const best = grid.reduce((a, b) => (stillingerWeberPair(b) < stillingerWeberPair(a) ? b : a));
    expect(best).toBeCloseTo(2.6855, 3);
    expect(stillingerWeberPair(best)).toBeCloseTo(-6.189, 6);
    expect(stillingerWeberPair(4.3066)).toBe(0);
    expect(Math.abs(stillingerWeberPair(4.3064))).toBeLessThan(1e-12);
  });

  test.each([
    [60, -18.157188, 6.601216],
    [90, -12.145203, 0.36375],
    [109.4712, -12.104792, 0],
    [120, undefined, 0.088016],
    [180, undefined, 1.408259],
  ])("the trimer of 2.8 Å sides at %f°", (degrees, pairs, triplets) => {
    const angle = (degrees * Math.PI) / 180;
    const positions = Float64Array.of(0, 0, 0, 2.8, 0, 0, 2.8 * Math.cos(angle), 2.8 * Math.sin(angle), 0);
    const trimer = evaluate(mw, { positions, cell: openCell() });
    if (pairs !== undefined) expect(trimer.pairEnergy).toBeCloseTo(pairs, 6);
    expect(trimer.tripletEnergy).toBeCloseTo(triplets, 6);
    expect(mw.tripletTerm(2.8, 2.8, 5.6 * Math.sin(angle / 2))).toBeCloseTo(triplets, 6);
  });

  test("the diamond lattice: −12.378 kcal/mol a bead, no three-body energy, no force", () => {
    const lattice = diamondLattice(6.2019, 2);
    const found = evaluate(mw, lattice);
    expect(lattice.positions.length).toBe(3 * 64);
    // Two bonds a bead, each at the minimum of −6.189; the nearest bonds are a√3/4 long.
    expect(totalEnergy(found) / 64).toBeCloseTo(-12.378, 6);
    expect(Math.abs(found.tripletEnergy)).toBeLessThan(1e-9);
    expect(Math.max(...found.forces.map(Math.abs))).toBeLessThan(1e-9);
  });
});

test("Lennard-Jones: depth, zero and end of the potential, and a dimer across the cell's edge", () => {
  const { epsilon, sigma } = { epsilon: 0.29411, sigma: 3.73 };
  const cut = lennardJones({ cutoff: 6, end: "cut" });
  expect(cut.pairTerm(sigma)).toBeCloseTo(0, 12);
  expect(cut.pairTerm(2 ** (1 / 6) * sigma)).toBeCloseTo(-epsilon, 12);
  expect(lennardJones({ cutoff: 6 }).pairTerm(6 - 1e-9)).toBeCloseTo(0, 8);
  const smooth = lennardJones({ cutoff: 6, end: "force-shifted" });
  expect(smooth.pairTerm(6 - 1e-4) / 1e-4).toBeCloseTo(0, 4);
  const apart = evaluate(lennardJones(), {
    positions: Float64Array.of(0.5, 9, 9, 17.5, 9, 9),
    cell: cubicCell(20),
  });
  expect(apart.pairEnergy).toBeCloseTo(4 * epsilon * ((sigma / 3) ** 12 - (sigma / 3) ** 6) - cut8(8.9), 9);
  function cut8(r: number): number {
    return 4 * epsilon * ((sigma / r) ** 12 - (sigma / r) ** 6);
  }
});

test("Axilrod–Teller: the equilateral triangle and the line, without the window", () => {
  // Closed forms: 11/8 ν/r⁹, and −2ν/(r·r·2r)³ for three in a row.
  const field = axilrodTeller({ strength: 7, cutoff: 1e5 });
  expect(field.tripletTerm(2, 2, 2)).toBeCloseTo((7 * 11) / 8 / 2 ** 9, 8);
  expect(field.tripletTerm(2, 2, 4)).toBeCloseTo((-7 * 2) / 16 ** 3, 8);
});

describe.each(fields)("%s", (_name, field) => {
  const skewed = cell([13.5, 0, 0, 4, 13, 0, -3, 5, 14]);
  const start = randomInsertion({ beads: 60, cell: skewed, floor: 2.4, random: random(11) });
  const energyAt = (positions: Float64Array, within: Cell = skewed) =>
    totalEnergy(evaluate(field, { positions, cell: within }));
  const found = evaluate(field, { positions: start, cell: skewed });
  const size = Math.hypot(...found.forces) / Math.sqrt(60);

  test("forces are central differences of the energy, and sum to zero", () => {
    const step = 1e-5;
    for (let k = 0; k < 60; k++) {
      const moved = (by: number) => energyAt(start.map((x, i) => (i === k ? x + by : x)));
      const slope = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(found.forces[k]! + slope)).toBeLessThan(1e-6 * (1 + size));
    }
    for (let axis = 0; axis < 3; axis++) {
      const sum = found.forces.filter((_, i) => i % 3 === axis).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum)).toBeLessThan(1e-10 * (1 + size));
    }
    expect(size).toBeGreaterThan(1e-4);
  });

  test("the virial is the derivative by a strain of cell and beads", () => {
    const step = 1e-6;
    const strained = (a: number, b: number, by: number) => {
      const strain = (v: Float64Array) => v.map((x, i) => (i % 3 === b ? x + by * v[i - b + a]! : x));
      return energyAt(strain(start), cell(strain(skewed.vectors)));
    };
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const slope = (strained(a, b, step) - strained(a, b, -step)) / (2 * step);
        expect(Math.abs(found.virial[3 * a + b]! + slope)).toBeLessThan(1e-5 * (1 + 60 * size));
        expect(found.virial[3 * a + b]).toBeCloseTo(found.virial[3 * b + a]!, 6);
      }
    }
  });

  test("the many-body expansion of a cluster by brute force is the field's own", () => {
    // Oracle: energies of all subsets of seven beads in vacuum.
    const cluster = start.slice(0, 21);
    const source = random(2);
    const compact = cluster.map(
      (_, i) => 2.6 * [i % 3, Math.floor((i / 3) % 2), Math.floor(i / 6)][i % 3]! + 0.8 * source.uniform(),
    );
    const energyOf = (subset: readonly number[]) =>
      energyAt(
        Float64Array.from(subset.flatMap((bead) => [...compact.subarray(3 * bead, 3 * bead + 3)])),
        openCell(),
      );
    const orders = manyBodyTerms(energyOf, 7);
    const distance = (i: number, j: number) =>
      Math.hypot(...[0, 1, 2].map((k) => compact[3 * i + k]! - compact[3 * j + k]!));
    const sum = (n: number) => orders[n]!.reduce((total, { value }) => total + value, 0);
    const scale = 1e-9 * (1 + Math.abs(sum(2)) + Math.abs(sum(3)));
    for (const { value } of orders[1]!) expect(value).toBeCloseTo(0, 12);
    for (const {
      beads: [i, j],
      value,
    } of orders[2]!) {
      expect(Math.abs(value - field.pairTerm(distance(i!, j!)))).toBeLessThan(scale);
    }
    for (const {
      beads: [i, j, k],
      value,
    } of orders[3]!) {
      const expected = field.tripletTerm(distance(i!, j!), distance(i!, k!), distance(j!, k!));
      expect(Math.abs(value - expected)).toBeLessThan(scale);
    }
    const whole = evaluate(field, { positions: compact, cell: openCell() });
    if (field.highestOrder === Number.POSITIVE_INFINITY) {
      for (const n of [4, 5, 6, 7]) expect(Math.abs(sum(n))).toBeGreaterThan(1e3 * scale);
      expect(orders.reduce((total, _, n) => total + sum(n), 0)).toBeCloseTo(totalEnergy(whole), 8);
    } else {
      for (const n of [4, 5, 6, 7])
        for (const { value } of orders[n]!) expect(Math.abs(value)).toBeLessThan(10 * scale);
      expect(Math.abs(sum(2) - whole.pairEnergy)).toBeLessThan(scale);
      expect(Math.abs(sum(3) - whole.tripletEnergy)).toBeLessThan(scale);
      expect(Math.abs(field.highestOrder === 2 ? whole.tripletEnergy : 0)).toBe(0);
    }
  });

  test("energies do not change under rotation, reflection, exchange and whole lattice vectors", () => {
    const cluster = start.slice(0, 45);
    const open = evaluate(field, { positions: cluster, cell: openCell() });
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turned = new Float64Array(45);
    for (let i = 0; i < 45; i += 3) {
      const [x, y, z] = [cluster[i]!, cluster[i + 1]!, cluster[i + 2]!];
      turned.set([c * x - s * z + 3, -y, s * x + c * z - 8], i);
    }
    const after = evaluate(field, { positions: turned, cell: openCell() });
    expect(after.pairEnergy).toBeCloseTo(open.pairEnergy, 8);
    expect(after.tripletEnergy).toBeCloseTo(open.tripletEnergy, 8);
    for (let i = 0; i < 45; i += 3) expect(after.forces[i + 1]).toBeCloseTo(-open.forces[i + 1]!, 8);
    const order = random(4).permutation(60);
    const shuffled = new Float64Array(180);
    order.forEach((from, to) => {
      for (let k = 0; k < 3; k++) {
        const images = (from % 3) * skewed.vectors[k]! - (from % 2) * skewed.vectors[6 + k]!;
        shuffled[3 * to + k] = start[3 * from + k]! + images;
      }
    });
    expect(energyAt(shuffled)).toBeCloseTo(totalEnergy(found), 7);
  });
});

test("the orders of mW water add up, and its parts are its orders", () => {
  const frame = {
    cell: cubicCell(14),
    positions: randomInsertion({ beads: 80, cell: cubicCell(14), floor: 2.3, random: random(1) }),
  };
  const [all, pairs, triplets] = (["all", "pairs", "triplets"] as const).map((part) =>
    evaluate(stillingerWeber({ part }), frame),
  );
  expect(pairs!.pairEnergy).toBeCloseTo(all!.pairEnergy, 9);
  expect(triplets!.tripletEnergy).toBeCloseTo(all!.tripletEnergy, 9);
  for (let i = 0; i < 240; i++)
    expect(pairs!.forces[i]! + triplets!.forces[i]!).toBeCloseTo(all!.forces[i]!, 9);
});

test("bad parameters and frames are refused by name", () => {
  const cases: [() => unknown, string][] = [
    [() => lennardJones({ epsilon: 0 }), "lennardJones: epsilon is 0"],
    [() => lennardJones({ cutoff: Number.NaN }), "lennardJones: cutoff is NaN"],
    [() => stillingerWeber({ sigma: -1 }), "stillingerWeber: sigma is -1"],
    [() => squaredSum({ cutoff: 0 }), "squaredSum: cutoff is 0"],
    [() => axilrodTeller({ cutoff: 0 }), "axilrodTeller: cutoff is 0"],
    [() => finnisSinclair({ cutoff: 0 }), "finnisSinclair: cutoff is 0"],
    [
      () => evaluate(stillingerWeber(), { positions: new Float64Array(3), cell: cubicCell(8) }),
      "less than twice the cutoff 4.3065",
    ],
    [
      () => evaluate(stillingerWeber(), { positions: new Float64Array(6), cell: openCell() }),
      "beads 0 and 1 are 0.000 Å apart",
    ],
    [() => manyBodyTerms(() => 0, 4, 5), "order 5"],
    [() => manyBodyTerms(() => 0, 30), "subsets; expected at most 1048576"],
  ];
  for (const [act, message] of cases) expect(act).toThrow(message);
});
