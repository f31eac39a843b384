import * as Plot from "@observablehq/plot";
import { numberColumn, textColumn } from "../../data/table.ts";
import type { ControlAxis } from "../../lenses/curvature/axis.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { xScale } from "../../lenses/stacked-panels.ts";
import { faintInk, guide } from "../../report/palette.ts";
import type { PlateauNetwork } from "./plateaus.ts";
import { exactTransition } from "./subject.ts";

/** What networks that saw only the plateaus say in between: one line a network, coloured by ring size. */
export function plateauFigure(networks: readonly PlateauNetwork[], axis: ControlAxis): PlotFigure {
  const first = networks[0]!.set;
  const shown = networks.filter(({ set }) => set.plateau === first.plateau);
  const rows = shown.flatMap(({ set, network, prediction }) =>
    Array.from(prediction.control, (x, t) => ({
      x,
      p: prediction.probability[t]!,
      size: `L = ${set.L}`,
      series: `${network.name}`,
    })),
  );
  const sizes = [...new Set(shown.map(({ set }) => set.L))].sort((a, b) => a - b).map((L) => `L = ${L}`);
  const boundaries = shown.flatMap(({ set, prediction }) =>
    prediction.boundaries.map((at) => ({ at, size: `L = ${set.L}` })),
  );
  const seeds = new Set(shown.map(({ network }) => network.seed)).size;
  const shades = first.stretches.map(([from, to]) => ({ from, to }));
  return {
    kind: "plot",
    name: "plateau-predictions",
    title: "What networks say between the plateaus they were trained on",
    caption:
      `Probability of CDW-I along V2 = 0 for networks trained only in the grey stretches (plateau ${first.plateau}), on rings of ${sizes.map((s) => s.slice(4)).join(", ")} sites, ${seeds} seed${seeds === 1 ? "" : "s"} each: one line a network. ` +
      "Ticks below: where each network's prediction changes. Dashed: the exact transition of the infinite ring. Linear below V1/J = 1, logarithmic above.",
    data: {
      name: "plateau-predictions",
      rows: rows.length,
      columns: [
        textColumn(
          "network",
          rows.map((row) => row.series),
        ),
        textColumn(
          "ring",
          rows.map((row) => row.size),
        ),
        numberColumn(
          axis.name,
          axis.unit,
          rows.map((row) => row.x),
        ),
        numberColumn(
          "probability",
          "",
          rows.map((row) => row.p),
          { help: "of CDW-I" },
        ),
      ],
      provenance: [],
    },
    plot: {
      height: 340,
      x: xScale(axis),
      y: { label: "probability of CDW-I", domain: [-0.06, 1], ticks: [0, 0.5, 1] },
      color: { type: "categorical", domain: sizes, label: "ring" },
      marks: [
        Plot.rect(shades, { x1: "from", x2: "to", y1: 0, y2: 1, fill: guide, fillOpacity: 0.18 }),
        Plot.ruleY([0.5], { stroke: guide, strokeDasharray: "2,3" }),
        Plot.ruleX([exactTransition], { stroke: faintInk, strokeDasharray: "5,3" }),
        Plot.line(rows, { x: "x", y: "p", z: "series", stroke: "size", strokeWidth: 1.6 }),
        Plot.ruleX(boundaries, { x: "at", y1: -0.06, y2: -0.015, stroke: "size", strokeWidth: 1.8 }),
        Plot.text(["exact transition"], {
          x: exactTransition,
          y: 0.96,
          text: (text: string) => text,
          textAnchor: "start",
          dx: 5,
          fill: faintInk,
          stroke: "white",
          strokeWidth: 3,
        }),
      ],
    },
  };
}
