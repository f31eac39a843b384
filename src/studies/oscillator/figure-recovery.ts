import * as Plot from "@observablehq/plot";
import { numberColumn, textColumn } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { guide, okabeIto } from "../../report/palette.ts";
import type { Recovery } from "./count-recoveries.ts";
import { variantIds, variants } from "./variants.ts";
import { wilson } from "./wilson.ts";

/** Share of the seeds that recover each law over the noise, with its 95 % interval. */
export function recoveryFigure(counts: readonly Recovery[]): PlotFigure {
  const levels = [...new Set(counts.map(({ noise }) => noise))].sort((a, b) => a - b);
  const place = new Map(levels.map((noise, k) => [noise, k]));
  const names = variantIds.map((id) => variants[id].title);
  const rows = counts.map(({ variant, noise, found, seeds }) => {
    const k = variantIds.indexOf(variant);
    const [low, high] = wilson(found, seeds);
    return {
      x: place.get(noise)! + (k - 1.5) * 0.12,
      ...{ noise, low, high },
      share: found / seeds,
      law: names[k]!,
      text: `${found}/${seeds}`,
    };
  });
  return {
    kind: "plot",
    name: "oscillator-recovery",
    title: "Recovery over noise",
    caption: `Share of seeds whose chosen formula is the law, with Wilson's 95 % interval (${counts[0]!.seeds} seeds a point; counts beside dots below one). Noise in standard deviations of the target; levels are evenly spaced and the laws set side by side. A share of one with few seeds says less than its dot: see the interval.`,
    data: {
      name: "oscillator-recovery",
      rows: rows.length,
      provenance: [],
      columns: [
        textColumn(
          "law",
          rows.map(({ law }) => law),
        ),
        numberColumn(
          "noise",
          "",
          rows.map(({ noise }) => noise),
        ),
        numberColumn(
          "recovery",
          "",
          rows.map(({ share }) => share),
        ),
        numberColumn(
          "low",
          "",
          rows.map(({ low }) => low),
        ),
        numberColumn(
          "high",
          "",
          rows.map(({ high }) => high),
        ),
      ],
    },
    plot: {
      height: 320,
      marginTop: 36,
      x: {
        label: "noise (standard deviations of the target)",
        domain: [-0.5, levels.length - 0.5],
        ticks: levels.map((_, k) => k),
        tickFormat: (k: number) => String(levels[k]),
      },
      y: {
        label: "share of seeds that recover the law",
        domain: [0, 1.06],
        ticks: [0, 0.25, 0.5, 0.75, 1],
        tickFormat: ".2f",
      },
      color: {
        type: "categorical",
        domain: names,
        range: [0, 1, 2, 3].map((k) => okabeIto[k]!),
        label: "law",
      },
      marks: [
        Plot.ruleY([1], { stroke: guide, strokeDasharray: "2,3" }),
        Plot.ruleX(rows, { x: "x", y1: "low", y2: "high", stroke: "law", strokeWidth: 1.5 }),
        Plot.dot(rows, { x: "x", y: "share", fill: "law", r: 4.5 }),
        Plot.text(
          rows.filter(({ share }) => share < 1),
          { x: "x", y: "share", text: "text", dx: 22, fontSize: 11 },
        ),
      ],
    },
  };
}
