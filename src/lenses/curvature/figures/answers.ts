import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { fromZero, logScale, type Panel, references, stackedPanels } from "../../stacked-panels.ts";
import type { ControlAxis } from "../axis.ts";
import { blue, faint, ink, orange } from "./style.ts";

/** A quantity along the control axis that is known from the physics, drawn beneath: the order parameter. */
export interface KnownCurve {
  label: string;
  control: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** The three answers for the points of one test set. */
export interface AnswersOptions {
  name: string;
  title: string;
  axis: ControlAxis;
  control: ArrayLike<number>;
  names: readonly string[];
  /** For every test point the control values of its most helpful and most harmful training points. */
  helpful: readonly (readonly number[])[];
  harmful: readonly (readonly number[])[];
  /** Standard deviation of the predicted probability (or of the prediction). */
  resampling: { label: string; values: ArrayLike<number> };
  extrapolation: { label: string; values: ArrayLike<number> };
  /** Points known to be outside of what was trained on; drawn hollow. */
  outside?: readonly boolean[];
  /** Points predicted wrongly; marked by a cross. */
  wrong?: readonly boolean[];
  known?: KnownCurve;
  marks?: readonly { at: number; label: string }[];
  /** Stretches of the control axis that were trained on, where these are not all of it. */
  trained?: readonly (readonly [from: number, to: number])[];
  caption: string;
  provenance: readonly Provenance[];
}

interface Point {
  x: number;
  y: number;
  kind: string;
}

/** Why, how sure, extrapolating: three answers over the control parameter, with what is known beneath. */
export function answersFigure(options: AnswersOptions): PlotFigure {
  const { name, axis, control, helpful, harmful, resampling, extrapolation, known } = options;
  const count = control.length;
  const kinds = ["helpful", "harmful"] as const;
  const drivers = kinds.flatMap((kind) =>
    (kind === "helpful" ? helpful : harmful).flatMap((list, i) =>
      list.map((y): Point => ({ x: control[i]!, y, kind })),
    ),
  );
  const series = (values: ArrayLike<number>) =>
    Array.from({ length: count }, (_, i) => ({
      x: control[i]!,
      value: values[i]!,
      outside: options.outside?.[i] === true,
      wrong: options.wrong?.[i] === true,
    }));
  const trainControl = [...helpful, ...harmful].flat();
  const most = Math.max(...trainControl, ...Array.from(control));
  const least = Math.min(0, ...trainControl);
  const scatter =
    (values: ArrayLike<number>) =>
    (y: (value: number) => number): Plot.Markish[] => {
      const points = series(values);
      return [
        Plot.line(
          points.filter(({ outside }) => options.trained || !outside).toSorted((a, b) => a.x - b.x),
          { x: "x", y: (p: { value: number }) => y(p.value), stroke: ink, strokeOpacity: 0.45 },
        ),
        Plot.dot(points, {
          x: "x",
          y: (p: { value: number }) => y(p.value),
          r: 3,
          fill: (p: { outside: boolean }) => (p.outside ? "white" : ink),
          stroke: ink,
        }),
        Plot.dot(
          points.filter(({ wrong }) => wrong),
          { x: "x", y: (p: { value: number }) => y(p.value), r: 6, stroke: orange, strokeWidth: 1.6 },
        ),
      ];
    };
  const panels: Panel<Point>[] = [
    {
      title: "Why: the training points that drove the prediction",
      height: 1.6,
      scale: {
        domain: [least, most * 1.05],
        ticks: [...(axis.ticks ?? fromZero([most]).ticks)].filter(
          (tick) => tick >= least && tick <= most * 1.05,
        ),
        ...(axis.linearBelow === undefined ? {} : { type: "symlog" as const, linearBelow: axis.linearBelow }),
      },
      marks: (y) => [
        Plot.line(
          Array.from(control, (x) => x).toSorted((a, b) => a - b),
          { x: (x: number) => x, y: (x: number) => y(x), stroke: faint, strokeDasharray: "2,3" },
        ),
        Plot.dot(drivers, {
          x: "x",
          y: (p: Point) => y(p.y),
          fill: "kind",
          r: 2.6,
          fillOpacity: 0.75,
          symbol: (p: Point) => (p.kind === "helpful" ? "circle" : "triangle"),
        }),
      ],
    },
    {
      title: `How sure: ${resampling.label}`,
      scale: fromZero(Array.from(resampling.values)),
      marks: scatter(resampling.values),
    },
    {
      title: `Extrapolating: ${extrapolation.label}`,
      scale: logScale(Array.from(extrapolation.values)),
      marks: scatter(extrapolation.values),
    },
  ];
  if (known) {
    const curve = Array.from(known.control, (x, i) => ({ x, value: known.values[i]! }));
    panels.push({
      title: known.label,
      scale: logScale(Array.from(known.values)),
      marks: (y) => [
        Plot.line(
          curve.toSorted((a, b) => a.x - b.x),
          { x: "x", y: (p: { value: number }) => y(p.value), stroke: blue, strokeWidth: 1.6 },
        ),
      ],
    });
  }
  const plot = stackedPanels(panels, {
    axis,
    color: { type: "categorical", domain: [...kinds], range: [blue, orange], label: "training points" },
  });
  const shades = (options.trained ?? []).map(([from, to]) => ({ from, to }));
  plot.marks = [
    Plot.rect(shades, {
      x1: "from",
      x2: "to",
      y1: 0,
      y2: Number([...(plot.y?.domain ?? [])][1]),
      fill: "#8b949e",
      fillOpacity: 0.16,
    }),
    ...(plot.marks ?? []),
    ...references(options.marks ?? []),
  ];
  return {
    kind: "plot",
    name,
    title: options.title,
    caption: options.caption,
    data: {
      name,
      rows: count,
      columns: [
        textColumn("point", options.names),
        numberColumn(axis.name, axis.unit, control),
        ...[helpful, harmful].flatMap((lists, k) =>
          Array.from({ length: Math.max(0, ...lists.map((list) => list.length)) }, (_, rank) =>
            numberColumn(
              `${kinds[k]} ${rank + 1}`,
              axis.unit,
              lists.map((list) => list[rank] ?? Number.NaN),
              { help: `${axis.label} of the training point` },
            ),
          ),
        ),
        numberColumn("resampling", "", resampling.values, { help: resampling.label }),
        numberColumn("extrapolation", "", extrapolation.values, { help: extrapolation.label }),
        ...(options.outside ? [flags("outside", options.outside)] : []),
        ...(options.wrong ? [flags("wrong", options.wrong)] : []),
      ],
      provenance: options.provenance,
    },
    plot,
  };
}

function flags(name: string, of: readonly boolean[]) {
  return textColumn(
    name,
    of.map((yes) => (yes ? "yes" : "no")),
  );
}
