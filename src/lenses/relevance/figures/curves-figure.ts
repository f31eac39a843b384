import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import { quantile } from "../../../stats/quantile.ts";
import type { PlotFigure } from "../../figure.ts";

/** A curve to draw, with its error band where it has one. */
export interface DrawnCurve {
  label: string;
  at: ArrayLike<number>;
  value: ArrayLike<number>;
  error?: ArrayLike<number>;
  /** "dots" for what was measured in bins, "line" for what is known everywhere. Default line. */
  as?: "line" | "dots" | "dashed";
  color: string;
}

/** Colours of the four sides of every comparison: two of them never look alike in any colour vision. */
export const sides = {
  relevance: "#0072b2",
  vacuum: "#d55e00",
  context: "#009e73",
  truth: "#1f2328",
  other: "#e69f00",
  more: "#cc79a7",
} as const;

/** Several curves over one coordinate, with bands of one standard error, a rule at zero and marked places. */
export function curvesFigure(options: {
  name: string;
  title: string;
  caption: string;
  x: { label: string; column: string; unit: string; domain?: readonly [number, number]; type?: "log" };
  y: { label: string; column: string; unit: string; type?: "log"; clip?: boolean };
  curves: readonly DrawnCurve[];
  marks?: readonly { at: number; label: string }[];
  provenance: readonly Provenance[];
}): PlotFigure {
  const { name, x, y, curves, marks = [] } = options;
  const rows = curves.flatMap(({ label, at, value, error, as = "line" }) =>
    Array.from(at, (place, k) => {
      const e = error?.[k] ?? Number.NaN;
      const v = value[k]!;
      return { label, as, x: place, y: v, error: e, low: v - e, high: v + e };
    }),
  );
  const shown = y.type === "log" ? rows.filter((row) => row.y > 0) : rows;
  const domain = y.clip ? clipped(shown.map((row) => row.y)) : undefined;
  const drawn = domain ? shown.filter((row) => row.y <= domain[1] && row.y >= domain[0]) : shown;
  const bands = drawn.filter((row) => Number.isFinite(row.error) && row.error > 0);
  const of = (as: DrawnCurve["as"]) => drawn.filter((row) => row.as === as);
  return {
    kind: "plot",
    name,
    title: options.title,
    caption: options.caption,
    data: {
      name,
      rows: rows.length,
      columns: [
        textColumn(
          "curve",
          rows.map((row) => row.label),
        ),
        numberColumn(
          x.column,
          x.unit,
          rows.map((row) => row.x),
        ),
        numberColumn(
          y.column,
          y.unit,
          rows.map((row) => row.y),
          { uncertainty: Float64Array.from(rows, (row) => row.error) },
        ),
      ],
      provenance: options.provenance,
    },
    plot: {
      height: 380,
      x: {
        label: x.label,
        ...(x.domain ? { domain: [...x.domain] } : {}),
        ...(x.type ? { type: x.type } : {}),
      },
      y: {
        label: y.label,
        grid: true,
        ...(y.type ? { type: y.type } : {}),
        ...(domain ? { domain } : {}),
      },
      color: {
        type: "categorical",
        domain: curves.map(({ label }) => label),
        range: curves.map(({ color }) => color),
      },
      marks: [
        ...(y.type === "log" ? [] : [Plot.ruleY([0], { stroke: "#59636e", strokeOpacity: 0.6 })]),
        ...(marks.length > 0
          ? [
              Plot.ruleX(marks, { x: "at", stroke: "#59636e", strokeDasharray: "4,3" }),
              Plot.text(marks, {
                x: "at",
                text: "label",
                frameAnchor: "top",
                textAnchor: "end",
                dx: -4,
                dy: 4,
                fill: "#59636e",
              }),
            ]
          : []),
        Plot.areaY(
          bands.filter((row) => row.as !== "dots"),
          { x: "x", y1: "low", y2: "high", fill: "label", fillOpacity: 0.18, clip: true },
        ),
        Plot.line(of("line"), { x: "x", y: "y", stroke: "label", strokeWidth: 1.8, clip: true }),
        Plot.line(of("dashed"), {
          x: "x",
          y: "y",
          stroke: "label",
          strokeWidth: 1.8,
          strokeDasharray: "6,4",
          clip: true,
        }),
        Plot.ruleX(
          bands.filter((row) => row.as === "dots"),
          { x: "x", y1: "low", y2: "high", stroke: "label", strokeWidth: 1.1, clip: true },
        ),
        Plot.dot(of("dots"), {
          x: "x",
          y: "y",
          fill: "label",
          r: 3.2,
          stroke: "white",
          strokeWidth: 0.6,
          clip: true,
        }),
      ],
    },
  };
}

/** From the least value up to where most values lie: a repulsive wall does not flatten the well. */
function clipped(values: readonly number[]): [number, number] | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const top = Math.max(-4 * low, 1.2 * quantile(finite, 0.75));
  if (!(low < 0) || high < 1.3 * top) return undefined;
  return [Math.min(1.25 * low, -0.04 * top), top];
}
