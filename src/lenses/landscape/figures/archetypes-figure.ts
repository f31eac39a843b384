import * as Plot from "@observablehq/plot";
import { demand } from "../../../core/errors.ts";
import { numberColumn, textColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { fromZero, type Panel, stackedPanels } from "../../stacked-panels.ts";
import type { ArchetypesInput } from "./inputs.ts";
import { categories, faint } from "./style.ts";

type Row = ArchetypesInput["archetypes"][number];

const measures: readonly { title: string; of: (row: Row) => number }[] = [
  { title: "Minima found", of: ({ minima }) => minima },
  { title: "Transition states a minimum", of: ({ ratio }) => ratio },
  { title: "Median barrier / range of the minima", of: ({ relativeBarrier }) => relativeBarrier },
  { title: "Funnels (monotonic sequence basins)", of: ({ basins }) => basins },
];

/**
 * How the kind of landscape changes along an axis (hidden units, rows of data, λ): minima, transition states a minimum,
 * barriers and funnels, a line for each series. Counts are of what was found: lower bounds.
 * @throws UserError for no landscape, or a logarithmic axis with a place that is not above 0.
 */
export function archetypesFigure(input: ArchetypesInput): PlotFigure {
  const { name, archetypes, axis, logarithmic = false } = input;
  demand(archetypes.length > 0, () => `archetypesFigure '${name}': no landscape; expected one or more`);
  const below = archetypes.find(({ at }) => logarithmic && !(at > 0));
  demand(
    !below,
    () => `archetypesFigure '${name}': '${below!.label}' stands at ${below!.at} of a logarithmic axis`,
  );
  const series = [...new Set(archetypes.map((row) => row.series))];
  const panels = measures.map(({ title, of }): Panel<Row> => {
    const shown = archetypes.filter((row) => Number.isFinite(of(row)));
    return {
      title,
      scale: fromZero(shown.map(of).map((value) => 1.25 * value)),
      marks: (y) => [
        Plot.line(
          shown.toSorted((a, b) => a.at - b.at),
          { x: "at", y: (row: Row) => y(of(row)), z: "series", stroke: "series", strokeWidth: 1.6 },
        ),
        Plot.dot(shown, { x: "at", y: (row: Row) => y(of(row)), fill: "series", r: 3.6, stroke: "white" }),
      ],
    };
  });
  const places = [...new Set(archetypes.map(({ at }) => at))].sort((a, b) => a - b);
  const plot = stackedPanels(panels, {
    axis: { label: axis.label, unit: axis.unit },
    color: {
      ...{ type: "categorical", domain: series, range: [...categories], label: input.seriesLabel ?? "" },
      legend: series.length > 1,
    },
  });
  const [low, high] = [places[0]!, places.at(-1)!];
  const room = 0.05 * (high - low) || 0.5;
  plot.x = {
    ...plot.x,
    ...(logarithmic
      ? { type: "log", domain: [low / 1.25, high * 1.25] }
      : { domain: [low - room, high + room] }),
    ticks: places,
    tickFormat: (value: number) => String(Number(value.toPrecision(4))),
  };
  plot.marks = [Plot.ruleX(places, { stroke: faint, strokeOpacity: 0.12 }), ...(plot.marks ?? [])];
  const column = (title: string, of: (row: Row) => number) => numberColumn(title, "", archetypes.map(of));
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: archetypes.length,
      columns: [
        textColumn(
          "landscape",
          archetypes.map(({ label }) => label),
        ),
        textColumn(
          "series",
          archetypes.map((row) => row.series),
        ),
        numberColumn(
          axis.label,
          axis.unit,
          archetypes.map(({ at }) => at),
        ),
        column("minima", ({ minima }) => minima),
        column("transition states", ({ saddles }) => saddles),
        column("per minimum", ({ ratio }) => ratio),
        column("barrier/range", ({ relativeBarrier }) => relativeBarrier),
        column("funnels", ({ basins }) => basins),
      ],
      provenance: input.provenance ?? [],
    },
    plot,
  };
}
