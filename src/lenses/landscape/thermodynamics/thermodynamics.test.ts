import { describe, expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { heatCapacityPeaks } from "./heat-capacity-peaks.ts";
import { type Levels, superpositionLevels, thermodynamics } from "./superposition.ts";

const twoLevels = (ratio: number): Levels => ({
  values: Float64Array.of(0, 1),
  logWeights: Float64Array.of(0, Math.log(ratio)),
  modes: 0,
});

describe("two minima a gap of 1 apart", () => {
  test.each([
    [1, 0.41677827, 0.43922884],
    [2, 0.37669637, 0.76180224],
    [10, 0.28017103, 2.18488356],
    [100, 0.18569308, 6.25017645],
    [1e4, 0.10382317, 22.19270558],
  ])("degeneracy ratio %d: the peak of the excess heat capacity", (ratio, temperature, height) => {
    const peaks = heatCapacityPeaks(twoLevels(ratio), { from: 0.01, to: 10 });
    expect(peaks.length).toBe(1);
    expect(Math.abs(peaks[0]!.temperature - temperature)).toBeLessThan(1e-6);
    expect(Math.abs(peaks[0]!.heatCapacity - height)).toBeLessThan(1e-6);
    expect(peaks[0]!.gaining.map((one) => one.minimum)).toEqual([1]);
    expect(peaks[0]!.losing.map((one) => one.minimum)).toEqual([0]);
  });

  test("the closed form C = r e^{-1/T}/T²(1 + r e^{-1/T})² at all temperatures", () => {
    for (const ratio of [0.3, 1, 50]) {
      for (const t of [0.01, 0.2, 1, 30]) {
        const w = ratio * Math.exp(-1 / t);
        expect(thermodynamics(twoLevels(ratio), t).heatCapacity).toBeCloseTo(w / (t * (1 + w)) ** 2, 12);
      }
    }
  });
});

test("a density of states: energies and heat capacities that the tests of pele state", () => {
  const logWeights = Float64Array.of(
    ...[0, 1.30645187, 2.33024655, 3.48058723, 4.58681004, 5.64071519, 6.71946827, 7.68181502, 8.67374929],
    ...[9.63850382, 10.57395044, 11.48807153, 12.39595436, 13.28501673, 14.15311187, 15.00756998],
    ...[15.85543736, 16.66813355, 17.47719029, 18.26983701],
  );
  const values = logWeights.map((_, i) => -130.4352 + 0.0736 * i);
  // Its heat capacity counts K/2 for one mode, its energy is the mean of the levels alone.
  const levels = { values, logWeights, modes: 1 };
  for (const [t, energy, heatCapacity] of [
    [0.1, -129.39037151, 9.26942529],
    [1, -129.10328581, 0.50886517],
  ] as const) {
    expect(Math.abs(thermodynamics({ ...levels, modes: 0 }, t).energy - energy)).toBeLessThan(1e-6);
    expect(Math.abs(thermodynamics(levels, t).heatCapacity - heatCapacity)).toBeLessThan(1e-6);
  }
});

test("random levels: Σp = 1, C ≥ κ/2, C = dU/dT, U = T² d ln Z/dT and dp/dT against differences", () => {
  for (let k = 0; k < 40; k++) {
    const draw = random(k, "levels");
    const count = 1 + draw.int(12);
    const minima = Array.from({ length: count }, () => ({
      value: -100 + draw.normal(),
      logProduct: 30 + 3 * draw.normal(),
      zeroModes: 6,
      order: 1 + draw.int(4),
    }));
    const levels = superpositionLevels(minima, 21);
    expect(levels.modes).toBe(15);
    const t = 0.2 + draw.uniform();
    const h = 1e-5;
    const [at, up, down] = [t, t + h, t - h].map((one) => thermodynamics(levels, one)) as [
      ReturnType<typeof thermodynamics>,
      ReturnType<typeof thermodynamics>,
      ReturnType<typeof thermodynamics>,
    ];
    expect(at.occupation.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(at.heatCapacity).toBeGreaterThanOrEqual(7.5);
    expect(at.heatCapacity).toBeCloseTo((up.energy - down.energy) / (2 * h), 5);
    expect(at.energy).toBeCloseTo((t * t * (up.logZ - down.logZ)) / (2 * h), 5);
    at.occupationSlope.forEach((slope, a) => {
      expect(slope).toBeCloseTo((up.occupation[a]! - down.occupation[a]!) / (2 * h), 5);
    });
  }
});

test("a wide minimum of high symmetry number counts as its normal modes and copies say", () => {
  const levels = superpositionLevels(
    [
      { value: 0, logProduct: 4, zeroModes: 0, order: 2 },
      { value: 0, logProduct: 2, zeroModes: 0, order: 1 },
    ],
    3,
  );
  const { occupation } = thermodynamics(levels, 1);
  expect(occupation[1]! / occupation[0]!).toBeCloseTo(2 * Math.E, 12);
});

test("levels far apart and cold: nothing overflows", () => {
  const cold = thermodynamics(
    { values: Float64Array.of(-1e5, 0, 1e5), logWeights: Float64Array.of(0, 500, -500), modes: 0 },
    1e-3,
  );
  expect([...cold.occupation]).toEqual([1, 0, 0]);
  expect(cold.heatCapacity).toBe(0);
});

test("bad input is refused by name", () => {
  const minimum = { value: 0, logProduct: 0, zeroModes: 0, order: 1 };
  expect(() => superpositionLevels([], 3)).toThrow(/no minima/);
  expect(() => superpositionLevels([minimum, { ...minimum, zeroModes: 1 }], 3)).toThrow(
    /minimum 1 has 1; add regularisation/,
  );
  for (const t of [0, -1, Number.NaN, Infinity]) {
    expect(() => thermodynamics(twoLevels(1), t)).toThrow(`temperature ${t}`);
  }
  expect(() => heatCapacityPeaks(twoLevels(1), { from: 1, to: 0.5 })).toThrow(/from 1 to 0.5/);
});
