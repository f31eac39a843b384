import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { FeatureScoresInput } from "./inputs.ts";
import { categories, faint, neutral } from "./style.ts";

const [carries, idle] = ["carries the label", "does not"];

/**
 * How much each feature counts by several methods, side by side: every score as its share of the method's sum of
 * magnitudes, so that methods of different units compare, with intervals where a method has them. The data hold the
 * scores as they are.
 * @throws UserError for a method whose values are not one a feature.
 */
export function featureScoresFigure(input: FeatureScoresInput): PlotFigure {
  const { name, features, methods, relevant } = input;
  for (const { method, values, low, high } of methods) {
    for (const given of [values, low, high]) {
      demand(
        given === undefined || given.length === features.length,
        () => `featureScoresFigure: '${method}' has ${given!.length} values for ${features.length} features`,
      );
    }
  }
  const kind = (i: number) => (relevant === undefined ? "feature" : relevant.includes(i) ? carries : idle);
  const rows = methods.flatMap(({ method, values, low, high }) => {
    const sum = Array.from(values).reduce((total, value) => total + Math.abs(value), 0) || 1;
    return features.map((feature, i) => ({
      ...{ feature, method, kind: kind(i), raw: values[i]!, share: (100 * values[i]!) / sum },
      low: (100 * (low?.[i] ?? Number.NaN)) / sum,
      high: (100 * (high?.[i] ?? Number.NaN)) / sum,
      rawLow: low?.[i] ?? Number.NaN,
      rawHigh: high?.[i] ?? Number.NaN,
    }));
  });
  const most = Math.max(
    ...rows.flatMap(({ share, high }) => (Number.isFinite(high) ? [share, high] : [share])),
  );
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: rows.length,
      columns: [
        textColumn(
          "feature",
          rows.map(({ feature }) => feature),
        ),
        textColumn(
          "method",
          rows.map(({ method }) => method),
        ),
        numberColumn(
          "score",
          "",
          rows.map(({ raw }) => raw),
          { help: "in the method's own unit" },
        ),
        numberColumn(
          "low",
          "",
          rows.map(({ rawLow }) => rawLow),
        ),
        numberColumn(
          "high",
          "",
          rows.map(({ rawHigh }) => rawHigh),
        ),
        ...(relevant
          ? [
              textColumn(
                "truth",
                rows.map((row) => row.kind),
              ),
            ]
          : []),
      ],
      provenance: input.provenance ?? [],
    },
    plot: {
      ...{ width: 640, height: 100 + 24 * features.length, inset: 0, grid: false },
      fx: { domain: methods.map(({ method }) => method), axis: null, padding: 0.14 },
      x: {
        label: "share of the method's total (%)",
        domain: [Math.min(0, ...rows.map(({ share }) => share)), most * 1.08],
        ticks: 3,
        grid: true,
      },
      y: { domain: [...features], label: null, tickSize: 0 },
      color: {
        type: "categorical",
        ...(relevant
          ? { label: "feature", domain: [carries, idle], range: [categories[0], neutral] }
          : { domain: ["feature"], range: [categories[0]], legend: false }),
      },
      marginTop: 40,
      marks: [
        Plot.axisFx({ anchor: "top", label: null, lineWidth: 42 / methods.length, lineAnchor: "bottom" }),
        Plot.ruleX([0], { stroke: faint, strokeOpacity: 0.7 }),
        Plot.link(rows, {
          ...{ fx: "method", x1: 0, x2: "share", y1: "feature", y2: "feature" },
          ...{ stroke: "kind", strokeOpacity: 0.35, strokeWidth: 6 },
        }),
        Plot.link(
          rows.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high)),
          {
            fx: "method",
            x1: "low",
            x2: "high",
            y1: "feature",
            y2: "feature",
            stroke: "kind",
            strokeWidth: 1.8,
          },
        ),
        Plot.dot(rows, { fx: "method", x: "share", y: "feature", fill: "kind", r: 4, stroke: "white" }),
      ],
    },
  };
}
