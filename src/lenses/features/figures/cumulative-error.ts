import * as Plot from "@observablehq/plot";
import { numberColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { FeatureAnalysis } from "../analyse.ts";
import type { FeatureSubject } from "../subject.ts";

interface Point {
  k: number;
  error: number;
  series: string;
}

/** The error against how many components the readout sees: through its own weights, and refitted. */
export function cumulativeErrorFigure(subject: FeatureSubject, { error }: FeatureAnalysis): PlotFigure {
  const { quantity, unit, references = [], provenance = [] } = subject;
  const name = "penultimate-error";
  const count = error.truncation.length;
  const series = ["the model's own readout", "readout refitted"];
  const [own, refitted] = [error.truncation, error.leastSquares].map((values, s) =>
    Array.from(values, (value, k) => ({ k, error: value, series: series[s]! })),
  ) as [Point[], Point[]];
  const lines = [{ label: "all components", value: error.full }, ...references];
  const values = [...[...own, ...refitted].map((p) => p.error), ...lines.map((line) => line.value)].filter(
    (value) => value > 0,
  );
  const domain = [Math.min(...values) / 1.3, Math.max(...values) * 1.3] as const;
  return {
    kind: "plot",
    name,
    title: `Error of the ${quantity} by principal components of the last layer`,
    caption:
      `RMS error over ${subject.rows.rows} samples when the readout sees only the first k components, the others at their mean; one model. ` +
      "k = 0 is a constant. The refitted readout is the best any linear readout of these components could do on the same samples. " +
      "A steep fall marks a component that carries a whole term of the answer.",
    data: {
      name,
      rows: count,
      columns: [
        numberColumn(
          "k",
          "",
          error.truncation.map((_, k) => k),
        ),
        numberColumn("error", unit, error.truncation, { help: "through the model's own readout" }),
        numberColumn("refitted", unit, error.leastSquares, { help: "least squares on the first k scores" }),
      ],
      provenance,
    },
    plot: {
      height: 360,
      marginRight: Math.max(132, 24 + 6.5 * Math.max(...lines.map(({ label }) => label.length))),
      x: {
        label: "principal components kept, k",
        domain: [0, count - 1],
        ticks: Math.min(11, count),
        tickFormat: "d",
      },
      y: { type: "log", label: `RMS error${unit === "" ? "" : ` (${unit})`}`, domain },
      color: { type: "categorical", domain: series },
      marks: [
        Plot.ruleY(lines, { y: "value", stroke: "#59636e", strokeDasharray: "5,3" }),
        Plot.line(refitted, {
          x: "k",
          y: "error",
          stroke: "series",
          strokeWidth: 1.4,
          strokeDasharray: "2,3",
        }),
        Plot.dot(refitted, { x: "k", y: "error", stroke: "series", r: 5.4, strokeWidth: 1.4 }),
        Plot.line(own, { x: "k", y: "error", stroke: "series", strokeWidth: 1.8 }),
        Plot.dot(own, { x: "k", y: "error", fill: "series", r: 3 }),
        Plot.text(apart(lines, (domain[1] / domain[0]) ** (13 / 300)), {
          y: "at",
          text: "label",
          frameAnchor: "right",
          textAnchor: "start",
          dx: 8,
          fill: "#59636e",
        }),
      ],
    },
  };
}

/** Each label at its value, or just above the label below it by `factor`. */
function apart(lines: readonly { label: string; value: number }[], factor: number) {
  let above = 0;
  return lines
    .toSorted((a, b) => a.value - b.value)
    .map(({ label, value }) => {
      above = Math.max(value, above * factor);
      return { label, at: above };
    });
}
