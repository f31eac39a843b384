import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { xScale } from "../../stacked-panels.ts";
import type { ControlAxis } from "../axis.ts";
import { faint, ink } from "./style.ts";

/** The influence of every training point on one test point. */
export interface ProbeCurve {
  /** "V1/J = 0.5, LL". */
  label: string;
  control: number;
  /** One a training point. */
  values: ArrayLike<number>;
  /** Training points among the most helpful and most harmful. */
  top: readonly number[];
}

/** Influence over the control parameter of the training points, one row a test point, in units of the row's largest. */
export function influenceCurves(options: {
  name: string;
  title: string;
  caption: string;
  axis: ControlAxis;
  control: ArrayLike<number>;
  names: readonly string[];
  probes: readonly ProbeCurve[];
  provenance: readonly Provenance[];
}): PlotFigure {
  const { name, axis, control, probes } = options;
  const panels = probes.map(({ label }) => label);
  const rows = probes.flatMap(({ label, values, top }) => {
    const most = Math.max(...Array.from(values, Math.abs)) || 1;
    const chosen = new Set(top);
    return Array.from(values, (value, i) => ({
      panel: label,
      x: control[i]!,
      value: value / most,
      top: chosen.has(i),
    }));
  });
  return {
    kind: "plot",
    name,
    title: options.title,
    caption: options.caption,
    data: {
      name,
      rows: control.length,
      columns: [
        textColumn("point", options.names),
        numberColumn(axis.name, axis.unit, control),
        ...probes.map(({ label, values }) =>
          numberColumn(label, "", values, { help: "loss change when the training point is removed" }),
        ),
      ],
      provenance: options.provenance,
    },
    plot: {
      height: 60 + 112 * panels.length,
      marginRight: 24,
      x: xScale(axis),
      y: {
        type: "symlog",
        constant: 0.01,
        label: "influence, in units of the row's largest",
        domain: [-1.05, 1.05],
        ticks: [-1, -0.1, 0, 0.1, 1],
        tickFormat: (value: number) => String(value).replace("-", "−"),
      },
      fy: { axis: null, domain: panels, padding: 0.14 },
      color: {
        type: "diverging-symlog",
        constant: 0.01,
        domain: [-1, 1],
        ticks: [-1, -0.1, 0, 0.1, 1],
        label: "harmful (−) to helpful (+)",
      },
      marks: [
        Plot.ruleY([0], { stroke: faint, strokeOpacity: 0.6 }),
        Plot.dot(rows, { fy: "panel", x: "x", y: "value", fill: "value", r: 1.8 }),
        Plot.dot(
          rows.filter(({ top }) => top),
          { fy: "panel", x: "x", y: "value", r: 4.5, stroke: ink, strokeWidth: 1.1 },
        ),
        Plot.ruleX(probes, { fy: "label", x: "control", stroke: faint, strokeDasharray: "4,3" }),
        Plot.text(panels, {
          fy: (panel: string) => panel,
          text: (panel: string) => panel,
          frameAnchor: "top-right",
          lineAnchor: "bottom",
          dy: -2,
          fontWeight: 600,
          fill: ink,
          stroke: "white",
          strokeWidth: 4,
        }),
      ],
    },
  };
}
