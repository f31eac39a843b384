import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { EnsembleInput } from "./inputs.ts";
import { categories, ink, neutral } from "./style.ts";

const kinds = {
  nothing: "nothing",
  choice: "a choice",
  training: "training of a network",
  hindsight: "hindsight",
} as const;

/**
 * What several minima give together, on items that nothing was trained or chosen on: the AUC of each way to combine
 * them, coloured by what was made of the held-out part; the line is the best single minimum, the bar at the right the
 * oracle that knows which minimum to ask.
 */
export function ensembleFigure(input: EnsembleInput): PlotFigure {
  const { name, combined, oracle } = input;
  const best = combined.find(({ method }) => method === "best single");
  demand(
    best,
    () =>
      `ensembleFigure '${name}': no 'best single' to compare with among ${combined.map(({ method }) => method).join(", ")}`,
  );
  const rows = combined.map((one) => ({ ...one, kind: kinds[one.uses] }));
  const low = Math.min(0.5, ...rows.map(({ auc }) => auc));
  const shown = Object.values(kinds).filter((kind) => rows.some((row) => row.kind === kind));
  const colour = {
    [kinds.nothing]: neutral,
    [kinds.choice]: categories[0],
    [kinds.training]: categories[1],
    [kinds.hindsight]: categories[4],
  };
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: rows.length + 1,
      columns: [
        textColumn("method", [...rows.map(({ method }) => method), "oracle"]),
        textColumn(
          "uses",
          [...rows.map(({ uses }) => uses), "the truth"],
          "what was made of the held-out part",
        ),
        numberColumn("auc", "", [...rows.map(({ auc }) => auc), oracle.auc]),
        numberColumn("accuracy", "", [...rows.map(({ accuracy }) => accuracy), oracle.accuracy]),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ width: 640, height: 70 + 26 * rows.length, marginRight: 64, inset: 0, grid: false },
      x: { label: "AUC on unseen items", domain: [low, 1.005], grid: true },
      y: { domain: rows.map(({ method }) => method), label: null, tickSize: 0 },
      color: {
        type: "categorical",
        label: "made of the held-out part",
        domain: shown,
        range: shown.map((kind) => colour[kind]!),
      },
      marks: [
        Plot.ruleX([best.auc], { stroke: ink, strokeDasharray: "5,3" }),
        Plot.ruleX([oracle.auc], { stroke: neutral, strokeWidth: 3, strokeOpacity: 0.5 }),
        Plot.link(rows, {
          x1: best.auc,
          x2: "auc",
          y1: "method",
          y2: "method",
          stroke: "kind",
          strokeWidth: 2.2,
          strokeOpacity: 0.6,
        }),
        Plot.dot(rows, { x: "auc", y: "method", fill: "kind", r: 5, stroke: "white", strokeWidth: 1.2 }),
        Plot.text(rows, {
          ...{ frameAnchor: "right" as const, y: "method", textAnchor: "start", dx: 10 },
          text: (row: { auc: number }) => row.auc.toFixed(3),
        }),
      ],
    },
  };
}
