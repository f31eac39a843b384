import { describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { rowOf } from "../../linalg/rows.ts";
import { quench } from "../../optim/landscape/quench.ts";
import { runSearch } from "../../optim/landscape/search.ts";
import { auc } from "../../stats/auc.ts";
import { chequerboard } from "./chequerboard.ts";
import { iris } from "./iris.ts";
import type { LabelledData } from "./labelled-data.ts";
import { circles, moons } from "./moons-and-circles.ts";
import { sixFeatureRule } from "./six-feature-rule.ts";
import { scaleOf, splitRows, standardised } from "./standardise.ts";
import { triatomic } from "./triatomic.ts";
import { distancesOf, triatomicOutcomes } from "./triatomic-outcomes.ts";
import { xor } from "./xor.ts";

const draw = (seed = 1) => random(seed, "data");
const rowsOf = ({ features, labels }: LabelledData) =>
  Array.from(labels, (label, i) => ({ x: [...rowOf(features, i)], label }));

test.each([
  ["six-feature rule", () => sixFeatureRule({ rows: 50 }, draw())],
  ["XOR", () => xor({ copies: 20, noise: 0.1, nuisance: 2 }, draw())],
  ["chequerboard", () => chequerboard({ squares: 4, rows: 50, nuisance: 1 }, draw())],
  ["moons", () => moons({ rows: 50, nuisance: 3 }, draw())],
  ["circles", () => circles({ rows: 50 }, draw())],
  ["triatomic", () => triatomicOutcomes({ rows: 40, nuisance: 1 }, draw())],
  ["iris", () => iris()],
] as const)(
  "%s: as many labels as rows, names as columns, every class met, the same from the same seed",
  (_, make) => {
    const data = make();
    expect(data.labels.length).toBe(data.features.rows);
    expect(data.names.length).toBe(data.features.cols);
    expect(new Set(data.labels).size).toBe(data.classes.length);
    expect(Math.max(...data.labels)).toBe(data.classes.length - 1);
    expect(data.features.data.every(Number.isFinite)).toBe(true);
    expect(make()).toEqual(data);
  },
);

test("the six-feature rule without noise is its formula; with noise an AUC of 0.98 is what the rule itself reaches", () => {
  for (const { x, label } of rowsOf(sixFeatureRule({ rows: 500, noise: 0 }, draw()))) {
    expect(label).toBe(x[0]! * x[1]! + 0.8 * x[2]! > 0 ? 1 : 0);
  }
  const noisy = sixFeatureRule({ rows: 20_000 }, draw());
  const rule = Float64Array.from(rowsOf(noisy), ({ x }) => x[0]! * x[1]! + 0.8 * x[2]!);
  const positive = Array.from(noisy.labels, (label) => label === 1);
  const reached = auc(rule, positive);
  expect(reached).toBeGreaterThan(0.96);
  expect(reached).toBeLessThan(0.99);
  for (const k of [3, 4, 5]) {
    const alone = auc(
      Float64Array.from(rowsOf(noisy), ({ x }) => x[k]!),
      positive,
    );
    expect(Math.abs(alone - 0.5)).toBeLessThan(0.02);
  }
});

test("XOR is its table", () => {
  expect(rowsOf(xor())).toEqual([
    { x: [0, 0], label: 0 },
    { x: [0, 1], label: 1 },
    { x: [1, 0], label: 1 },
    { x: [1, 1], label: 0 },
  ]);
  for (const { x, label } of rowsOf(xor({ copies: 50, noise: 0.05 }, draw()))) {
    expect(Math.round(x[0]!) ^ Math.round(x[1]!)).toBe(label);
  }
});

test("neighbouring squares of the chequerboard differ", () => {
  const squares = 5;
  const colour = new Map<string, number>();
  for (const { x, label } of rowsOf(chequerboard({ squares, rows: 3000 }, draw()))) {
    const key = [x[0]!, x[1]!].map((value) => Math.floor((value + 1) * 2.5)).join();
    expect(colour.get(key) ?? label).toBe(label);
    colour.set(key, label);
  }
  expect(colour.size).toBe(squares ** 2);
  for (let i = 0; i < squares; i++) {
    for (let j = 0; j < squares - 1; j++) {
      expect(colour.get(`${i},${j}`)).not.toBe(colour.get(`${i},${j + 1}`));
      expect(colour.get(`${j},${i}`)).not.toBe(colour.get(`${j + 1},${i}`));
    }
  }
});

test("moons and circles without noise lie on their curves", () => {
  for (const { x, label } of rowsOf(moons({ rows: 200, noise: 0 }, draw()))) {
    const [a, b] = label === 0 ? [x[0]!, x[1]!] : [1 - x[0]!, 0.5 - x[1]!];
    expect(Math.hypot(a, b)).toBeCloseTo(1, 12);
    expect(b).toBeGreaterThanOrEqual(0);
  }
  for (const { x, label } of rowsOf(circles({ rows: 200, noise: 0, inner: 0.3 }, draw()))) {
    expect(Math.hypot(x[0]!, x[1]!)).toBeCloseTo(label === 0 ? 1 : 0.3, 12);
  }
});

describe("three atoms with a triple dipole", () => {
  /** The formula with angles, as it is published. */
  const energy = (x: Float64Array, strength: number) => {
    const [a, b, c] = distancesOf(x);
    const angle = (p: number, q: number, opposite: number) =>
      (p * p + q * q - opposite * opposite) / (2 * p * q);
    const cosines = angle(a, b, c) * angle(a, c, b) * angle(b, c, a);
    const pairs = [a, b, c].reduce((sum, r) => sum + 4 * (r ** -12 - r ** -6), 0);
    return pairs + (strength * (1 + 3 * cosines)) / (a * b * c) ** 3;
  };

  test("energy by angles, gradient by central differences", () => {
    const random = draw();
    for (const strength of [0, 2, 3.3]) {
      const land = triatomic(strength);
      const x = Float64Array.from(
        { length: 9 },
        (_, i) => [0, 0, 0, 1.1, 0, 0, 0.4, 1.2, 0][i]! + 0.1 * random.normal(),
      );
      const g = new Float64Array(9);
      expect(land.valueAndGradient(x, g)).toBeCloseTo(energy(x, strength), 11);
      for (let i = 0; i < 9; i++) {
        const at = (by: number) =>
          energy(
            x.map((value, k) => (k === i ? value + by : value)),
            strength,
          );
        expect(Math.abs((at(1e-5) - at(-1e-5)) / 2e-5 - g[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(g[i]!)));
      }
    }
  });

  test("the triangle and the chain are minima with Z = 2, the triangle alone without", () => {
    const flat = Float64Array.of(0, 0, 0, 1.1, 0, 0, 2.2, 0.3, 0);
    const end = (strength: number) =>
      distancesOf(runSearch(triatomic(strength), quench(flat, { rms: 1e-9 })).x);
    const [a, b, c] = end(2);
    expect([c, b]).toEqual([expect.closeTo(a, 6), expect.closeTo(2 * a, 6)]);
    const bonds = end(0);
    for (const length of bonds) expect(length).toBeCloseTo(2 ** (1 / 6), 6);
  });

  test("relabelling the atoms of a start relabels its class", () => {
    const data = triatomicOutcomes({ rows: 60 }, draw());
    for (const { x, label } of rowsOf(data)) {
      const longest = x.indexOf(Math.max(...x));
      // A chain keeps the bond that was longest open.
      if (label > 0) expect(label).toBe(3 - longest);
    }
  });
});

test("iris: fifty of each species, means of the published table", () => {
  const data = iris();
  expect([0, 1, 2].map((k) => data.labels.filter((label) => label === k).length)).toEqual([50, 50, 50]);
  const { mean } = scaleOf(data);
  expect([...mean].map((value) => value.toFixed(3))).toEqual(["5.843", "3.057", "3.758", "1.199"]);
  expect(data.relevant).toBeUndefined();
});

describe("scales and splits", () => {
  test("mean 0 and deviation 1 on the rows of the scale; a constant column becomes 0", () => {
    const data = sixFeatureRule({ rows: 40 }, draw());
    for (let i = 0; i < 40; i++) data.features.data[6 * i] = 7;
    const again = scaleOf(standardised(data, scaleOf(data)));
    expect(Math.max(...again.mean.map(Math.abs))).toBeLessThan(1e-13);
    for (const value of again.deviation) expect(value).toBeCloseTo(1, 12);
    const flat = standardised(data, scaleOf(data));
    expect(rowsOf(flat).every(({ x }) => x[0] === 0)).toBe(true);
  });

  test("every row is in one part, each class in its share", () => {
    const data = iris();
    const { train, test: rest } = splitRows(data, 90, draw());
    expect([train.features.rows, rest.features.rows]).toEqual([90, 60]);
    expect([0, 1, 2].map((k) => train.labels.filter((label) => label === k).length)).toEqual([30, 30, 30]);
    const all = [...rowsOf(train), ...rowsOf(rest)].map((row) => JSON.stringify(row)).sort();
    expect(all).toEqual(
      rowsOf(data)
        .map((row) => JSON.stringify(row))
        .sort(),
    );
  });
});

test.each([
  [() => sixFeatureRule({ rows: 0 }, draw()), /0 rows/],
  [() => sixFeatureRule({ rows: 4, noise: -1 }, draw()), /noise -1/],
  [() => xor({ noise: 0.1 }), /pass a random stream/],
  [() => xor({ nuisance: 1.5 }, draw()), /1.5 nuisance columns/],
  [() => chequerboard({ squares: 1, rows: 5 }, draw()), /1 squares a side/],
  [() => moons({ rows: 5, noise: -0.1 }, draw()), /moons: noise -0.1/],
  [() => circles({ rows: 5, inner: 2 }, draw()), /inner radius is 2/],
  [() => splitRows(iris(), 150, draw()), /150 rows to train on of 150/],
])("bad options are refused by name (%#)", (make, message) => {
  expect(make).toThrow(message);
});
