import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { faint, ink } from "./style.ts";

/** How well each score finds the flagged points, over how many directions count as settled. */
export function extrapolationCurve(options: {
  name: string;
  title: string;
  caption: string;
  /** Numbers of top directions that were taken away, rising from 0. */
  m: ArrayLike<number>;
  auc: ArrayLike<number>;
  /** The same for the score over the length of the gradient. */
  share: ArrayLike<number>;
  chosen: number;
  others: readonly { label: string; auc: number }[];
  provenance: readonly Provenance[];
}): PlotFigure {
  const { name, m, auc, share, chosen, others } = options;
  const series = ["extrapolation score", "share of the gradient left open"] as const;
  const rows = [auc, share].flatMap((values, k) =>
    Array.from(m, (value, i) => ({ m: value + 1, auc: values[i]!, series: series[k]! })),
  );
  const domain = [...series, ...others.map(({ label }) => label)];
  const lines = others.map(({ label, auc: value }) => ({ value, series: label }));
  return {
    kind: "plot",
    name,
    title: options.title,
    caption: options.caption,
    data: {
      name,
      rows: m.length,
      columns: [
        numberColumn("directions", "", m),
        numberColumn("extrapolation score", "", auc, { help: "area under the ROC curve" }),
        numberColumn("share left open", "", share, { help: "area under the ROC curve" }),
        ...others.map(({ label, auc: value }) =>
          numberColumn(label, "", new Float64Array(m.length).fill(value), {
            help: "area under the ROC curve",
          }),
        ),
      ],
      provenance: options.provenance,
    },
    plot: {
      height: 320,
      x: {
        type: "log",
        label: "top curvature directions taken away, m",
        domain: [1, Math.max(10, (m[m.length - 1] ?? 1) + 1)],
        tickFormat: (value: number) => String(value - 1),
        ticks: [1, 2, 3, 6, 11, 31, 101, 301, 1001, 3001].filter((v) => v <= (m[m.length - 1] ?? 1) + 1),
      },
      y: { label: "area under the ROC curve", domain: [0, 1] },
      color: { type: "categorical", domain },
      marks: [
        Plot.ruleY([0.5], { stroke: faint, strokeDasharray: "2,3" }),
        Plot.ruleX([chosen + 1], { stroke: ink, strokeDasharray: "4,3" }),
        Plot.ruleY(lines, { y: "value", stroke: "series", strokeWidth: 1.8 }),
        Plot.line(rows, { x: "m", y: "auc", stroke: "series", strokeWidth: 1.8 }),
        Plot.dot(rows, { x: "m", y: "auc", fill: "series", r: 2.6 }),
      ],
    },
  };
}
