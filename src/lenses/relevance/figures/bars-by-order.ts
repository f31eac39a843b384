import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";

/** One way to divide a quantity by order; values of two, three and more bodies. */
export interface BarSeries {
  label: string;
  value: readonly number[];
  /** One standard error each; none where absent. */
  error?: readonly number[];
  color: string;
}

const names = ["two bodies", "three bodies", "more"];

/** Bars of a quantity by order, the ways to divide it side by side. */
export function barsByOrder(options: {
  name: string;
  title: string;
  caption: string;
  series: readonly BarSeries[];
  quantity: { label: string; column: string; unit: string; help?: string };
  provenance: readonly Provenance[];
}): PlotFigure {
  const { name, title, caption, series, quantity, provenance } = options;
  const rows = series.flatMap(({ label, value, error }) =>
    names.map((order, k) => ({ order, label, value: value[k]!, error: error?.[k] ?? 0 })),
  );
  const help = quantity.help ? { help: quantity.help } : {};
  return {
    kind: "plot",
    name,
    title,
    caption,
    data: {
      name,
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
          quantity.column,
          quantity.unit,
          rows.map((row) => row.value),
          series.some(({ error }) => error)
            ? { uncertainty: Float64Array.from(rows, (row) => row.error), ...help }
            : help,
        ),
      ],
      provenance,
    },
    plot: {
      height: 320,
      fx: { domain: names, label: null },
      x: { axis: null, domain: series.map(({ label }) => label) },
      y: { label: quantity.label, grid: true },
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
