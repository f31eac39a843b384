import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { ComplementarityInput } from "./inputs.ts";
import { ordered } from "./style.ts";

/** How differently the minima of a pool err: for each pair the share of items that one gets right and the other wrong. */
export function complementarityFigure(input: ComplementarityInput): PlotFigure {
  const { name, apart, labels } = input;
  const count = apart.rows;
  demand(
    labels.length === count,
    () => `complementarityFigure '${name}': ${labels.length} labels for ${count} minima`,
  );
  const cells = Array.from({ length: count * count }, (_, k) => ({
    row: labels[Math.floor(k / count)]!,
    column: labels[k % count]!,
    share: apart.data[k]!,
  }));
  const side = Math.min(34, 480 / count);
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: cells.length,
      columns: [
        textColumn(
          "minimum",
          cells.map(({ row }) => row),
        ),
        textColumn(
          "other",
          cells.map(({ column }) => column),
        ),
        numberColumn(
          "apart",
          "",
          cells.map(({ share }) => share),
          { help: "share of items that one of them gets right" },
        ),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{
        width: 640,
        height: Math.max(150, side * count + 60),
        marginRight: Math.max(20, 640 - 70 - side * count),
        marginLeft: 70,
      },
      ...{ inset: 0, grid: false },
      x: { domain: [...labels], label: "minimum", tickSize: 0, ...few(labels) },
      y: { domain: [...labels], label: "minimum", tickSize: 0, ...few(labels) },
      color: {
        type: "linear",
        label: "share of items that one gets right and the other wrong",
        interpolate: ordered,
        domain: [0, Math.max(...cells.map(({ share }) => share), 1e-9)],
      },
      marks: [Plot.cell(cells, { x: "column", y: "row", fill: "share", inset: 0.4 })],
    },
  };
}

/** At most about fifteen ticks. */
function few(labels: readonly string[]): { ticks?: string[] } {
  const stride = Math.ceil(labels.length / 15);
  return stride === 1 ? {} : { ticks: labels.filter((_, i) => i % stride === 0) };
}
