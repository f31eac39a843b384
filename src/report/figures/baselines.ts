import * as Plot from "@observablehq/plot";
import * as d3 from "d3";
import { UserError } from "../../core/errors.ts";
import { numberColumn, type Provenance, textColumn } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { withUnit } from "../labels.ts";
import { formatNumber } from "../number-format.ts";
import { okabeIto } from "../palette.ts";

/** The error of one model or formula, once or once a seed. */
export interface BaselineRow {
  label: string;
  /** "model", "fitted here", "published": the legend's entries. */
  group: string;
  /** One value, or one a seed: the dot is their median and the line their whole range. */
  values: readonly number[];
}

/**
 * Errors of a model and of what it is measured against, one line each, least at the top: a dot at the median, a bar
 * from the least to the greatest value, small dots for the single values, the median in numbers beside it. The error
 * axis is logarithmic and starts near the least error where the values span more than a factor of eight; otherwise it
 * is linear from zero.
 * @throws UserError for no rows, a row without values, a value that is negative or not finite, or a label twice.
 */
export function baselines(options: {
  name: string;
  title: string;
  caption: string;
  rows: readonly BaselineRow[];
  errorLabel: string;
  unit: string;
  provenance?: readonly Provenance[];
}): PlotFigure {
  const { name, title, caption, errorLabel, unit } = options;
  if (options.rows.length === 0)
    throw new UserError(`baselines '${name}': expected at least one row, got none`);
  const seen = new Set<string>();
  for (const row of options.rows) {
    const bad = row.values.find((value) => !(value >= 0) || !Number.isFinite(value));
    if (row.values.length === 0 || bad !== undefined) {
      const got = bad === undefined ? "no values" : String(bad);
      throw new UserError(
        `baselines '${name}', row '${row.label}': expected finite errors of at least 0, got ${got}`,
      );
    }
    if (seen.has(row.label))
      throw new UserError(`baselines '${name}': the row '${row.label}' is there twice`);
    seen.add(row.label);
  }
  const rows = options.rows
    .map((row) => ({
      ...row,
      median: d3.median(row.values)!,
      low: Math.min(...row.values),
      high: Math.max(...row.values),
    }))
    .sort((a, b) => a.median - b.median);
  const singles = rows.flatMap((row) =>
    row.values.map((value) => ({ label: row.label, group: row.group, value })),
  );
  const least = Math.min(...singles.map((single) => single.value));
  const greatest = Math.max(...singles.map((single) => single.value));
  const logarithmic = least > 0 && greatest / least > 8;
  const groups = [...new Set(options.rows.map((row) => row.group))];
  return {
    kind: "plot",
    name,
    title,
    caption,
    data: {
      name,
      rows: singles.length,
      columns: [
        textColumn(
          "model",
          singles.map((single) => single.label),
        ),
        textColumn(
          "group",
          singles.map((single) => single.group),
        ),
        numberColumn(
          "error",
          unit,
          singles.map((single) => single.value),
          { help: errorLabel },
        ),
      ],
      provenance: options.provenance ?? [],
    },
    plot: {
      height: 60 + 34 * rows.length,
      marginRight: 64,
      x: {
        label: withUnit(errorLabel, unit),
        grid: true,
        ...(logarithmic
          ? {
              type: "log",
              domain: [least / 1.3, greatest * 1.3],
            }
          : { domain: [0, greatest], nice: true }),
      },
      y: { domain: rows.map((row) => row.label), label: null, grid: false, tickSize: 0 },
      color: { type: "categorical", domain: groups, range: [...okabeIto], legend: groups.length > 1 },
      marks: [
        Plot.ruleY(
          rows.filter((row) => row.values.length > 1),
          { y: "label", x1: "low", x2: "high", stroke: "group", strokeWidth: 2.5, strokeOpacity: 0.55 },
        ),
        Plot.dot(
          singles.filter((single) => rows.find((row) => row.label === single.label)!.values.length > 1),
          { y: "label", x: "value", fill: "group", r: 2.5, fillOpacity: 0.7 },
        ),
        Plot.dot(rows, { y: "label", x: "median", fill: "group", r: 5.5, stroke: "white", strokeWidth: 1.2 }),
        Plot.text(rows, {
          y: "label",
          x: "high",
          text: (row: { median: number }) => formatNumber(row.median, 3),
          dx: 11,
          textAnchor: "start",
        }),
      ],
    },
  };
}
