import * as Plot from "@observablehq/plot";
import { numberColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { completeness } from "../network/completeness.ts";
import type { CompletenessInput } from "./inputs.ts";
import { categories, faint } from "./style.ts";

/** Minima seen by the first m walkers and the lower bound of how many they could reach, for every m from 2. */
export function completenessCurve(network: Parameters<typeof completeness>[0]): CompletenessInput["curve"] {
  return network.walkers.slice(1).map((_, i) => {
    const walkers = network.walkers.slice(0, i + 2);
    const minima = network.minima.map(({ seen }) => ({
      seen: seen.filter(({ walker }) => walkers.includes(walker)),
    }));
    const { seen, estimate, interval } = completeness({ minima, walkers });
    return { walkers: walkers.length, seen, estimate, interval };
  });
}

const [found, bound, truth] = ["met so far", "Chao's lower bound of those in reach", "known number"];

/** How the number of minima grows with the walkers, with the estimate of how many there are within their reach. */
export function completenessFigure(input: CompletenessInput): PlotFigure {
  const { name, curve, known } = input;
  const most = Math.max(
    ...curve.map(({ estimate, interval }) => Math.min(interval[1], 3 * estimate)),
    known ?? 0,
  );
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: curve.length,
      columns: [
        numberColumn(
          "walkers",
          "",
          curve.map(({ walkers }) => walkers),
        ),
        numberColumn(
          "seen",
          "",
          curve.map(({ seen }) => seen),
        ),
        numberColumn(
          "estimate",
          "",
          curve.map(({ estimate }) => estimate),
          { help: "Chao's lower bound" },
        ),
        numberColumn(
          "low",
          "",
          curve.map(({ interval }) => interval[0]),
          { help: "95 % interval" },
        ),
        numberColumn(
          "high",
          "",
          curve.map(({ interval }) => interval[1]),
          { help: "95 % interval" },
        ),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ width: 640, height: 340, inset: 0, grid: true },
      x: {
        label: "basin-hopping walkers",
        ticks: Math.min(10, curve.length),
        tickFormat: (value: number) => (Number.isInteger(value) ? String(value) : ""),
      },
      y: { label: "minima", domain: [0, most * 1.06] },
      color: {
        ...{ type: "categorical", domain: [found, bound, ...(known === undefined ? [] : [truth])] },
        range: [categories[0], categories[1], ...(known === undefined ? [] : [faint])],
      },
      marks: [
        ...(known === undefined ? [] : [Plot.ruleY([known], { stroke: faint, strokeDasharray: "5,3" })]),
        Plot.areaY(curve, {
          ...{ x: "walkers", fill: categories[1], fillOpacity: 0.15, clip: true },
          y1: (row: (typeof curve)[number]) => row.interval[0],
          y2: (row: (typeof curve)[number]) => row.interval[1],
        }),
        Plot.line(curve, { x: "walkers", y: "estimate", stroke: () => bound, strokeWidth: 1.8, clip: true }),
        Plot.line(curve, { x: "walkers", y: "seen", stroke: () => found, strokeWidth: 1.8 }),
        Plot.dot(curve, { x: "walkers", y: "seen", fill: () => found, r: 3 }),
      ],
    },
  };
}
