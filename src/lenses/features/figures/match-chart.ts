import * as Plot from "@observablehq/plot";
import { numberColumn } from "../../../data/table.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { quantile } from "../../../stats/quantile.ts";
import type { PlotFigure } from "../../figure.ts";
import type { FeatureAnalysis, MatchedTerm } from "../analyse.ts";
import { type FeatureSubject, labelOf } from "../subject.ts";

interface Cell {
  panel: string;
  x: number;
  y: number;
  value: number;
}

/** A term beside the component that matches it best, on the chart, smooth trends projected out of both. */
export function matchChart(
  subject: FeatureSubject,
  { decomposition }: FeatureAnalysis,
  { term, detrended }: MatchedTerm,
): PlotFigure {
  const { x, y, provenance = [] } = subject;
  const { comparison, component, rho, field } = detrended!;
  const name = `match-${term.name}-chart`;
  const deviations = (values: Float64Array) => {
    const scale = Math.sqrt(values.length);
    return values.map((value) => value * scale);
  };
  const sign = Math.sign(rho) || 1;
  const panels = [
    `component ${component + 1}${sign < 0 ? ", sign turned" : ""}`,
    `${labelOf(term)} term`,
  ] as const;
  const fields = [
    deviations(rowOf(comparison.components, component)).map((value) => sign * value),
    deviations(comparison.term),
  ];
  const cells = fields.flatMap((values, k) =>
    Array.from(values, (value, i): Cell => ({ panel: panels[k]!, x: x.values[i]!, y: y.values[i]!, value })),
  );
  const reach =
    quantile(
      cells.map(({ value }) => Math.abs(value)),
      0.98,
    ) || 1;
  const [xs, ys] = [range(x.values), range(y.values)];
  const marked = (axis: typeof x, [from, to]: readonly [number, number]) =>
    (axis.marked ?? []).filter((at) => at >= from && at <= to);
  const line = { stroke: "#1f2328", strokeOpacity: 0.7, strokeDasharray: "3,2", strokeWidth: 0.8 } as const;
  const named = [x, y].flatMap((axis) =>
    axis.marked && axis.marked.length > 0 ? [`${axis.name} = ${axis.marked.join(", ")}`] : [],
  );
  const dashed = named.length > 0 ? ` Dashed: ${named.join("; ")}.` : "";
  const width = 640;
  const [left, right] = [46, 14];
  const cell = (width - left - right) / (xs[1] - xs[0] + 8);
  const panelHeight = cell * (ys[1] - ys[0] + 8);
  return {
    kind: "plot",
    name,
    title: `The component closest to the ${labelOf(term)} term, and the term`,
    caption:
      `What component ${component + 1} of the last layer adds to the ${subject.quantity}, and the ${labelOf(term)} term, both freed of smooth trends and in units of ` +
      `their standard deviation: ρ = ${rho.toFixed(2)}, p = ${field.p.toPrecision(2)} against random fields of equal smoothness (floor ${field.floor.toPrecision(2)}). ` +
      `${comparison.term.length} samples, one model; the component holds ${(100 * decomposition.pca.explained[component]!).toPrecision(2)} % of the layer's variance. ` +
      `Colours end at the 98th percentile.${dashed}`,
    data: {
      name,
      rows: comparison.term.length,
      columns: [
        numberColumn(x.name, "", x.values),
        numberColumn(y.name, "", y.values),
        numberColumn("component", "", fields[0]!, {
          help: "standard deviations, smooth trends projected out",
        }),
        numberColumn("term", "", fields[1]!, { help: "standard deviations, smooth trends projected out" }),
      ],
      provenance,
    },
    plot: {
      width,
      height: 60 + 2 * panelHeight + 20,
      marginLeft: left,
      marginRight: right,
      marginTop: 10,
      inset: 0,
      grid: false,
      x: { label: labelOf(x), domain: [xs[0] - 4, xs[1] + 4], ticks: 9 },
      y: { label: labelOf(y), domain: [ys[0] - 4, ys[1] + 4], ticks: 6 },
      fy: { axis: null, domain: panels, padding: 0.05 },
      color: { type: "diverging", domain: [-reach, reach], clamp: true, label: "standard deviations" },
      marks: [
        Plot.rect(cells, {
          fy: "panel",
          x1: (d: Cell) => d.x - 0.5,
          x2: (d: Cell) => d.x + 0.5,
          y1: (d: Cell) => d.y - 0.5,
          y2: (d: Cell) => d.y + 0.5,
          fill: "value",
          shapeRendering: "crispEdges",
        }),
        Plot.ruleX(marked(x, xs), line),
        Plot.ruleY(marked(y, ys), line),
        Plot.frame({ stroke: "#8b949e", strokeOpacity: 0.6 }),
        Plot.text(panels, {
          fy: (panel: string) => panel,
          text: (panel: string) => panel,
          frameAnchor: "top-left",
          dx: 8,
          dy: 8,
          fontWeight: 600,
          fill: "#1f2328",
          stroke: "white",
          strokeWidth: 4,
        }),
      ],
    },
  };
}

function range(values: ArrayLike<number>): readonly [number, number] {
  const all = Array.from(values);
  return [Math.min(...all), Math.max(...all)];
}
