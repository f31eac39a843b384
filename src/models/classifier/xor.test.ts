import { beforeAll, describe, expect, test } from "vitest";
import { certify } from "../../optim/landscape/certify.ts";
import { type ExploreOptions, explore } from "../../optim/landscape/explore.ts";
import type { Network } from "../../optim/landscape/network.ts";
import { differencedHessian, runSearch } from "../../optim/landscape/search.ts";
import { modeSpectrum } from "../../optim/landscape/spectrum.ts";
import { withEmptyUnit } from "./embed.ts";
import { classifierLandscape } from "./landscape.ts";
import { xorProblem } from "./small-problems.fixture.ts";

/** Points are told apart by their loss, as in the tables. */
async function explored(
  hidden: number,
  lambda: number,
  options: Partial<ExploreOptions> = {},
): Promise<Network> {
  const { network } = await explore({
    source: {
      module: new URL("./landscape.ts", import.meta.url).href,
      fn: "classifierFrom",
      input: xorProblem(hidden, lambda),
    },
    ...{ seed: 1, same: { value: 1e-8, distance: Infinity }, walkers: 16, searches: 40, neighbours: 3 },
    hop: { steps: 5, step: 2, valueTolerance: 1e-7, tight: { quench: { rms: 1e-9 } } },
    searchSize: { least: 0.1, most: 3 },
    modeSizes: [0.1, 0.5, 1.5],
    transition: { quench: { rms: 1e-9 }, follow: { maxDistance: 8, maxCycles: 80 } },
    ...options,
  });
  return network;
}

const onlyMinima = { searches: 0, modes: 0, neighbours: 0, cycles: 0 };
const sorted = (points: readonly { value: number }[]) =>
  points.map(({ value }) => value).sort((a, b) => a - b);

function expectValues(found: readonly number[], known: readonly number[]): void {
  expect(found.map((value) => value.toFixed(9))).toEqual(known.map((value) => value.toFixed(9)));
}

/** Every point again, from differences of the gradient alone. */
function certified(hidden: number, lambda: number, { minima, saddles }: Network): void {
  const land = classifierLandscape(xorProblem(hidden, lambda));
  const g = new Float64Array(land.n);
  for (const [points, index] of [
    [minima, 0],
    [saddles, 1],
  ] as const) {
    for (const { x, value } of points) {
      expect(land.valueAndGradient(x, g)).toBe(value);
      expect(Math.hypot(...g) / Math.sqrt(land.n)).toBeLessThan(1e-9);
      const { values } = modeSpectrum(runSearch(land, differencedHessian(x)));
      expect(values.filter((v) => v < -1e-7).length).toBe(index);
      expect(Math.min(...values.map(Math.abs))).toBeGreaterThan(1e-7);
    }
  }
  for (const saddle of saddles) {
    for (const id of saddle.minima) expect(minima[id]!.value).toBeLessThan(saddle.value);
  }
}

/** Published reference values of an independent search: all minima, and transition states where all are listed. */
const two = [
  ...[0.603343586, 0.614299201, 0.638108043, 0.654150272, 0.669647905],
  ...[0.685564498, 0.692027703, 0.693898644, 0.694990594, 0.699517734],
];
const tables: {
  hidden: number;
  lambda: number;
  minima: number[];
  saddles?: number[];
  among?: number[];
  walkers?: number;
}[] = [
  { hidden: 1, lambda: 0.1, minima: [Math.LN2], saddles: [] },
  { hidden: 2, lambda: 0.1, minima: [Math.LN2], saddles: [] },
  { hidden: 3, lambda: 0.1, minima: [Math.LN2], saddles: [] },
  {
    ...{ hidden: 1, lambda: 0.01, minima: [0.638108043, 0.654150272, Math.LN2, 0.699517734] },
    saddles: [0.693898644, 0.694990594, 0.701725206],
  },
  {
    ...{ hidden: 2, lambda: 0.01, minima: [0.426538887, 0.469214557, 0.592903793, Math.LN2] },
    saddles: two,
  },
  {
    ...{ hidden: 3, lambda: 0.01, minima: [0.406773755, 0.456555177, Math.LN2] },
    among: [0.426538887, 0.469214557, 0.592903793],
  },
  {
    ...{ hidden: 2, lambda: 1e-3, walkers: 60 },
    minima: [0.08355759, 0.092673188, 0.399090888, 0.41871217, Math.LN2],
    among: [0.515569408, 0.521157602, 0.541061507],
  },
];

describe("XOR has the published minima and transition states", () => {
  const networks = new Map<string, Network>();
  beforeAll(async () => {
    for (const { hidden, lambda, walkers } of tables) {
      const effort = walkers ? { walkers, searches: 30, hop: { steps: 3, step: 2 } } : {};
      networks.set(`${hidden} ${lambda}`, await explored(hidden, lambda, effort));
    }
  }, 120_000);
  const of = (hidden: number, lambda: number) => networks.get(`${hidden} ${lambda}`)!;

  test.each(tables)("$hidden hidden units, λ = $lambda", ({ hidden, lambda, minima, saddles, among }) => {
    const network = of(hidden, lambda);
    expectValues(sorted(network.minima), minima);
    const found = sorted(network.saddles);
    if (saddles) expectValues(found, saddles);
    for (const value of among ?? []) {
      expect(Math.min(...found.map((one) => Math.abs(one - value)))).toBeLessThan(1e-9);
    }
    if (among) expect(found.length).toBeGreaterThanOrEqual(11);
    certified(hidden, lambda, network);
  });

  test("more regularisation, fewer minima: one is left at 0.1", () => {
    const counts = [1e-3, 0.01, 0.1].map((lambda) => of(2, lambda).minima.length);
    expect(counts).toEqual([5, 4, 1]);
    for (const hidden of [1, 2, 3]) expect(of(hidden, 0.1).minima.length).toBe(1);
  });

  test("transition states per minimum grow with the hidden units: 3/4, 10/4, 12/3", () => {
    const ratios = [1, 2, 3].map((hidden) => {
      const { minima, saddles } = of(hidden, 0.01);
      return saddles.length / minima.length;
    });
    expect(ratios[0]).toBe(3 / 4);
    expect(ratios[1]).toBe(10 / 4);
    expect(ratios[2]).toBeGreaterThanOrEqual(12 / 3);
  });

  test("stationary points of H − 1 units with an empty unit are stationary points of H units, of the same loss", () => {
    for (const [hidden, lambda] of [
      [1, 0.01],
      [2, 0.01],
      [2, 1e-3],
    ] as const) {
      const { minima, saddles } = of(hidden, lambda);
      const smaller = classifierLandscape(xorProblem(hidden, lambda));
      const larger = classifierLandscape(xorProblem(hidden + 1, lambda));
      const g = new Float64Array(larger.n);
      const points = [
        ...minima.map(({ x }) => ({ x, index: 0 })),
        ...saddles.map(({ x }) => ({ x, index: 1 })),
      ];
      for (const { x, index } of points) {
        const polished = runSearch(smaller, certify(x, { index, rms: 1e-14 }));
        if (!polished.ok) throw new Error(polished.detail);
        const { weights } = withEmptyUnit(xorProblem(hidden, lambda).shape, polished.point.x);
        const value = larger.valueAndGradient(weights, g);
        expect(Math.abs(value - polished.point.value)).toBeLessThan(1e-14);
        expect(Math.hypot(...g)).toBeLessThan(1e-12);
      }
    }
  });

  test("and minima of H − 1 units come back as minima or transition states of H units, to 1e-8", () => {
    for (const hidden of [1, 2]) {
      const { minima, saddles } = of(hidden + 1, 0.01);
      const known = [...sorted(minima), ...sorted(saddles)];
      for (const { value } of of(hidden, 0.01).minima) {
        expect(Math.min(...known.map((one) => Math.abs(one - value)))).toBeLessThan(1e-8);
      }
    }
  });
});

describe("weak regularisation", () => {
  test("global minima at λ = 1e-5: 0.001981010 with two hidden units, 0.001717386 with three", async () => {
    for (const [hidden, least] of [
      [2, 0.00198101],
      [3, 0.001717386],
    ] as const) {
      const options = {
        ...onlyMinima,
        walkers: 10,
        hop: { steps: 20, step: 2, tight: { quench: { rms: 1e-9 } } },
      };
      const network = await explored(hidden, 1e-5, options);
      expectValues([sorted(network.minima)[0]!], [least]);
    }
  });

  test("λ = 1e-4, one unit: four minima, and transition states 6e-8 and 1e-7 above ln 2", async () => {
    const network = await explored(1, 1e-4, { walkers: 60, searches: 20, hop: { steps: 3, step: 2 } });
    expect(network.minima.length).toBe(4);
    expectValues(sorted(network.saddles).slice(0, 1), [0.693147241]);
    certified(1, 1e-4, network);
  });

  test("the global minimum falls with the number of hidden units", async () => {
    const least: number[] = [];
    for (const hidden of [1, 2, 3, 4]) {
      const network = await explored(hidden, 1e-3, {
        ...onlyMinima,
        walkers: 6,
        hop: { steps: 20, step: 2 },
      });
      least.push(sorted(network.minima)[0]!);
    }
    least.slice(1).forEach((value, i) => {
      expect(value).toBeLessThan(least[i]!);
    });
  });
});

test("an exploration is the same with no, one and two threads, to the last bit", async () => {
  const results: Network[] = [];
  for (const threads of [0, 1, 2]) {
    const effort = { walkers: 4, searches: 5, modes: 2, hop: { steps: 3, step: 2 } };
    results.push(await explored(2, 0.01, { ...effort, threads }));
  }
  expect(results[0]!.saddles.length).toBeGreaterThan(3);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});
