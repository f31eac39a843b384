import * as Plot from "@observablehq/plot";
import { UserError } from "../../core/errors.ts";
import type { NumberColumn, Provenance } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { withUnit } from "../labels.ts";
import { okabeIto } from "../palette.ts";

/**
 * One column against another, a point a row; its data are the two columns.
 * @param options.curve y as a function of x to compare with, drawn dashed over the points' range
 * @throws UserError for columns of unequal length
 */
export function scatter(options: {
  name: string;
  title: string;
  caption: string;
  x: NumberColumn;
  y: NumberColumn;
  curve?: (x: number) => number;
  provenance?: readonly Provenance[];
}): PlotFigure {
  const { name, title, caption, x, y, curve, provenance = [] } = options;
  const rows = x.values.length;
  if (y.values.length !== rows) {
    throw new UserError(
      `scatter '${name}': '${x.name}' has ${rows} values, '${y.name}' ${y.values.length}; expected as many`,
    );
  }
  const points = Array.from(x.values, (value, i) => ({ x: value, y: y.values[i]! }));
  return {
    kind: "plot",
    name,
    title,
    caption,
    data: { name, rows, columns: [x, y], provenance },
    plot: {
      x: { label: withUnit(x.name, x.unit) },
      y: { label: withUnit(y.name, y.unit) },
      marks: [
        ...(curve === undefined
          ? []
          : [Plot.line(sampled(curve, points), { x: "x", y: "y", strokeDasharray: "4 3" })]),
        Plot.dot(points, { x: "x", y: "y", r: 2.5, fill: okabeIto[0]!, fillOpacity: 0.7 }),
      ],
    },
  };
}

function sampled(curve: (x: number) => number, points: readonly { x: number }[]): { x: number; y: number }[] {
  const [low, high] = [Math.min(...points.map((p) => p.x)), Math.max(...points.map((p) => p.x))];
  return Array.from({ length: 201 }, (_, i) => low + ((high - low) * i) / 200).map((x) => ({
    x,
    y: curve(x),
  }));
}
