import { expect, test } from "vitest";
import { UserError } from "../../core/errors.ts";
import { numbers } from "../../data/table.ts";
import { renderPlot } from "../render-plot.ts";
import { structureAgainstError } from "./structure-against-error.ts";
import { structureOverTraining } from "./structure-over-training.ts";

const shared = { name: "s", title: "S", caption: "C.", groupLabel: "nuclei that train" };
const against = { ...shared, errorLabel: "RMS error", unit: "keV", structureLabel: "1 − orderedness" };
const points = [
  { group: "10 %", error: 20_000, structure: 0.4 },
  { group: "90 %", error: 1500, structure: 0.1 },
  { group: "90 %", error: 2000, structure: 0.2 },
];

test("a point a network: more error further right, more disorder higher up, the same group in one colour", () => {
  const figure = structureAgainstError({ ...against, points });
  const circles = [...renderPlot(figure).matchAll(/<circle[^>]*>/g)].map(([tag]) => {
    const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(tag)![1]!;
    return { x: Number(of("cx")), y: Number(of("cy")), fill: of("fill") };
  });
  expect(circles).toHaveLength(3);
  const bySize = [...circles].sort((a, b) => b.x - a.x);
  expect(bySize[0]!.y).toBeLessThan(bySize[1]!.y);
  expect(bySize[1]!.y).toBeLessThan(bySize[2]!.y);
  expect(bySize[1]!.fill).toBe(bySize[2]!.fill);
  expect(bySize[0]!.fill).not.toBe(bySize[1]!.fill);
  // Logarithmic: 20 000 : 2000 is ln 10, 2000 : 1500 is ln 4/3.
  const [a, b, c] = bySize.map(({ x }) => x);
  expect((a! - b!) / (b! - c!)).toBeCloseTo(Math.log(10) / Math.log(4 / 3), 3);
  expect([...numbers(figure.data, "error").values]).toEqual([20_000, 1500, 2000]);
});

test("a line a network over training", () => {
  const curve = (group: string, run: string) => ({
    group,
    run,
    steps: [1, 10, 100],
    values: [0.5, 0.6, 0.9],
  });
  const curves = [curve("10 %", "0"), curve("10 %", "1"), curve("90 %", "0")];
  const figure = structureOverTraining({ ...shared, stepLabel: "epoch", structureLabel: "order", curves });
  const lines = [...renderPlot(figure).matchAll(/<g[^>]*aria-label="line"[^>]*>(.*?)<\/g>/gs)];
  expect(lines[0]![1]!.match(/<path/g)).toHaveLength(3);
  expect(figure.data.rows).toBe(9);
});

test("what cannot be drawn is refused by name", () => {
  const over = { ...shared, stepLabel: "epoch", structureLabel: "order" };
  const curve = { group: "10 %", run: "0", steps: [1, 2], values: [1, 1] };
  const bad: [() => unknown, RegExp][] = [
    [() => structureAgainstError({ ...against, points: [] }), /at least one point/],
    [() => structureAgainstError({ ...against, points: [{ ...points[0]!, error: 0 }] }), /error 0/],
    [() => structureAgainstError({ ...against, points: [{ ...points[0]!, structure: Number.NaN }] }), /NaN/],
    [() => structureOverTraining({ ...over, curves: [] }), /at least one curve/],
    [() => structureOverTraining({ ...over, curves: [{ ...curve, steps: [0, 1] }] }), /one of them 0/],
    [() => structureOverTraining({ ...over, curves: [{ ...curve, values: [1] }] }), /1 values at 2 steps/],
  ];
  for (const [make, message] of bad) {
    expect(make).toThrow(UserError);
    expect(make).toThrow(message);
  }
});
