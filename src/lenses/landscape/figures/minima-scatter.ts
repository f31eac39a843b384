import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { padded } from "./disconnectivity-figure.ts";
import { encoding } from "./encoding.ts";
import type { MinimaScatterInput } from "./inputs.ts";
import { quantity } from "./tree-plot.ts";

/** One property of every minimum against another, coloured by group: loss against test AUC. */
export function minimaScatter(input: MinimaScatterInput): PlotFigure {
  const { name, x, y, groups } = input;
  const count = x.values.length;
  demand(
    y.values.length === count,
    () => `minimaScatter '${name}': ${y.values.length} values of ${y.label} for ${count} of ${x.label}`,
  );
  const values = Array.from(x.values);
  const code = encoding({ ...input, lead: values.indexOf(Math.min(...values)), single: true }, count);
  const rows = values.map((at, id) => ({ x: at, y: y.values[id]!, code: code.of([id]), minimum: id + 1 }));
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: count,
      columns: [
        numberColumn(
          "minimum",
          "",
          rows.map(({ minimum }) => minimum),
        ),
        numberColumn(x.label, x.unit, x.values),
        numberColumn(y.label, y.unit, y.values),
        ...(groups
          ? [
              textColumn(
                input.groupLabel ?? "group",
                groups.map((group) => group ?? ""),
              ),
            ]
          : []),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ width: 640, height: 380, inset: 0, grid: true },
      x: { label: quantity(x), domain: padded(values) },
      y: { label: quantity(y), domain: padded(Array.from(y.values).filter(Number.isFinite)) },
      color: code.color,
      marks: [
        Plot.dot(rows, {
          ...{ x: "x", y: "y", fill: "code", fillOpacity: 0.8, stroke: "white", strokeWidth: 0.6 },
          r: count > 150 ? 3 : 4.2,
        }),
      ],
    },
  };
}
