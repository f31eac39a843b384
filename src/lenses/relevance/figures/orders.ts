import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { NetworkLook } from "../network-look.ts";
import { sides } from "./curves-figure.ts";

/** Energy per bead by order: relevance, exact expansion, known law. One-body terms are a gauge and stand in the table. */
export function ordersFigure(options: {
  id: string;
  title: string;
  look: NetworkLook;
  provenance: readonly Provenance[];
}): PlotFigure {
  const { id, look, provenance } = options;
  const { relevance, branching, vacuum, truth } = look.totals;
  const series = [
    { label: "relevance", totals: relevance, color: sides.relevance },
    ...(branching ? [{ label: "relevance by trees", totals: branching, color: sides.context }] : []),
    { label: "exact expansion in vacuum", totals: vacuum, color: sides.vacuum },
    ...(truth ? [{ label: "known law", totals: truth, color: sides.truth }] : []),
  ];
  const names = ["two bodies", "three bodies", "more"];
  const rows = series.flatMap(({ label, totals }) =>
    names.map((order, k) => ({
      order,
      label,
      value: totals.value[k + 1]!,
      error: totals.error[k + 1]!,
    })),
  );
  return {
    kind: "plot",
    name: `${id}-orders`,
    title: `Energy by order in ${options.title}`,
    caption: `Mean over ${look.terms.length} frames, per bead. The one-body part is left out: training on forces leaves it free. Relevance and expansion divide the same energy of the same network; where they differ by factors, relevance is not a many-body term.`,
    data: {
      name: `${id}-orders`,
      rows: rows.length,
      columns: [
        textColumn(
          "order",
          rows.map((row) => row.order),
        ),
        textColumn(
          "source",
          rows.map((row) => row.label),
        ),
        numberColumn(
          "energy",
          "kcal/mol",
          rows.map((row) => row.value),
          { uncertainty: Float64Array.from(rows, (row) => row.error), help: "per bead" },
        ),
      ],
      provenance,
    },
    plot: {
      height: 320,
      fx: { domain: names, label: null },
      x: { axis: null, domain: series.map(({ label }) => label) },
      y: { label: "energy per bead (kcal/mol)", grid: true },
      color: {
        type: "categorical",
        domain: series.map(({ label }) => label),
        range: series.map(({ color }) => color),
      },
      marks: [
        Plot.barY(rows, { fx: "order", x: "label", y: "value", fill: "label", fillOpacity: 0.85 }),
        Plot.ruleX(
          rows.filter((row) => row.error > 0),
          {
            fx: "order",
            x: "label",
            y1: (row: { value: number; error: number }) => row.value - row.error,
            y2: (row: { value: number; error: number }) => row.value + row.error,
            stroke: "#59636e",
          },
        ),
        Plot.ruleY([0], { stroke: "#1f2328" }),
      ],
    },
  };
}
