import * as Plot from "@observablehq/plot";
import { UserError } from "../../core/errors.ts";
import { numberColumn, type Provenance, textColumn } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { withUnit } from "../labels.ts";
import { orderedGroups } from "../ordered-groups.ts";

/** One network: how much structure it lacks and how wrong it is. */
export interface StructurePoint {
  /** What its colour says, in the order of the legend: "10 %". */
  group: string;
  error: number;
  structure: number;
}

/**
 * A measure of structure against the error on held-out data, a point a network, coloured by an ordered group. The
 * error axis is logarithmic; the other too where every value is above zero.
 * @throws UserError for no points, or an error that is not above zero.
 */
export function structureAgainstError(options: {
  name: string;
  title: string;
  caption: string;
  points: readonly StructurePoint[];
  groupLabel: string;
  errorLabel: string;
  unit: string;
  structureLabel: string;
  provenance?: readonly Provenance[];
}): PlotFigure {
  const { name, title, caption, points, groupLabel, errorLabel, unit, structureLabel } = options;
  if (points.length === 0)
    throw new UserError(`structureAgainstError '${name}': expected at least one point, got none`);
  const bad = points.find(({ error, structure }) => !(error > 0) || !Number.isFinite(error + structure));
  if (bad) {
    throw new UserError(
      `structureAgainstError '${name}': error ${bad.error}, structure ${bad.structure}; expected an error above zero and finite numbers`,
    );
  }
  return {
    kind: "plot",
    name,
    title,
    caption,
    data: {
      name,
      rows: points.length,
      columns: [
        textColumn(
          groupLabel,
          points.map(({ group }) => group),
        ),
        numberColumn(
          "error",
          unit,
          points.map(({ error }) => error),
          { help: errorLabel },
        ),
        numberColumn(
          "structure",
          "",
          points.map(({ structure }) => structure),
          { help: structureLabel },
        ),
      ],
      provenance: options.provenance ?? [],
    },
    plot: {
      height: 340,
      inset: 14,
      x: { type: "log", label: withUnit(errorLabel, unit), grid: true },
      y: {
        type: points.every(({ structure }) => structure > 0) ? "log" : "linear",
        label: structureLabel,
        grid: true,
      },
      color: orderedGroups(
        groupLabel,
        points.map(({ group }) => group),
      ),
      marks: [
        Plot.dot(points, { x: "error", y: "structure", fill: "group", r: 5, stroke: "white" }),
        Plot.frame({ strokeOpacity: 0.5 }),
      ],
    },
  };
}
