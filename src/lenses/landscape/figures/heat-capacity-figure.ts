import * as Plot from "@observablehq/plot";
import { numberColumn } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import { fromZero, stackedPanels } from "../../stacked-panels.ts";
import { thermodynamics } from "../thermodynamics/superposition.ts";
import type { HeatCapacityInput } from "./inputs.ts";
import { categories, faint, ink, neutral } from "./style.ts";

const points = 240;

/**
 * The heat capacity of the superposition of minima without its constant part κ/2 (in units of k), and beneath it the
 * shares of the minima that change places at its peaks; above each peak who gains (+) and who loses (−).
 */
export function heatCapacityFigure(input: HeatCapacityInput): PlotFigure {
  const { name, levels, range, peaks, unit } = input;
  const text = (id: number) => input.labels?.[id] ?? String(id + 1);
  const temperatures = Array.from(
    { length: points },
    (_, i) => range.from * (range.to / range.from) ** (i / (points - 1)),
  );
  const states = temperatures.map((temperature) => thermodynamics(levels, temperature));
  const excess = states.map(({ heatCapacity }) => heatCapacity - levels.modes / 2);
  const most = Math.max(...excess, 1e-12);
  const shown = chosen(
    input,
    states.map(({ occupation }) => occupation),
  );
  const names = shown.map((id) => `minimum ${text(id)}`);
  const all = shown.length === levels.values.length;
  const domain = [...names, ...(all ? [] : ["all others"])];
  const curves = shown.flatMap((id, k) =>
    states.map(({ temperature, occupation }) => ({ temperature, p: occupation[id]!, series: names[k]! })),
  );
  const rest = states.map(({ temperature, occupation }) => ({
    temperature,
    p: Math.max(0, 1 - shown.reduce((sum, id) => sum + occupation[id]!, 0)),
    series: "all others",
  }));
  const signs = peaks.map(({ temperature, heatCapacity, gaining, losing }) => ({
    temperature,
    c: heatCapacity - levels.modes / 2,
    atRight: Math.log(temperature / range.from) > 0.65 * Math.log(range.to / range.from),
    text: `+ ${few(gaining, text)}\n− ${few(losing, text)}`,
  }));
  const plot = stackedPanels(
    [
      {
        title: "Heat capacity C − κ/2 (k)",
        scale: fromZero([most * 1.2]),
        marks: (y) => [
          Plot.line(
            temperatures.map((temperature, i) => ({ temperature, c: excess[i]! })),
            { x: "temperature", y: (row: { c: number }) => y(row.c), stroke: ink, strokeWidth: 1.8 },
          ),
          ...[false, true].map((atRight) =>
            Plot.text(
              signs.filter((sign) => sign.atRight === atRight),
              {
                ...{ x: "temperature", y: (row: { c: number }) => y(row.c), text: "text", dy: -14 },
                ...{ dx: atRight ? -7 : 7, textAnchor: atRight ? "end" : "start" },
                ...{ fontSize: 11, fill: ink, stroke: "white", strokeWidth: 3 },
              } as const,
            ),
          ),
        ],
      },
      {
        title: "Share of each minimum",
        scale: { domain: [0, 1.12], ticks: [0, 0.5, 1] },
        marks: (y) => [
          Plot.line([...curves, ...(all ? [] : rest)], {
            ...{ x: "temperature", y: (row: { p: number }) => y(row.p), z: "series", stroke: "series" },
            ...{ strokeWidth: 1.8 },
          }),
        ],
      },
    ],
    {
      axis: { label: "temperature", unit },
      panelHeight: 165,
      color: {
        ...{ type: "categorical", label: "share of", domain },
        range: [...categories.slice(0, shown.length), ...(all ? [] : [neutral])],
      },
    },
  );
  plot.x = { ...plot.x, type: "log", domain: [range.from, range.to] };
  plot.marks = [
    Plot.ruleX(peaks, { x: "temperature", stroke: faint, strokeDasharray: "3,3" }),
    ...(plot.marks ?? []),
  ];
  return {
    kind: "plot",
    name,
    title: input.title,
    caption: input.caption,
    data: {
      name,
      rows: points,
      columns: [
        numberColumn("temperature", unit, temperatures),
        numberColumn(
          "heat capacity",
          "k",
          states.map(({ heatCapacity }) => heatCapacity),
          {
            help: `configurational, κ/2 = ${levels.modes / 2} included`,
          },
        ),
        ...shown.map((id) =>
          numberColumn(
            `share of minimum ${text(id)}`,
            "",
            states.map(({ occupation }) => occupation[id]!),
          ),
        ),
      ],
      provenance: input.provenance ?? [],
    },
    plot,
  };
}

/** The minima that gain or lose most at the peaks, else those with the largest shares; at most six. */
function chosen({ peaks }: HeatCapacityInput, occupations: readonly Float64Array[]): number[] {
  const weight = new Map<number, number>();
  for (const { gaining, losing, temperature } of peaks) {
    for (const { minimum, slope } of [...gaining, ...losing]) {
      weight.set(minimum, (weight.get(minimum) ?? 0) + Math.abs(slope) * temperature);
    }
  }
  if (weight.size === 0) {
    for (const occupation of occupations) {
      occupation.forEach((share, id) => {
        weight.set(id, Math.max(weight.get(id) ?? 0, share));
      });
    }
  }
  return [...weight.keys()]
    .sort((a, b) => weight.get(b)! - weight.get(a)! || a - b)
    .slice(0, categories.length - 1)
    .sort((a, b) => a - b);
}

function few(list: readonly { minimum: number }[], text: (id: number) => string): string {
  const names = list.slice(0, 4).map(({ minimum }) => text(minimum));
  return names.join(", ") + (list.length > 4 ? ` and ${list.length - 4} more` : "");
}
