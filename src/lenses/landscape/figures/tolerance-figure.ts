import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { ToleranceInput } from "./inputs.ts";
import { categories, faint, ink } from "./style.ts";

const panels = ["difference of the values", "distance after alignment"] as const;
/** Differences below this are drawn here. */
const least = 1e-16;

/**
 * An audit of what "the same point" means: histograms, over all pairs of points that are told apart, of how far they
 * differ in value and in place, with the tolerances. Two kinds of points are told apart safely where the histograms
 * leave the tolerance well to the left of at least one of their differences.
 * @throws UserError for lists of different lengths.
 */
export function toleranceFigure(input: ToleranceInput): PlotFigure {
  const { name, values, distances, same } = input;
  demand(
    values.length === distances.length,
    () => `toleranceFigure '${name}': ${values.length} differences and ${distances.length} distances`,
  );
  const rows = Array.from(values, (value, i) => [
    { panel: panels[0], x: Math.max(value, least) },
    { panel: panels[1], x: Math.max(distances[i]!, least) },
  ]).flat();
  const limits = [
    { panel: panels[0], x: same.value },
    { panel: panels[1], x: same.distance },
  ].filter(({ x }) => x > 0 && x < Infinity);
  const all = [...rows, ...limits].map(({ x }) => x);
  const [low, high] = [
    Math.floor(Math.log10(Math.min(...all)) - 0.01),
    Math.ceil(Math.log10(Math.max(...all)) + 0.01),
  ];
  const bins = new Map<string, { panel: string; x1: number; x2: number; count: number }>();
  for (const { panel, x } of rows) {
    const k = Math.floor(Math.log10(x) * 5);
    const bin = bins.get(`${panel}${k}`) ?? { panel, x1: 10 ** (k / 5), x2: 10 ** ((k + 1) / 5), count: 0 };
    bin.count++;
    bins.set(`${panel}${k}`, bin);
  }
  const inside = Array.from(values).filter(
    (value, i) => value <= same.value && distances[i]! <= same.distance,
  ).length;
  const near = Array.from(values).filter((value) => value <= same.value).length;
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: `${input.caption} ${values.length} pairs; ${near - inside} agree in value within ${same.value} and are told apart by their distance; ${inside} lie within both tolerances.`,
    data: {
      name,
      rows: values.length,
      columns: [
        numberColumn("value difference", "", values),
        numberColumn("distance", "", distances, { help: "after alignment" }),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ width: 640, height: 320, inset: 0, grid: true },
      fy: { domain: [...panels], label: null, axis: null, padding: 0.16 },
      x: {
        type: "log",
        domain: [10 ** low, 10 ** high],
        label: "difference of a pair of points (value, or distance in the landscape's coordinates)",
      },
      y: { label: "pairs", ticks: 3 },
      color: {
        type: "categorical",
        domain: [...panels],
        range: [categories[0], categories[2]],
        legend: true,
      },
      marks: [
        Plot.rectY([...bins.values()], {
          fy: "panel",
          x1: "x1",
          x2: "x2",
          y: "count",
          fill: "panel",
          insetLeft: 0.5,
        }),
        Plot.ruleY([0], { stroke: faint }),
        Plot.ruleX(limits, { fy: "panel", x: "x", stroke: ink, strokeDasharray: "4,3" }),
        Plot.text(limits, {
          ...{ fy: "panel", x: "x", frameAnchor: "top" as const, textAnchor: "start", dx: 4, dy: 4 },
          ...{ text: () => "tolerance", fill: ink, stroke: "white", strokeWidth: 3 },
        }),
      ],
    },
  };
}
