import * as Plot from "@observablehq/plot";
import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { short } from "../../stacked-panels.ts";
import { amber, blue, faint, green, orange } from "./style.ts";

/** One training point left out, one test point asked. */
export interface LeaveOutRow {
  train: string;
  test: string;
  /** Was the point chosen for its influence, or at random? */
  chosen: "most influential" | "random";
  firstOrder: number;
  /** One-step Newton; NaN where it was not computed. */
  newton: number;
  actual: number;
}

const series = [
  "most influential, first order",
  "random, first order",
  "most influential, one-step Newton",
  "random, one-step Newton",
];

/** Predicted against actual change of the loss when one training point is left out and the model retrained. */
export function leaveOutFigure(options: {
  name: string;
  title: string;
  rows: readonly LeaveOutRow[];
  pearson: number;
  caption: string;
  provenance: readonly Provenance[];
}): PlotFigure {
  const { name, rows } = options;
  const points = rows.flatMap(({ chosen, firstOrder, newton, actual, train, test }) => [
    { actual, predicted: firstOrder, series: `${chosen}, first order`, label: `${train} → ${test}` },
    ...(Number.isNaN(newton)
      ? []
      : [
          {
            actual,
            predicted: newton,
            series: `${chosen}, one-step Newton`,
            label: `${train} → ${test}`,
          },
        ]),
  ]);
  const sizes = points.flatMap(({ actual, predicted }) => [Math.abs(actual), Math.abs(predicted)]);
  const most = Math.max(...sizes, 1e-300);
  const small = rows.map(({ actual }) => Math.abs(actual)).toSorted((a, b) => a - b);
  const linear = Math.max(small[Math.floor(small.length / 4)] ?? most / 100, most * 1e-5);
  const ticks = symmetricTicks(most, linear);
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
          "left out",
          rows.map((row) => row.train),
        ),
        textColumn(
          "test point",
          rows.map((row) => row.test),
        ),
        textColumn(
          "chosen",
          rows.map((row) => row.chosen),
        ),
        numberColumn(
          "first order",
          "",
          rows.map((row) => row.firstOrder),
          { help: "predicted change of the test point's loss" },
        ),
        numberColumn(
          "one-step Newton",
          "",
          rows.map((row) => row.newton),
          { help: "predicted change of the test point's loss" },
        ),
        numberColumn(
          "actual",
          "",
          rows.map((row) => row.actual),
          { help: "change after retraining without the point" },
        ),
      ],
      provenance: options.provenance,
    },
    plot: {
      height: 460,
      width: 560,
      x: {
        type: "symlog",
        constant: linear,
        label: "actual change of the loss",
        ticks,
        tickFormat: short,
        domain: [-most * 1.3, most * 1.3],
      },
      y: {
        type: "symlog",
        constant: linear,
        label: "predicted change of the loss",
        ticks,
        tickFormat: short,
        domain: [-most * 1.3, most * 1.3],
      },
      color: {
        type: "categorical",
        domain: series.filter((one) => points.some((p) => p.series === one)),
        range: series.flatMap((one, k) =>
          points.some((p) => p.series === one) ? [[blue, green, orange, amber][k]!] : [],
        ),
      },
      marks: [
        Plot.line(
          ticksLine(most * 1.3, linear).map((v) => ({ v })),
          { x: "v", y: "v", stroke: faint, strokeDasharray: "4,3" },
        ),
        Plot.dot(points, {
          x: "actual",
          y: "predicted",
          stroke: "series",
          r: (p: { series: string }) => (p.series.endsWith("Newton") ? 5 : 3),
          strokeWidth: 1.4,
        }),
        Plot.text(["as predicted"], {
          x: -most,
          y: -most,
          text: (t: string) => t,
          textAnchor: "start",
          dx: 14,
          dy: 4,
          fill: faint,
        }),
      ],
    },
  };
}

function symmetricTicks(most: number, linear: number): number[] {
  const ticks = [0];
  const high = Math.floor(Math.log10(most));
  const low = Math.ceil(Math.log10(linear));
  const stride = Math.max(1, Math.ceil((high - low + 1) / 4));
  for (let power = high; power >= low; power -= stride) {
    const tick = Number(`1e${power}`);
    ticks.push(tick, -tick);
  }
  return ticks.toSorted((a, b) => a - b);
}

function ticksLine(most: number, linear: number): number[] {
  const positive = Array.from(
    { length: 40 },
    (_, i) => linear * Math.expm1((Math.log1p(most / linear) * i) / 39),
  );
  return [...positive.map((v) => -v).reverse(), ...positive];
}
