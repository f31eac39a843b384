import { describe, expect, test } from "vitest";
import { random } from "../../../core/random.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { missingGlyphs } from "../../../report/glyphs.ts";
import { renderPlot } from "../../../report/render-plot.ts";
import type { PlotFigure } from "../../figure.ts";
import type { EnergyGraph } from "../network/energy-graph.ts";
import { heatCapacityPeaks } from "../thermodynamics/heat-capacity-peaks.ts";
import { archetypesFigure } from "./archetypes-figure.ts";
import { complementarityFigure } from "./complementarity-figure.ts";
import { completenessCurve, completenessFigure } from "./completeness-figure.ts";
import { disconnectivityFigure } from "./disconnectivity-figure.ts";
import { encoding } from "./encoding.ts";
import { ensembleFigure } from "./ensemble-figure.ts";
import { featureScoresFigure } from "./feature-scores-figure.ts";
import { heatCapacityFigure } from "./heat-capacity-figure.ts";
import { mergeTreeFigure } from "./merge-tree-figure.ts";
import { minimaScatter } from "./minima-scatter.ts";
import { pairDifferences } from "./pair-differences.ts";
import { permutationTestFigure } from "./permutation-test-figure.ts";
import { persistenceFigure } from "./persistence-figure.ts";
import { spectraFigure } from "./spectra-figure.ts";
import { toleranceFigure } from "./tolerance-figure.ts";
import { placedLabels } from "./tree-labels.ts";

/** A tree of minima over one another, with `loose` of them joined to nothing. */
function grown(count: number, loose = 0): EnergyGraph {
  const draw = random(count, "figures");
  const minima = Array.from({ length: count }, (_, i) => ({
    value: i === 0 ? 0 : 0.01 + 0.2 * draw.uniform(),
  }));
  const saddles = Array.from({ length: count - 1 - loose }, (_, k) => {
    const [i, j] = [k + 1, draw.int(k + 1)];
    return {
      value: Math.max(minima[i]!.value, minima[j]!.value) + 0.01 + 0.1 * draw.uniform(),
      minima: [j, i] as [number, number],
    };
  });
  return { minima, saddles };
}

const text = { name: "figure", title: "A title", caption: "What is drawn." };
const energy = { label: "regularised loss", unit: "" };
const values = (count: number) =>
  Float64Array.from({ length: count }, (_, i) => 0.9 + 0.001 * ((7 * i) % count));
const groups = (count: number) =>
  Array.from({ length: count }, (_, i) => (i % 4 === 3 ? undefined : `basin ${i % 9}`));
const levels = { values: Float64Array.of(0, 1, 1.4), logWeights: Float64Array.of(0, 2, 5), modes: 6 };
const range = { from: 0.05, to: 3 };
const shuffles = (label: string, shift: number) => ({
  ...{ label, base: 0.95, random: { mean: 0.76, sd: 0.06 } },
  choices: ["lowest CV", "largest |w|"].map((choice, i) => ({
    choice,
    mean: 0.6 + 0.1 * i + shift,
    sd: 0.03,
  })),
});
const scored = (method: string, uses: "nothing" | "choice" | "training", auc: number) => ({
  method,
  uses,
  auc,
  accuracy: auc,
});
const walkers = ["a", "b", "c", "d"];
const met = {
  walkers,
  minima: [4, 3, 1, 1, 2].map((count) => ({
    seen: walkers.slice(0, count).map((walker) => ({ walker, hits: 1 })),
  })),
};
const summary = (at: number) => ({
  ...{ label: `case ${at}`, at, series: at % 2 ? "odd" : "even" },
  ...{
    minima: 3 * at,
    saddles: 5 * at,
    ratio: 5 / 3,
    relativeBarrier: at === 1 ? Number.NaN : 0.1,
    basins: 2,
  },
});

const drawn: [string, () => PlotFigure, rows: number][] = [
  ...[1, 5, 60, 300].map((count): [string, () => PlotFigure, number] => [
    `disconnectivity of ${count}`,
    () => disconnectivityFigure({ ...text, graph: grown(count), energy, groups: groups(count) }),
    -1,
  ]),
  [
    "disconnectivity, metric",
    () =>
      disconnectivityFigure({
        ...{ ...text, graph: grown(40, 5), energy: { label: "energy", unit: "ε" } },
        ...{ metric: { label: "distance", unit: "σ", values: values(40) } },
        property: { label: "test AUC", unit: "", values: values(40) },
      }),
    -1,
  ],
  ["merge tree", () => mergeTreeFigure({ ...text, graph: grown(20, 3), energy, groups: groups(20) }), 36],
  ["persistence", () => persistenceFigure({ ...text, graph: grown(20, 3), energy, groups: groups(20) }), 20],
  [
    "heat capacity",
    () =>
      heatCapacityFigure({ ...text, levels, range, peaks: heatCapacityPeaks(levels, range), unit: "loss" }),
    240,
  ],
  [
    "feature scores",
    () =>
      featureScoresFigure({
        ...{ ...text, features: ["x0", "x1", "noise"], relevant: [0, 1] },
        methods: [
          { method: "conserved weights", values: [3, 2, 0.5], low: [2.5, 1, 0.1], high: [3.5, 3, 0.9] },
          { method: "permutation importance", values: [0.2, 0.3, -0.001] },
        ],
      }),
    6,
  ],
  ["permutation test", () => permutationTestFigure({ ...text, tests: [shuffles("seed 1", 0)] }), 3],
  [
    "permutation test, seeds",
    () =>
      permutationTestFigure({
        ...text,
        tests: [0, 0.01, 0.03].map((shift, i) => shuffles(`seed ${i}`, shift)),
      }),
    9,
  ],
  [
    "scatter of minima",
    () =>
      minimaScatter({
        ...{ ...text, groups: groups(30), x: { ...energy, values: values(30) } },
        y: { label: "test AUC", unit: "", values: values(30).toReversed() },
      }),
    30,
  ],
  [
    "spectra",
    () =>
      spectraFigure({
        ...text,
        spectra: [
          [3, 1],
          [2, 5],
          [0.1, 7],
        ],
        reference: { label: "2λ", value: 0.5 },
      }),
    6,
  ],
  [
    "tolerances",
    () =>
      toleranceFigure({
        ...text,
        values: [0, 1e-9, 0.1, 0.3],
        distances: [0.01, 2, 3, 1],
        same: { value: 1e-6, distance: 0.05 },
      }),
    4,
  ],
  ["completeness", () => completenessFigure({ ...text, curve: completenessCurve(met), known: 6 }), 3],
  [
    "archetypes",
    () =>
      archetypesFigure({
        ...text,
        archetypes: [1, 2, 3, 4].map(summary),
        axis: { label: "hidden units", unit: "" },
      }),
    4,
  ],
  [
    "ensemble",
    () =>
      ensembleFigure({
        ...{ ...text, oracle: { auc: 0.99, accuracy: 0.97 } },
        combined: [
          scored("best single", "choice", 0.7),
          scored("mean of all", "nothing", 0.8),
          scored("gate", "training", 0.9),
        ],
      }),
    4,
  ],
  [
    "complementarity",
    () => complementarityFigure({ ...text, apart: matrix(2, 2, [0, 0.3, 0.3, 0]), labels: ["1", "2"] }),
    4,
  ],
];

describe.each(drawn)("%s", (_, make, rows) => {
  test("draws the same bytes each time, without a number that is none or a letter that the font lacks", () => {
    const svg = renderPlot(make());
    expect(renderPlot(make())).toBe(svg);
    expect(svg.replace(/aria-label="[^"]*"/g, "")).not.toMatch(/NaN|undefined|Infinity/);
    expect(missingGlyphs(svg)).toEqual([]);
  });

  test("has its data beside it", () => {
    const { data, caption } = make();
    if (rows >= 0) expect(data.rows).toBe(rows);
    for (const column of data.columns) expect(column.values.length, column.name).toBe(data.rows);
    expect(caption).toContain(text.caption);
  });
});

test("a disconnectivity graph has a line down to every minimum of the component, and says what is not drawn", () => {
  for (const count of [5, 60, 300]) {
    const graph = grown(count, 3);
    const { data, caption, plot } = disconnectivityFigure({ ...text, graph, energy });
    const ends = data.columns.find(({ name }) => name === "minimum")!.values as string[];
    const leaves = ends.filter((name) => name !== "").map(Number);
    expect(leaves.sort((a, b) => a - b)).toEqual(Array.from({ length: count - 3 }, (_, i) => i + 1));
    expect(caption).toContain(`Not drawn: 3 of ${count} minima`);
    const links = (plot.marks![0] as unknown as { data: { y2: number }[] }).data;
    const feet = new Set(links.map(({ y2 }) => y2));
    for (const id of leaves) expect(feet.has(graph.minima[id - 1]!.value)).toBe(true);
  }
});

test("the group of the lowest minimum is named first, groups beyond the seventh are together, mixed branches apart", () => {
  const names = [...Array.from({ length: 20 }, (_, i) => `g${i % 10}`), "alone"];
  const { of, color } = encoding({ groups: names, lead: 20 }, 21);
  const domain = color.domain as string[];
  expect(domain).toEqual(["alone", "g0", "g1", "g2", "g3", "g4", "g5", "smaller groups", "several groups"]);
  expect((color.range as string[]).length).toBe(domain.length);
  expect([of([20]), of([0, 10]), of([9]), of([0, 1])]).toEqual([
    "alone",
    "g0",
    "smaller groups",
    "several groups",
  ]);
  const property = encoding({ property: { label: "AUC", unit: "", values: [1, 3, Number.NaN] } }, 3);
  expect(property.of([0, 1])).toBe(2);
  expect(property.color.domain).toEqual([1, 3]);
});

test("labels touch neither each other nor a line, the first come first", () => {
  const draw = random(1, "labels");
  const wishes = Array.from({ length: 80 }, (_, i) => ({
    text: String(i),
    x: 600 * draw.uniform(),
    y: 400 * draw.uniform(),
  }));
  const lines = wishes.map(({ x, y }) => ({ x, head: 0, foot: y }));
  const placed = placedLabels(wishes, lines);
  expect(placed.length).toBeGreaterThan(10);
  for (const [i, a] of placed.entries()) {
    const width = 6.6 * a.text.length;
    for (const b of placed.slice(i + 1)) {
      const apart = Math.abs(a.x - b.x) >= (width + 6.6 * b.text.length) / 2 || Math.abs(a.y - b.y) >= 13;
      expect(apart).toBe(true);
    }
    for (const line of lines) {
      if (Math.abs(line.x - a.x) < width / 2) expect(line.foot).toBeLessThan(a.y + 15);
    }
  }
});

test("differences of pairs by hand, without and with a symmetry", () => {
  const points = [0, 3, -4].map((x) => ({ x: Float64Array.of(x), value: 2 * x }));
  const plain = { name: "line", n: 1, valueAndGradient: () => 0, start: () => new Float64Array(1) };
  expect(pairDifferences(plain, points)).toEqual({
    values: Float64Array.of(6, 8, 14),
    distances: Float64Array.of(3, 4, 7),
  });
  const symmetry = {
    order: () => 1,
    align: (a: Float64Array, b: Float64Array) => ({
      x: b,
      distance: Math.abs(Math.abs(a[0]!) - Math.abs(b[0]!)),
    }),
  };
  expect(Array.from(pairDifferences({ ...plain, symmetry }, points).distances)).toEqual([3, 4, 1]);
});

test("the completeness curve ends at the estimate of all walkers", () => {
  const curve = completenessCurve(met);
  expect(curve.map((point) => [point.walkers, point.seen])).toEqual([
    [2, 5],
    [3, 5],
    [4, 5],
  ]);
  // Two minima met once and one twice by 4 walkers: 5 + (3/4)·2·1/(2·2).
  expect(curve.at(-1)!.estimate).toBeCloseTo(5 + 0.375, 12);
});

describe("bad input", () => {
  const graph = grown(5);
  test.each([
    [
      "groups of others",
      () => disconnectivityFigure({ ...text, graph, energy, groups: ["a"] }),
      /1 groups for 5 minima/,
    ],
    [
      "two colours",
      () =>
        mergeTreeFigure({
          ...text,
          graph,
          energy,
          groups: groups(5),
          property: { label: "p", unit: "", values: [1] },
        }),
      /groups or by a property/,
    ],
    [
      "scores of other features",
      () => featureScoresFigure({ ...text, features: ["a", "b"], methods: [{ method: "m", values: [1] }] }),
      /'m' has 1 values for 2 features/,
    ],
    ["no test", () => permutationTestFigure({ ...text, tests: [] }), /no test/],
    [
      "other choices",
      () =>
        permutationTestFigure({ ...text, tests: [shuffles("a", 0), { ...shuffles("b", 0), choices: [] }] }),
      /'b' has the choices .*as in 'a'/,
    ],
    ["a zero mode", () => spectraFigure({ ...text, spectra: [[1, 0]] }), /minimum 1 has the eigenvalue 0/],
    [
      "pairs of two kinds",
      () => toleranceFigure({ ...text, values: [1], distances: [], same: { value: 1, distance: 1 } }),
      /1 differences and 0 distances/,
    ],
    ["no landscape", () => archetypesFigure({ ...text, archetypes: [], axis: energy }), /no landscape/],
    [
      "a logarithm of zero",
      () =>
        archetypesFigure({
          ...text,
          archetypes: [{ ...summary(1), at: 0 }],
          axis: energy,
          logarithmic: true,
        }),
      /stands at 0 of a logarithmic axis/,
    ],
    [
      "no best single",
      () => ensembleFigure({ ...text, combined: [], oracle: { auc: 1, accuracy: 1 } }),
      /no 'best single'/,
    ],
    [
      "labels of others",
      () => complementarityFigure({ ...text, apart: matrix(2, 2), labels: ["a"] }),
      /1 labels for 2/,
    ],
  ] as [string, () => unknown, RegExp][])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
