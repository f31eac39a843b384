import { describe, expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import {
  type ClassifierProblem,
  type ClassifierShape,
  classifierLandscape,
  logits,
  weightCount,
  withEmptyUnit,
} from "../../../models/classifier/index.ts";
import { explore } from "../../../optim/landscape/explore.ts";
import type { Landscape } from "../../../optim/landscape/landscape.ts";
import type { Network } from "../../../optim/landscape/network.ts";
import type { EnergyGraph } from "../network/energy-graph.ts";
import { depthCases, hiddenUnitCases, regularisationCases } from "./cases.ts";
import { type ArchetypeCase, archetypeTable, compareLandscapes, type NetworkShelf } from "./compare.ts";
import { competingMinima } from "./competing-minima.ts";
import { twoLayersLike } from "./equal-weights.ts";
import { frustration } from "./frustration.ts";
import { summarise } from "./summarise.ts";

const mullerBrown: EnergyGraph = {
  minima: [{ value: -146.699517209954 }, { value: -108.166724116852 }, { value: -80.767818129659 }],
  saddles: [
    { value: -72.248940112325, minima: [1, 2] },
    { value: -40.664843508657, minima: [0, 2] },
  ],
};
const xorData = { features: [0, 0, 0, 1, 1, 0, 1, 1], labels: [0, 1, 1, 0], rows: 4 };
const xorShape = (hidden: number): ClassifierShape => ({ inputs: 2, hidden: [hidden], classes: 2 });
const xor = (hidden: number, lambda: number): ArchetypeCase => ({
  ...{ label: `XOR, ${hidden} hidden, λ = ${lambda}`, at: lambda, series: `${hidden} hidden units` },
  problem: { shape: xorShape(hidden), data: xorData, lambda },
});
const effort = {
  ...{ walkers: 12, searches: 30, neighbours: 3, cycles: 6 },
  hop: { steps: 5, step: 2, valueTolerance: 1e-6, distanceTolerance: Infinity },
  searchSize: { least: 0.1, most: 3 },
  modeSizes: [0.1, 0.5, 1.5],
  transition: { follow: { maxDistance: 6 } },
};

/** x − H⁻¹g, by the eigenvectors of H. */
function newtonStep(landscape: Landscape, x: Float64Array): Float64Array {
  const gradient = new Float64Array(landscape.n);
  landscape.valueAndGradient(x, gradient);
  const { values, vectors } = eigenSymmetric(landscape.hessian!(x));
  const out = x.slice();
  values.forEach((value, k) => {
    const vector = rowOf(vectors, k);
    const along = vector.reduce((sum, v, i) => sum + v * gradient[i]!, 0) / value;
    vector.forEach((v, i) => {
      out[i]! -= along * v;
    });
  });
  return out;
}

test("Müller–Brown in numbers, from the published points", () => {
  const [a, b, c] = mullerBrown.minima.map(({ value }) => value) as [number, number, number];
  const [bc, ac] = mullerBrown.saddles.map(({ value }) => value) as [number, number];
  const found = summarise(mullerBrown);
  expect(found).toMatchObject({ minima: 3, saddles: 2, ratio: 2 / 3, components: 1, lowest: a, basins: 2 });
  expect(found.range).toBeCloseTo(c - a, 12);
  // C dies 8.518878 above itself, B 67.501881 (spec 5.1): the median of two is their mean.
  expect(found.barrier).toBeCloseTo((8.518878 + 67.501881) / 2, 6);
  expect(found.relativeBarrier).toBeCloseTo(found.barrier / (c - a), 12);
  expect(found.primaryShare).toBeCloseTo(1 / 3, 12);
  expect(found.frustration).toBeCloseTo(((ac - a) / (b - a) + (ac - a) / (c - a)) / 2, 12);
  expect(found.estimate).toBeNaN();
  expect(bc).toBeLessThan(ac);
});

describe("frustration", () => {
  test("a staircase without barriers has 1; what is not joined does not count; weights weigh", () => {
    const graph: EnergyGraph = {
      minima: [{ value: 0 }, { value: 1 }, { value: 2 }, { value: 0.5 }],
      saddles: [
        { value: 1 + 1e-12, minima: [0, 1] },
        { value: 2 + 1e-12, minima: [1, 2] },
      ],
    };
    expect(frustration(graph)).toBeCloseTo(1, 10);
    const higher = {
      ...graph,
      saddles: [...graph.saddles.slice(0, 1), { value: 6, minima: [1, 2] as [number, number] }],
    };
    expect(frustration(higher)).toBeCloseTo((1 + 3) / 2, 10);
    expect(frustration(higher, [0, 3, 1, 9])).toBeCloseTo((3 + 3) / 4, 10);
    expect(frustration({ minima: [{ value: 0 }, { value: 1 }], saddles: [] })).toBeNaN();
  });

  test("raising a saddle never lowers it", () => {
    for (let k = 0; k < 50; k++) {
      const draw = random(k, "frustration");
      const minima = Array.from({ length: 6 }, () => ({ value: draw.normal() }));
      const saddles = Array.from({ length: 9 }, () => {
        const ends: [number, number] = [draw.int(6), draw.int(6)];
        return {
          value: Math.max(minima[ends[0]]!.value, minima[ends[1]]!.value) + draw.uniform() + 0.1,
          minima: ends,
        };
      });
      const raised = saddles.map((saddle, i) =>
        i === k % 9 ? { ...saddle, value: saddle.value + 1 } : saddle,
      );
      const [before, after] = [frustration({ minima, saddles }), frustration({ minima, saddles: raised })];
      if (!Number.isNaN(before)) expect(after).toBeGreaterThanOrEqual(before - 1e-12);
    }
  });
});

test("two layers with as many weights as one: counts by formula, and none is closer", () => {
  for (const [inputs, hidden] of [
    [6, 5],
    [3, 5],
    [2, 8],
    [4, 4],
  ] as const) {
    const one = { inputs, hidden: [hidden], classes: 2 };
    const two = twoLayersLike(one);
    const count = (a: number, b: number) => inputs * a + a * b + 2 * b + a + b + 2;
    expect(weightCount(two)).toBe(count(two.hidden[0]!, two.hidden[1]!));
    const off = Math.abs(weightCount(two) - weightCount(one));
    for (let a = 1; a < 40; a++) {
      for (let b = 1; b < 40; b++)
        expect(Math.abs(count(a, b) - weightCount(one))).toBeGreaterThanOrEqual(off);
    }
  }
  expect(twoLayersLike({ inputs: 6, hidden: [5], classes: 2 }).hidden).toEqual([3, 4]);
});

describe("cases", () => {
  const problem: ClassifierProblem = {
    shape: { inputs: 2, hidden: [8], classes: 2 },
    data: {
      rows: 6,
      features: Float64Array.from({ length: 12 }, (_, k) => k),
      labels: Int32Array.of(0, 1, 0, 1, 1, 0),
    },
    lambda: 0.01,
  };
  test("differ in what they say and in nothing else; labels are distinct", () => {
    const wide = hiddenUnitCases(problem, [1, 2]);
    expect(wide.map((one) => [one.at, one.problem.shape.hidden, one.problem.lambda])).toEqual([
      [1, [1], 0.01],
      [2, [2], 0.01],
    ]);
    const firm = regularisationCases(problem, [0.1, 0.2]);
    expect(firm.map((one) => [one.at, one.problem.shape.hidden, one.problem.lambda])).toEqual([
      [0.1, [8], 0.1],
      [0.2, [8], 0.2],
    ]);
    const deep = depthCases(problem, [2, 6]);
    expect(deep.map(({ series, at, problem: own }) => [series, at, own.shape.hidden, own.data.rows])).toEqual(
      [
        ["1 hidden layer", 2, [8], 2],
        ["1 hidden layer", 6, [8], 6],
        ["2 hidden layers", 2, [4, 4], 2],
        ["2 hidden layers", 6, [4, 4], 6],
      ],
    );
    expect(Array.from(deep[0]!.problem.data.features)).toEqual([0, 1, 2, 3]);
    // 8·(2 + 2) + 8 + 2 = 42 = 4·2 + 4·4 + 2·4 + 4 + 4 + 2.
    for (const { problem: own } of deep) expect(weightCount(own.shape)).toBe(42);
    for (const cases of [wide, firm, deep])
      expect(new Set(cases.map(({ label }) => label)).size).toBe(cases.length);
  });

  test("networks on a shelf are not explored again", async () => {
    const kept = new Map<string, Network>();
    const shelf: NetworkShelf = {
      load: (label) => structuredClone(kept.get(label)),
      save: (label, network) => kept.set(label, structuredClone(network)),
    };
    const first = await compareLandscapes([xor(1, 0.1)], { seed: 1, effort, shelf });
    expect(kept.get(xor(1, 0.1).label)).toEqual(first[0]!.network);
    expect(await compareLandscapes([xor(1, 0.1)], { seed: 1, effort, shelf })).toEqual(first);
  });
});

test("an idle unit changes no answer, wherever the weights are", () => {
  for (let k = 0; k < 20; k++) {
    const draw = random(k, "idle");
    const shape = { inputs: 1 + draw.int(4), hidden: [1 + draw.int(4)], classes: 2 + draw.int(2) };
    const w = Float64Array.from({ length: weightCount(shape) }, () => 2 * draw.normal());
    const x = matrix(
      6,
      shape.inputs,
      Float64Array.from({ length: 6 * shape.inputs }, () => draw.normal()),
    );
    const wider = withEmptyUnit(shape, w);
    expect(logits(wider.shape, wider.weights, x)).toEqual(logits(shape, w, x));
  }
});

describe("XOR", () => {
  test("λ = 0.1 leaves w = 0 alone; at 0.01 one unit has the 4 minima and 3 saddles of spec 5.4; a table of both", async () => {
    const cases = [xor(1, 0.01), xor(1, 0.1), xor(2, 0.1)];
    const kept = new Map<string, Network>();
    const shelf = {
      load: (label: string) => kept.get(label),
      save: (label: string, network: Network) => {
        kept.set(label, structuredClone(network));
      },
    };
    const found = await compareLandscapes(cases, { seed: 1, effort, shelf });
    expect(found.map(({ minima, saddles }) => [minima, saddles])).toEqual([
      [4, 3],
      [1, 0],
      [1, 0],
    ]);
    const values = found[0]!.network.minima.map(({ value }) => value).sort((a, b) => a - b);
    [0.638108043, 0.654150272, Math.LN2, 0.699517734].forEach((known, i) => {
      expect(Math.abs(values[i]! - known)).toBeLessThan(1e-9);
    });
    const again = await compareLandscapes(cases, { seed: 1, effort, shelf });
    expect(again).toEqual(found);
    const table = archetypeTable(found, { name: "xor", title: "XOR" });
    expect(table.columns.every(({ values: column }) => column.length === 3)).toBe(true);
  });

  test("stationary points of one unit are saddles with two where spec 5.4 marks them", async () => {
    const [found] = await compareLandscapes([xor(1, 0.01)], { seed: 1, effort });
    const { network } = found!;
    const [one, two] = [1, 2].map((hidden) => classifierLandscape(xor(hidden, 0.01).problem)) as [
      Landscape,
      Landscape,
    ];
    const index = new Map<string, number>();
    for (const { x, value } of [...network.minima, ...network.saddles]) {
      const { weights } = withEmptyUnit(xorShape(1), newtonStep(one, newtonStep(one, x)));
      const gradient = new Float64Array(two.n);
      expect(Math.abs(two.valueAndGradient(weights, gradient) - value)).toBeLessThan(1e-12);
      expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-12);
      const { values } = eigenSymmetric(two.hessian!(weights));
      index.set(value.toFixed(9), values.filter((eigenvalue) => eigenvalue < 0).length);
    }
    for (const value of ["0.638108043", "0.654150272", "0.693898644", "0.694990594", "0.699517734"]) {
      expect(index.get(value), value).toBe(1);
    }
    expect(index.get("0.693147181")).toBe(0);
    expect(index.get("0.701725206")).toBeGreaterThan(1);
  });

  test("the peak of the heat capacity: who has less loss than the mean loses, who has more gains", async () => {
    const exact = { ...effort, same: { value: 1e-8, distance: 0.05 } };
    const [found] = await compareLandscapes([xor(1, 0.01)], { seed: 1, effort: exact });
    const { network } = found!;
    const { peaks } = competingMinima(network);
    expect(peaks.length).toBe(1);
    const { occupation, gaining, losing, temperature } = peaks[0]!;
    const mean = network.minima.reduce((sum, { value }, a) => sum + occupation[a]! * value, 0);
    for (const { minimum, slope } of [...gaining, ...losing]) {
      const above = network.minima[minimum]!.value - mean;
      expect(slope).toBeCloseTo((occupation[minimum]! * above) / temperature ** 2, 8);
    }
    // The global minimum gives way to the idle network, w = 0.
    expect(network.minima[losing[0]!.minimum]!.value).toBeCloseTo(0.638108043, 8);
    expect(network.minima[gaining[0]!.minimum]!.value).toBeCloseTo(Math.LN2, 12);
  });
});

test.each([
  [2, 0.37669637, 0.76180224],
  [10, 0.28017103, 2.18488356],
])(
  "two explored wells whose prefactors are in the ratio %i: the peak of spec 2.1 to 1e-6",
  async (r, at, height) => {
    const source = {
      module: new URL("./two-wells.fixture.ts", import.meta.url).href,
      fn: "twoWellsFrom",
      input: { r },
    };
    const { network } = await explore({
      source,
      seed: 1,
      walkers: 4,
      hop: { steps: 10, step: 2 * r },
      searches: 2,
    });
    expect(network.minima.length).toBe(2);
    const { peaks, levels } = competingMinima(network);
    expect(peaks.length).toBe(1);
    expect(peaks[0]!.temperature).toBeCloseTo(at, 6);
    expect(peaks[0]!.heatCapacity - levels.modes / 2).toBeCloseTo(height, 6);
    const low = network.minima[0]!.value < network.minima[1]!.value ? 0 : 1;
    expect(peaks[0]!.losing.map(({ minimum }) => minimum)).toEqual([low]);
    expect(peaks[0]!.gaining.map(({ minimum }) => minimum)).toEqual([1 - low]);
  },
);

describe("bad input", () => {
  test("cases of one label, more layers, minima of one value, weights of others", async () => {
    await expect(compareLandscapes([xor(1, 0.1), xor(1, 0.1)], { seed: 1 })).rejects.toThrow(
      /'XOR, 1 hidden.*twice/,
    );
    expect(() => withEmptyUnit({ inputs: 2, hidden: [2, 2], classes: 2 }, new Float64Array(18), 2)).toThrow(
      "hidden layer 2 of a classifier that has 2",
    );
    const one = { value: 1, logProduct: 0, zeroModes: 0, order: 1 };
    expect(() => competingMinima({ n: 2, minima: [one, one] })).toThrow(/2 minima of one value 1/);
    expect(() => frustration(mullerBrown, [1])).toThrow(/1 weights for 3 minima/);
    expect(() => summarise({ minima: [], saddles: [] })).toThrow(/no minima/);
  });
});
