import * as Plot from "@observablehq/plot";
import * as d3 from "d3";
import { UserError } from "../../core/errors.ts";
import { numberColumn, type Provenance, textColumn } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { withUnit } from "../labels.ts";
import { okabeIto } from "../palette.ts";

/** The errors of one training run, point by point. */
export interface LearningRun {
  /** What tells the run from the others: "seed 0". */
  label: string;
  steps: ArrayLike<number>;
  training: ArrayLike<number>;
  validation: ArrayLike<number>;
}

interface Point {
  step: number;
  error: number;
  split: "training" | "validation";
  run: string;
}

/**
 * Training and validation error against the step, both axes logarithmic: each run a thin line, the median over runs a
 * thick one. Points at step 0 or with an error that is not above zero cannot stand on a log axis and are refused.
 * @param options.stepLabel "epoch" or "step"; `errorLabel` "RMS error", `unit` "keV".
 * @throws UserError for no runs, arrays of unequal length, or a value that is not above zero.
 */
export function learningCurve(options: {
  name: string;
  title: string;
  caption: string;
  runs: readonly LearningRun[];
  stepLabel: string;
  errorLabel: string;
  unit: string;
  provenance?: readonly Provenance[];
}): PlotFigure {
  const { name, title, caption, runs, stepLabel, errorLabel, unit } = options;
  if (runs.length === 0) throw new UserError(`learningCurve '${name}': expected at least one run, got none`);
  const points = runs.flatMap((run) => pointsOf(run, name));
  const medians = (["training", "validation"] as const).flatMap((split) =>
    d3
      .rollups(
        points.filter((point) => point.split === split),
        (group) => d3.median(group, (point) => point.error)!,
        (point) => point.step,
      )
      .sort((a, b) => a[0] - b[0])
      .map(([step, error]): Point => ({ step, error, split, run: "median" })),
  );
  const channels = { x: "step", y: "error", stroke: "split" } as const;
  return {
    kind: "plot",
    name,
    title,
    caption: `${caption} ${runs.length === 1 ? "One run." : `Thin: ${runs.length} runs; thick: their median at each ${stepLabel}.`}`,
    data: {
      name,
      rows: points.length,
      columns: [
        textColumn(
          "run",
          points.map((point) => point.run),
        ),
        textColumn(
          "split",
          points.map((point) => point.split),
        ),
        numberColumn(
          stepLabel,
          "",
          points.map((point) => point.step),
        ),
        numberColumn(
          "error",
          unit,
          points.map((point) => point.error),
          { help: errorLabel },
        ),
      ],
      provenance: options.provenance ?? [],
    },
    plot: {
      height: 340,
      x: { type: "log", label: stepLabel },
      y: {
        type: "log",
        label: withUnit(errorLabel, unit),
      },
      color: { type: "categorical", domain: ["training", "validation"], range: okabeIto.slice(0, 2) },
      marks: [
        ...(runs.length > 1
          ? [
              Plot.line(points, {
                ...channels,
                z: (point: Point) => `${point.split} ${point.run}`,
                strokeWidth: 0.9,
                strokeOpacity: 0.45,
              }),
            ]
          : []),
        Plot.line(medians, { ...channels, strokeWidth: 2.2 }),
        Plot.frame({ strokeOpacity: 0.5 }),
      ],
    },
  };
}

function pointsOf(run: LearningRun, name: string): Point[] {
  const { label, steps, training, validation } = run;
  if (training.length !== steps.length || validation.length !== steps.length) {
    throw new UserError(
      `learningCurve '${name}', run '${label}': ${steps.length} steps, ${training.length} training and ${validation.length} validation errors; expected equally many`,
    );
  }
  const sides = { training, validation };
  return (["training", "validation"] as const).flatMap((split) =>
    Array.from(steps, (step, i) => {
      const error = sides[split][i]!;
      if (!(step > 0) || !(error > 0) || !Number.isFinite(error)) {
        throw new UserError(
          `learningCurve '${name}', run '${label}': ${split} error ${error} at step ${step} cannot stand on a log axis; expected both above zero and finite`,
        );
      }
      return { step, error, split, run: label };
    }),
  );
}
