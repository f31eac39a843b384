import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { TruncationCurve } from "../truncation.ts";

/** The model's error against the number of principal components kept, one line a site, both axes logarithmic. */
export function truncationFigure(
  name: string,
  curves: readonly TruncationCurve[],
  provenance: readonly Provenance[],
): PlotFigure {
  const { quantity, unit } = curves[0]!.site;
  const points = curves.flatMap(({ site, kept, error, explained }) =>
    kept.map((k, i) => ({
      site: site.label ?? site.name,
      k,
      error: error[i]!,
      explained: explained[i]!,
    })),
  );
  const seen = new Set<string>();
  const references = [
    { label: "all components", value: curves[0]!.full },
    ...curves.flatMap(({ site }) => site.references ?? []),
  ].filter(({ label, value }) => {
    const key = `${label} ${value}`;
    return seen.has(key) ? false : seen.add(key);
  });
  const values = [...points.map((p) => p.error), ...references.map((r) => r.value)];
  const domain = [Math.min(...values) / 1.25, Math.max(...values) * 1.25] as const;
  const most = Math.max(2, ...points.map((p) => p.k));
  // About 13 px of the plot's 330: labels of lines that lie closer are moved apart.
  const labels = spread(references, (domain[1] / domain[0]) ** (13 / 330));
  return {
    kind: "plot",
    name,
    title: `${quantity} when only the first principal components are kept`,
    caption:
      "At each site the first k principal components are kept, the others set to zero, and the rest of the network " +
      "computes on; one model. A sharp fall marks the component that carries something the model needs. " +
      "Dashed: the untouched model and errors to compare with.",
    data: {
      name,
      rows: points.length,
      columns: [
        textColumn(
          "site",
          points.map((p) => p.site),
        ),
        numberColumn(
          "k",
          "",
          points.map((p) => p.k),
        ),
        numberColumn(
          "error",
          unit,
          points.map((p) => p.error),
          { help: quantity },
        ),
        numberColumn(
          "explained",
          "",
          points.map((p) => p.explained),
          { help: "share of the site's variance in the first k components" },
        ),
      ],
      provenance,
    },
    plot: {
      height: 400,
      marginRight: 128,
      x: {
        type: "log",
        label: "principal components kept, k",
        domain: [1, most],
        tickFormat: "d",
        ticks: readableTicks(1, most),
      },
      y: {
        type: "log",
        label: `${quantity} (${unit})`,
        domain,
        tickFormat: ",~r",
        ticks: readableTicks(...domain),
      },
      color: { type: "categorical", domain: curves.map(({ site }) => site.label ?? site.name) },
      marks: [
        Plot.ruleY(references, { y: "value", stroke: "#59636e", strokeDasharray: "5,3", strokeWidth: 1 }),
        Plot.line(points, { x: "k", y: "error", stroke: "site", strokeWidth: 1.8 }),
        Plot.dot(points, { x: "k", y: "error", fill: "site", r: 3.4, stroke: "white", strokeWidth: 0.6 }),
        Plot.text(labels, {
          y: "at",
          text: "label",
          frameAnchor: "right",
          textAnchor: "start",
          dx: 6,
          fill: "#59636e",
        }),
      ],
    },
  };
}

/** 1, 2 and 5 times powers of ten within a range. */
function readableTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of [1, 2, 5]) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** Each label at its value, or just above the label below it by `factor`. */
function spread(references: readonly { label: string; value: number }[], factor: number) {
  let above = 0;
  return [...references]
    .sort((a, b) => a.value - b.value)
    .map(({ label, value }) => {
      above = Math.max(value, above * factor);
      return { label, at: above };
    });
}
