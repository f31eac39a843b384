import * as Plot from "@observablehq/plot";
import { UserError } from "../../core/errors.ts";
import { numberColumn, type Provenance, textColumn } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { orderedGroups } from "../ordered-groups.ts";

/** One network's structure in the course of training. */
export interface StructureCurve {
  /** What its colour says, in the order of the legend: "10 %". */
  group: string;
  /** What tells it from the others of its group. */
  run: string;
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/**
 * A measure of structure against the step (logarithmic), a line a network, coloured by an ordered group.
 * @throws UserError for no curves, unequal lengths, or a step that is not above zero.
 */
export function structureOverTraining(options: {
  name: string;
  title: string;
  caption: string;
  curves: readonly StructureCurve[];
  groupLabel: string;
  stepLabel: string;
  structureLabel: string;
  provenance?: readonly Provenance[];
}): PlotFigure {
  const { name, title, caption, curves, groupLabel, stepLabel, structureLabel } = options;
  if (curves.length === 0)
    throw new UserError(`structureOverTraining '${name}': expected at least one curve, got none`);
  const points = curves.flatMap(({ group, run, steps, values }) => {
    const bad = Array.from(steps).find((step) => !(step > 0));
    if (values.length !== steps.length || bad !== undefined) {
      throw new UserError(
        `structureOverTraining '${name}', '${group}' ${run}: ${values.length} values at ${steps.length} steps${bad === undefined ? "" : `, one of them ${bad}`}; expected as many, at steps above zero`,
      );
    }
    return Array.from(steps, (step, i) => ({ group, run, step, value: values[i]! }));
  });
  const text = (key: "group" | "run") => points.map((point) => point[key]);
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
        numberColumn(
          stepLabel,
          "",
          points.map(({ step }) => step),
        ),
        numberColumn(
          "structure",
          "",
          points.map(({ value }) => value),
          { help: structureLabel },
        ),
      ],
      provenance: options.provenance ?? [],
    },
    plot: {
      height: 320,
      x: { type: "log", label: stepLabel },
      y: { label: structureLabel, grid: true },
      color: orderedGroups(
        groupLabel,
        curves.map(({ group }) => group),
      ),
      marks: [
        Plot.line(points, {
          x: "step",
          y: "value",
          stroke: "group",
          z: (point: { group: string; run: string }) => `${point.group} ${point.run}`,
          strokeWidth: 1.6,
        }),
        Plot.frame({ strokeOpacity: 0.5 }),
      ],
    },
  };
}
