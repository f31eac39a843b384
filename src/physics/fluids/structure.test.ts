import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { angleDistribution, tetrahedralOrder } from "./angles.ts";
import { axilrodTeller } from "./axilrod-teller.ts";
import { blockAverage, statisticalInefficiency } from "./block-average.ts";
import { cell, cubicCell, openCell } from "./cell.ts";
import { evaluate } from "./force-field.ts";
import { lennardJones } from "./lennard-jones.ts";
import { coordination, radialDistribution } from "./radial-distribution.ts";
import { squaredSum } from "./squared-sum.ts";
import { diamondLattice, fccLattice, randomInsertion } from "./start.ts";
import { stillingerWeber } from "./stillinger-weber.ts";
import { pairTerms, tripletTerms } from "./terms.ts";

const gas = Array.from({ length: 60 }, (_, f) => {
  const within = cell([20, 0, 0, 7, 19, 0, -5, 8, 21]);
  return {
    cell: within,
    positions: randomInsertion({ beads: 100, cell: within, floor: 0.5, random: random(f) }),
  };
});

describe("g(r) and coordination", () => {
  test("is 1 in an ideal gas in a skewed cell, within its error bars", () => {
    const { at, value, error } = radialDistribution(gas, { rMax: 8, bins: 16 });
    let inside = 0;
    for (let k = 2; k < 16; k++) {
      expect(Math.abs(value[k]! - 1)).toBeLessThan(5 * error[k]!);
      if (Math.abs(value[k]! - 1) < 2 * error[k]!) inside++;
    }
    // 95 % of bins within two standard errors; with ten blocks (Student's t with 9 degrees) 92 %.
    expect(inside).toBeGreaterThan(9);
    expect(error[10]!).toBeLessThan(0.05);
    expect(at[0]).toBe(0.25);
  });

  test("finds the shells of the face-centred cubic lattice: 12, 6, 24, 12 at 1, √2, √3, 2", () => {
    const frame = fccLattice(4, 4);
    const d = 4 / Math.SQRT2;
    const { neighbours } = radialDistribution([frame], { rMax: 2.1 * d, bins: 210 });
    const upTo = (r: number) => neighbours[Math.floor(100 * r) - 1];
    expect([0.95, 1.05, 1.45, 1.8, 2.05].map(upTo)).toEqual([0, 12, 18, 42, 54]);
    expect([...coordination([frame, frame], 1.2 * d)]).toEqual([12, 12]);
    // Σ g·ρ·shell·(N−1)/N is the number of neighbours.
    const { value, edges } = radialDistribution([frame], { rMax: 2.1 * d, bins: 210 });
    const integral = value.reduce(
      (sum, g, k) => sum + g * (4 / 3) * Math.PI * (edges[k + 1]! ** 3 - edges[k]! ** 3),
      0,
    );
    expect((integral * 255) / frame.cell.volume).toBeCloseTo(54, 9);
  });
});

describe("angles and tetrahedral order", () => {
  test("the angles of an ideal gas go as sin θ", () => {
    const { at, value, error } = angleDistribution(gas, { shell: 6, bins: 18 });
    at.forEach((degrees, k) => {
      const expected = (Math.sin((degrees * Math.PI) / 180) * Math.PI) / 360;
      expect(Math.abs(value[k]! - expected)).toBeLessThan(5 * error[k]! + 1e-5);
    });
    expect(value.reduce((a, b) => a + b) * 10).toBeCloseTo(1, 12);
  });

  test("diamond: all angles 109.47°, q = 1; face-centred cubic: 60, 90, 120, 180° as 24, 12, 24, 6", () => {
    const diamond = diamondLattice(6.2019, 2);
    const tetrahedral = angleDistribution([diamond], { shell: 3, bins: 180 });
    expect(tetrahedral.value[109]).toBeCloseTo(1, 12);
    for (const q of tetrahedralOrder(diamond)) expect(q).toBeCloseTo(1, 12);
    const dense = angleDistribution([fccLattice(4, 3)], { shell: 3, bins: 7 });
    expect([...dense.value].map((value) => Math.round((value * 66 * 180) / 7))).toEqual([
      0, 0, 24, 12, 24, 0, 6,
    ]);
  });

  test("q of four neighbours on the corners of a square, and on average 0 in an ideal gas", () => {
    // Angles 90, 90, 90, 90, 180, 180: 1 − ⅜(4/9 + 2·4/9) = ½.
    const square = Float64Array.from([0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0].map((x) => x + 5));
    expect(tetrahedralOrder({ positions: square, cell: cubicCell(10) })[0]).toBeCloseTo(0.5, 12);
    const mean = gas.flatMap((frame) => [...tetrahedralOrder(frame)]).reduce((a, b) => a + b) / 6000;
    expect(Math.abs(mean)).toBeLessThan(0.03);
  });
});

describe("exact terms of a frame", () => {
  test.each([
    ["mW water", stillingerWeber()],
    ["squared sum", squaredSum({ cutoff: 4 })],
    ["Axilrod–Teller", axilrodTeller({ cutoff: 4.5 })],
    ["Lennard-Jones", lennardJones({ cutoff: 4.5 })],
  ])("%s: terms of pairs and triplets sum to the energies of the orders", (_name, field) => {
    const within = cell([14, 0, 0, 4, 14, 0, -3, 5, 15]);
    const frame = {
      cell: within,
      positions: randomInsertion({ beads: 70, cell: within, floor: 2.2, random: random(5) }),
    };
    const found = evaluate(field, frame);
    const pairs = pairTerms(field, frame);
    const triplets = tripletTerms(field, frame);
    const scale = 1e-10 * (1 + Math.abs(found.pairEnergy) + Math.abs(found.tripletEnergy));
    expect(Math.abs(pairs.value.reduce((a, b) => a + b, 0) - found.pairEnergy)).toBeLessThan(scale);
    expect(Math.abs(triplets.value.reduce((a, b) => a + b, 0) - found.tripletEnergy)).toBeLessThan(scale);
    expect(triplets.value.length).toBeGreaterThan(500);
    expect(triplets.sides.length).toBe(triplets.beads.length);
  });
});

describe("means of correlated series", () => {
  /** x_{t+1} = φ x_t + ξ: g = (1 + φ)/(1 − φ) in closed form. */
  function autoregressive(phi: number, n: number, seed: number): Float64Array {
    const source = random(seed);
    let x = source.normal() / Math.sqrt(1 - phi * phi);
    return Float64Array.from({ length: n }, () => {
      x = phi * x + source.normal();
      return x;
    });
  }

  test.each([0, 0.5, 0.9])("the statistical inefficiency of an autoregressive series with φ = %f", (phi) => {
    const expected = (1 + phi) / (1 - phi);
    const found = statisticalInefficiency(autoregressive(phi, 20_000, 1));
    expect(Math.abs(found / expected - 1)).toBeLessThan(0.2);
  });

  test("error bars from blocks cover the true mean as often as they say", () => {
    let covered = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { mean, error } = blockAverage(autoregressive(0.8, 2000, seed), 20);
      if (Math.abs(mean) < 2.093 * error) covered++; // Student's t, 19 degrees, 95 %
    }
    // 380 ± 4.4 expected.
    expect(covered).toBeGreaterThan(363);
    expect(covered).toBeLessThan(396);
  });
});

test("bad input is refused by name", () => {
  const frame = gas[0]!;
  const cases: [() => unknown, string][] = [
    [() => radialDistribution([], { rMax: 5 }), "radialDistribution: no frames"],
    [() => radialDistribution([frame], { rMax: 5, bins: 0 }), "0 bins from 0 to 5"],
    [() => radialDistribution([frame], { rMax: 50 }), "less than twice the cutoff 50"],
    [
      () => angleDistribution([frame], { shell: 0.6 }),
      "frame 0 has no bead with two neighbours within 0.6 Å",
    ],
    [
      () => tetrahedralOrder({ positions: new Float64Array(3), cell: cubicCell(9) }),
      "bead 0 has fewer than four",
    ],
    [() => tetrahedralOrder({ positions: new Float64Array(3), cell: openCell() }), "the cell is open"],
    [() => blockAverage([1, 2, 3], 4), "4 blocks of 3 values"],
    [() => statisticalInefficiency([1, 2]), "2 values"],
  ];
  for (const [act, message] of cases) expect(act, message).toThrow(message);
});
