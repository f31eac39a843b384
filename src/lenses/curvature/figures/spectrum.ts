import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { short } from "../../stacked-panels.ts";
import { blue, faint, ink, orange } from "./style.ts";

/** What the spectrum figures draw. */
export interface SpectrumOptions {
  name: string;
  title: string;
  /** Eigenvalues, in any order. */
  values: ArrayLike<number>;
  /** Are these all eigenvalues, or the largest ones? */
  complete: boolean;
  ridge: number;
  /** Directions that count as settled by the training data. */
  kept: number;
  damping: number;
  operator: string;
  provenance: readonly Provenance[];
}

interface Level {
  rank: number;
  size: number;
  sign: string;
}

/** |λ| of the curvature against its rank, positive and negative told apart, with the ridge and the damping. */
export function spectrumFigure(options: SpectrumOptions): PlotFigure {
  const { name, ridge, damping, kept, operator } = options;
  const values = Array.from(options.values).toSorted((a, b) => Math.abs(b) - Math.abs(a));
  const levels = values.map(
    (value, k): Level => ({
      rank: k + 1,
      size: Math.abs(value),
      sign: value < 0 ? "negative" : "positive",
    }),
  );
  const most = levels[0]?.size ?? 1;
  const floor = Math.max(most * 1e-16, 1e-300);
  const least = Math.max(
    floor,
    Math.min(...levels.map(({ size }) => size || Number.POSITIVE_INFINITY), most),
  );
  const shown = levels.map((level) => ({ ...level, size: Math.max(level.size, least) }));
  const domain = [Math.min(least, ridge > 0 ? ridge : least) / 2, most * 2] as const;
  const lines = [
    ...(ridge > 0 ? [{ at: ridge, label: "ridge" }] : []),
    ...(damping > 0 ? [{ at: damping, label: "damping" }] : []),
  ].filter(({ at }) => at >= domain[0] && at <= domain[1]);
  return {
    kind: "plot",
    name,
    title: options.title,
    caption:
      `Eigenvalues of the ${operator}${options.complete ? "" : ` (the ${values.length} largest in size)`} by size; the first ${kept} count as settled by the training data. ` +
      `${levels.filter(({ sign }) => sign === "negative").length} are negative. ` +
      (ridge > 0
        ? `Directions that no training point reaches lie at the ridge, ${ridge.toPrecision(2)}.`
        : ""),
    data: {
      name,
      rows: values.length,
      columns: [
        numberColumn(
          "rank",
          "",
          levels.map(({ rank }) => rank),
        ),
        numberColumn("eigenvalue", "", values),
        textColumn(
          "sign",
          levels.map(({ sign }) => sign),
        ),
      ],
      provenance: options.provenance,
    },
    plot: {
      height: 320,
      marginRight: 70,
      x: { type: "log", label: "rank by size", domain: [0.9, Math.max(10, values.length * 1.1)] },
      y: { type: "log", label: "size of the eigenvalue", domain },
      color: {
        type: "categorical",
        ...(levels.some(({ sign }) => sign === "negative")
          ? { domain: ["positive", "negative"], range: [blue, orange] }
          : { domain: ["positive"], range: [blue] }),
      },
      marks: [
        Plot.ruleY(lines, { y: "at", stroke: faint, strokeDasharray: "4,3" }),
        Plot.text(lines, {
          y: "at",
          text: "label",
          frameAnchor: "right",
          textAnchor: "start",
          dx: 6,
          fill: faint,
        }),
        Plot.ruleX([kept + 0.5], { stroke: ink, strokeDasharray: "2,2" }),
        Plot.dot(shown, { x: "rank", y: "size", fill: "sign", r: 2.6, symbol: "circle" }),
      ],
    },
  };
}

/** A density of eigenvalues: of all of them, smoothed, or by stochastic Lanczos quadrature. */
export interface DensityOptions {
  name: string;
  title: string;
  /** Places on the eigenvalue axis, rising, and the share of directions per unit of the symlog axis there. */
  at: ArrayLike<number>;
  density: ArrayLike<number>;
  /** The axis is linear below this size. */
  linearBelow: number;
  how: string;
  provenance: readonly Provenance[];
}

/** Where the eigenvalues lie: a density over a symlog axis. */
export function densityFigure(options: DensityOptions): PlotFigure {
  const { name, at, density, linearBelow } = options;
  const rows = Array.from(at, (x, i) => ({ x, density: Math.max(density[i]!, 1e-4) }));
  return {
    kind: "plot",
    name,
    title: options.title,
    caption: `Density of the curvature's eigenvalues, ${options.how}; the area is one. Left of zero the loss bends downwards.`,
    data: {
      name,
      rows: rows.length,
      columns: [numberColumn("eigenvalue", "", at), numberColumn("density", "", density)],
      provenance: options.provenance,
    },
    plot: {
      height: 280,
      x: {
        type: "symlog",
        constant: linearBelow,
        label: "eigenvalue",
        ticks: symlogTicks(at[0] ?? 0, at[at.length - 1] ?? 1, linearBelow),
        tickFormat: short,
      },
      y: {
        type: "log",
        label: "share of directions per step of the axis",
        domain: [1e-4, Math.max(1, ...rows.map((row) => row.density))],
      },
      marks: [
        Plot.areaY(rows, { x: "x", y1: 1e-4, y2: "density", fill: blue, fillOpacity: 0.25 }),
        Plot.line(rows, { x: "x", y: "density", stroke: blue, strokeWidth: 1.4 }),
        Plot.ruleX([0], { stroke: faint, strokeDasharray: "3,3" }),
      ],
    },
  };
}

function symlogTicks(low: number, high: number, constant: number): number[] {
  const ticks = [0];
  for (let power = Math.ceil(Math.log10(constant)) + 1; power <= 12; power++) {
    const tick = Number(`1e${power}`);
    if (tick <= high) ticks.push(tick);
    if (-tick >= low) ticks.unshift(-tick);
  }
  return ticks;
}
