import * as Plot from "@observablehq/plot";
import { numberColumn, type Table, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { SymbolicAnalysis } from "../analyse.ts";
import { lawText } from "../law-text.ts";
import type { SymbolicSubject } from "../subject.ts";
import { blue, cut, grey, guide, ink, named, orange } from "./style.ts";

/** Members that are labelled at most; every one stands in the table. */
const mostLabels = 18;
const widestLabel = 52;

/** The front, short to accurate, above the losses that the same search reaches on permuted targets. */
export function frontFigure(subject: SymbolicSubject, analysis: SymbolicAnalysis): PlotFigure {
  const { choice, nulls, problem } = analysis;
  const { candidates, chosen, picks } = choice;
  const spread = candidates[0]!.loss;
  const error = (loss: number) => Math.sqrt(Math.max(loss, 1e-32 * spread) / spread);
  const points = candidates.map(({ complexity, loss }, i) => ({
    complexity,
    error: error(loss),
    equation: lawText(analysis, candidates[i]!.expression),
    i,
  }));
  const band = nulls.complexities.map((complexity, k) => ({
    complexity,
    low: error(nulls.low[k]!),
    median: error(nulls.median[k]!),
    high: error(nulls.high[k]!),
  }));
  const least = Math.min(...points.map((p) => p.error), ...band.map((b) => b.low));
  const domain = [least / 1.6, 1.6] as const;
  const most = Math.max(...nulls.complexities, ...points.map((p) => p.complexity));
  const labels = labelPlaces(points, chosen, domain);
  const right = most + 0.7;
  const name = named(subject.id, "front");
  const marks = (which: number) => [points[which]!];
  return {
    kind: "plot",
    name,
    title: `Formulas for ${subject.target.name}, from short to accurate`,
    caption:
      `Dots: the most accurate formula of each complexity that the search found on ${problem.target.length} rows; the vertical axis is the RMS error as a share of the target's deviation${problem.weights === undefined ? "" : " (weighted with 1/σ²)"}. ` +
      `Filled: taken by ${choice.rule}. Ring: taken by PySR's score. Square: taken by BIC. ` +
      `Grey band: the errors that the same search with the same budget reaches on ${nulls.rounds} permutations of the target (5 % to 95 %, line: median). ` +
      "A formula inside the band is no better than what chance and search give together.",
    data: frontData(name, analysis, points, subject),
    plot: {
      width: 900,
      height: Math.max(380, 60 + 19 * labels.length),
      marginRight: 380,
      x: { label: "complexity (nodes)", domain: [0.5, right], ticks: most > 20 ? 10 : most, tickFormat: "d" },
      y: { type: "log", label: "RMS error / deviation of the target", domain },
      color: { type: "categorical", domain: [...legend], range: [blue, orange, guide] },
      marks: [
        Plot.areaY(band, {
          x: "complexity",
          y1: "low",
          y2: "high",
          fill: () => legend[2],
          fillOpacity: 0.28,
          curve: "step-after",
        }),
        Plot.line(band, {
          x: "complexity",
          y: "median",
          stroke: guide,
          strokeWidth: 1.4,
          curve: "step-after",
        }),
        Plot.link(labels, {
          x1: "complexity",
          y1: "error",
          x2: right,
          y2: "at",
          stroke: guide,
          strokeWidth: 0.6,
          strokeOpacity: 0.7,
        }),
        Plot.line(points, {
          x: "complexity",
          y: "error",
          stroke: blue,
          strokeWidth: 1.4,
          curve: "step-after",
        }),
        Plot.dot(points, {
          x: "complexity",
          y: "error",
          fill: "white",
          stroke: blue,
          r: 3.6,
          strokeWidth: 1.6,
        }),
        Plot.dot(marks(chosen), { x: "complexity", y: "error", fill: () => legend[1], r: 5 }),
        Plot.dot(marks(picks.score), { x: "complexity", y: "error", stroke: ink, r: 8, strokeWidth: 1.4 }),
        Plot.dot(marks(picks.bic), {
          x: "complexity",
          y: "error",
          stroke: ink,
          r: 11,
          strokeWidth: 1.4,
          symbol: "square",
        }),
        ...[true, false].map((taken) =>
          Plot.text(
            labels.filter((label) => label.chosen === taken),
            {
              x: right,
              y: "at",
              text: "text",
              textAnchor: "start",
              dx: 6,
              fill: (label: Label) => (taken ? orange : label.inBand ? grey : ink),
              fontWeight: taken ? 700 : 400,
            },
          ),
        ),
      ],
    },
  };

  function labelPlaces(all: typeof points, taken: number, [low, high]: readonly [number, number]): Label[] {
    const step = Math.max(1, Math.ceil(all.length / mostLabels));
    const shown = all.filter((_, i) => i % step === 0 || i === taken || i === all.length - 1);
    const top = Math.log(high / 1.15);
    const bottom = Math.log(low * 1.15);
    return shown.map((point, k) => ({
      ...point,
      at: Math.exp(top + ((bottom - top) * (k + 0.5)) / shown.length),
      chosen: point.i === taken,
      inBand: point.error >= band[Math.min(band.length, point.complexity) - 1]!.low,
      text: cut(`${point.complexity}: ${point.equation}`, widestLabel),
    }));
  }
}

const legend = ["found on the data", "taken", "found on permuted targets, 5 % to 95 %"] as const;

interface Label {
  complexity: number;
  error: number;
  at: number;
  chosen: boolean;
  inBand: boolean;
  text: string;
}

function frontData(
  name: string,
  { choice, nulls }: SymbolicAnalysis,
  points: readonly { equation: string; error: number }[],
  { provenance = [] }: SymbolicSubject,
): Table {
  const { candidates, picks } = choice;
  const taken = (i: number) =>
    (Object.keys(picks) as (keyof typeof picks)[]).filter((rule) => picks[rule] === i).join(", ");
  const at = (values: Float64Array) =>
    candidates.map(({ complexity }) => values[Math.min(values.length, complexity) - 1]!);
  return {
    name,
    rows: candidates.length,
    provenance,
    columns: [
      numberColumn(
        "complexity",
        "",
        candidates.map((c) => c.complexity),
      ),
      numberColumn(
        "relative_error",
        "",
        points.map((p) => p.error),
      ),
      numberColumn(
        "loss",
        "",
        candidates.map((c) => c.loss),
      ),
      numberColumn("null_median_loss", "", at(nulls.median)),
      numberColumn("null_low_loss", "", at(nulls.low), { help: "5 % quantile over the reruns" }),
      numberColumn("p", "", at(nulls.p), { help: `per complexity, floor ${1 / (nulls.rounds + 1)}` }),
      textColumn(
        "taken_by",
        candidates.map((_, i) => taken(i)),
      ),
      textColumn(
        "equation",
        points.map((p) => p.equation),
      ),
    ],
  };
}
