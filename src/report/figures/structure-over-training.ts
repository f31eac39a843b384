import * as Plot from "@observablehq/plot";
import { UserError } from "../../core/errors.ts";
import { numberColumn, type Provenance, textColumn } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { orderedColours } from "../ordered-colours.ts";

/** One network's structure in the course of training. */
export interface StructureCurve {
  /** What its colour says, in the order of the legend: "10 %". */
  group: string;
  /** What tells it from the others of its group. */
  run: string;
  steps: ArrayLike<number>;
  /** Values by measure: "orderedness", "parity ratio"; the same measures for every network. */
  measures: Readonly<Record<string, ArrayLike<number>>>;
}

/**
 * Measures of structure against the step (logarithmic), one panel a measure, a line a network, coloured by an ordered
 * group. @throws UserError for no curves, none or other measures, unequal lengths, or a step that is not above zero.
 */
export function structureOverTraining(options: {
  name: string;
  title: string;
  caption: string;
  curves: readonly StructureCurve[];
  groupLabel: string;
  stepLabel: string;
  provenance?: readonly Provenance[];
}): PlotFigure {
  const { name, title, caption, curves, groupLabel, stepLabel } = options;
  const measures = Object.keys(curves[0]?.measures ?? {});
  if (measures.length === 0)
    throw new UserError(`structureOverTraining '${name}': expected at least one curve of one measure`);
  const points = curves.flatMap(({ group, run, steps, measures: own }) =>
    measures.flatMap((measure) => {
      const values = own[measure];
      if (values?.length !== steps.length || Array.from(steps).some((step) => !(step > 0))) {
        throw new UserError(
          `structureOverTraining '${name}', '${group}' ${run}: ${values?.length ?? "no"} values of '${measure}' at ${steps.length} steps; expected as many, at steps above zero`,
        );
      }
      return Array.from(steps, (step, i) => ({ group, run, measure, step, value: values[i]! }));
    }),
  );
  const groups = [...new Set(curves.map(({ group }) => group))];
  const text = (key: "group" | "run" | "measure") => points.map((point) => point[key]);
  return {
    kind: "plot",
    name,
    title,
    caption,
    data: {
      name,
      rows: points.length,
      columns: [
        textColumn(groupLabel, text("group")),
        textColumn("run", text("run")),
        textColumn("measure", text("measure")),
        numberColumn(
          stepLabel,
          "",
          points.map(({ step }) => step),
        ),
        numberColumn(
          "value",
          "",
          points.map(({ value }) => value),
        ),
      ],
      provenance: options.provenance ?? [],
    },
    plot: {
      height: 320,
      x: { type: "log", label: stepLabel },
      y: { label: null, grid: true },
      fx: { domain: measures, label: null },
      color: {
        type: "categorical",
        label: groupLabel,
        domain: groups,
        range: orderedColours(groups.length),
        legend: true,
      },
      marks: [
        Plot.line(points, {
          x: "step",
          y: "value",
          fx: "measure",
          stroke: "group",
          z: (point: { group: string; run: string }) => `${point.group} ${point.run}`,
          strokeWidth: 1.6,
        }),
        Plot.frame({ strokeOpacity: 0.5 }),
      ],
    },
  };
}
