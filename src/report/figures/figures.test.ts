import { expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { random } from "../../core/random.ts";
import { numbers } from "../../data/table.ts";
import { logTicks } from "../log-ticks.ts";
import { renderPlot } from "../render-plot.ts";
import { baselines } from "./baselines.ts";
import { learningCurve } from "./learning-curve.ts";
import { nuclideChart } from "./nuclide-chart.ts";

const draws = random(3, "chart");
const nuclides = Array.from({ length: 60 }, (_, z) =>
  Array.from({ length: 14 }, (_, k) => ({ z: z + 1, n: z + k, value: 1000 * draws.normal() })),
).flat();
const chartOptions = {
  name: "chart",
  title: "Residuals",
  caption: "Of one model.",
  z: nuclides.map((nuclide) => nuclide.z),
  n: nuclides.map((nuclide) => nuclide.n),
  value: nuclides.map((nuclide) => nuclide.value),
  valueLabel: "residual",
  unit: "keV",
  diverging: true,
};
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
const cells = (svg: string) =>
  /<g[^>]*aria-label="rect"[^>]*>(.*?)<\/g>/.exec(svg)?.[1]?.match(/<rect/g)?.length;

test("a chart has one square a nuclide, its unit, and its symmetric clip at the percentile (oracle: sorting)", () => {
  const figure = nuclideChart({ ...chartOptions, clipPercentile: 95 });
  const svg = renderPlot(figure);
  expect(cells(svg)).toBe(nuclides.length);
  const sizes = nuclides.map((nuclide) => Math.abs(nuclide.value)).sort((a, b) => a - b);
  const at = 0.95 * (sizes.length - 1);
  const reach =
    sizes[Math.floor(at)]! + (at - Math.floor(at)) * (sizes[Math.ceil(at)]! - sizes[Math.floor(at)]!);
  const domain = figure.plot.color!.domain as number[];
  expect(domain[1]).toBeCloseTo(reach, 9);
  expect(domain[0]).toBe(-domain[1]!);
  const beyond = sizes.filter((size) => size > reach).length;
  expect(figure.caption).toContain(`${beyond} of ${sizes.length} nuclides lie beyond`);
  expect(texts(svg)).toContain("residual (keV)");
  expect(texts(svg).filter((text) => /^[≤≥]/.test(text))).toHaveLength(2);
  expect([...numbers(figure.data, "value").values]).toEqual(chartOptions.value);
});

test("unclipped, the legend ends at the data's extremes without ≤ and ≥", () => {
  const value = chartOptions.value.map((v) => Math.round(Math.abs(v)));
  const figure = nuclideChart({ ...chartOptions, value, diverging: false, clipPercentile: 100 });
  expect(figure.plot.color!.domain).toEqual([Math.min(...value), Math.max(...value)]);
  expect(texts(renderPlot(figure)).some((text) => /[≤≥]/.test(text))).toBe(false);
  expect(figure.caption).toBe("Of one model.");
});

test("magic numbers that occur have a line and a name, and no other", () => {
  const svg = renderPlot(nuclideChart(chartOptions));
  const dashed = [...svg.matchAll(/<g[^>]*aria-label="rule"[^>]*>(.*?)<\/g>/g)].map(
    (match) => match[1]!.match(/<line/g)?.length,
  );
  expect(dashed).toEqual([4, 4]);
  expect(texts(svg).filter((text) => text === "28")).toHaveLength(2);
  expect(texts(svg)).not.toContain("82");
});

test("nuclides without a value are left out, marked ones get a dot", () => {
  const value = chartOptions.value.map((v, i) => (i % 10 === 0 ? Number.NaN : v));
  const marked = value.map((_, i) => i % 7 === 0);
  const figure = nuclideChart({ ...chartOptions, value, marked, markedLabel: "held out" });
  const svg = renderPlot(figure);
  const withValue = value.filter(Number.isFinite).length;
  const dots = value.filter((v, i) => Number.isFinite(v) && marked[i]).length;
  expect(cells(svg)).toBe(withValue);
  expect(svg.match(/<circle/g)).toHaveLength(dots);
  expect(figure.caption).toContain(`Dots: held out (${dots}).`);
});

test.each([
  [{ n: [1, 2] }, /n 2/],
  [{ marked: [true] }, /marked 1/],
  [{ clipPercentile: 30 }, /clipPercentile.*30/],
  [{ clipPercentile: Number.NaN }, /clipPercentile.*NaN/],
  [{ value: chartOptions.value.map(() => Number.NaN) }, /none of the 840 values/],
])("a chart refuses %o", (bad, message) => {
  expect(() => nuclideChart({ ...chartOptions, ...bad })).toThrow(UserError);
  expect(() => nuclideChart({ ...chartOptions, ...bad })).toThrow(message);
});

const run = (label: string, factor: number) => ({
  label,
  steps: [1, 10, 100],
  training: [100, 10, 1].map((v) => v * factor),
  validation: [200, 30, 9].map((v) => v * factor),
});
const curve = {
  name: "curve",
  title: "Training",
  caption: "Errors.",
  stepLabel: "epoch",
  errorLabel: "RMS error",
};

test("a learning curve has a thin line a run and split, and thick ones where the middle run is: their median", () => {
  const runs = [run("seed 0", 1), run("seed 1", 2), run("seed 2", 5)];
  const figure = learningCurve({ ...curve, unit: "keV", runs });
  const svg = renderPlot(figure);
  const lines = [...svg.matchAll(/<g[^>]*aria-label="line"[^>]*>(.*?)<\/g>/g)].map(
    (match) => match[1]!.match(/<path/g)?.length,
  );
  expect(lines).toEqual([6, 2]);
  for (const said of ["RMS error (keV)", "epoch", "training", "validation", "100"])
    expect(texts(svg)).toContain(said);
  expect(figure.data.rows).toBe(18);
  const paths = [...svg.matchAll(/<path[^>]* d="(M[^"]*)"/g)].map((match) => match[1]!);
  const [thin, thick] = [paths.slice(-8, -2), paths.slice(-2)];
  expect(new Set(thin).size).toBe(6);
  expect(thick).toEqual([thin[2], thin[3]]);
});

test.each([
  [[], /at least one run/],
  [[{ ...run("a", 1), training: [1] }], /run 'a': 3 steps, 1 training/],
  [[{ ...run("a", 1), steps: [0, 1, 2] }], /step 0/],
  [[{ ...run("a", 1), validation: [1, -2, 3] }], /validation error -2 at step 10/],
  [[{ ...run("a", 1), validation: [1, Number.NaN, 3] }], /NaN/],
])("a learning curve refuses bad runs", (runs, message) => {
  expect(() => learningCurve({ ...curve, unit: "", runs })).toThrow(message);
});

const compared = { name: "compared", title: "Errors", caption: "c", errorLabel: "RMS error", unit: "keV" };

test("baselines stand in the order of their medians, with the median in numbers and the spread of seeds", () => {
  const rows = [
    { label: "formula", group: "fitted", values: [2900] },
    { label: "network", group: "model", values: [1500, 900, 1100] },
  ];
  const figure = baselines({ ...compared, rows });
  expect(figure.plot.y!.domain).toEqual(["network", "formula"]);
  const said = texts(renderPlot(figure));
  for (const text of ["1,100", "2,900", "RMS error (keV)", "model", "fitted"]) expect(said).toContain(text);
  expect((figure.plot.x!.domain as number[])[0]).toBe(0);
  expect(figure.data.rows).toBe(4);
  const wide = baselines({
    ...compared,
    rows: [...rows, { label: "bad", group: "fitted", values: [90000] }],
  });
  expect(wide.plot.x!.type).toBe("log");
});

test.each([
  [[], /at least one row/],
  [[{ label: "a", group: "g", values: [] }], /row 'a'.*no values/],
  [[{ label: "a", group: "g", values: [-1] }], /row 'a'.*-1/],
  [[{ label: "a", group: "g", values: [Number.NaN] }], /NaN/],
  [
    [
      { label: "a", group: "g", values: [1] },
      { label: "a", group: "g", values: [2] },
    ],
    /'a' is there twice/,
  ],
])("baselines refuse bad rows", (rows, message) => {
  expect(() => baselines({ ...compared, rows })).toThrow(message);
});

test("log ticks", () => {
  expect(logTicks(1, 50)).toEqual([1, 2, 5, 10, 20, 50]);
  expect(logTicks(0.03, 2)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
  expect(logTicks(0.02, 7)).toEqual([0.03, 0.1, 0.3, 1, 3]);
  expect(logTicks(1e-3, 1e3)).toEqual([1e-3, 1e-2, 1e-1, 1, 10, 100, 1000]);
  expect(logTicks(1e-12, 1e12).length).toBeLessThanOrEqual(9);
});
