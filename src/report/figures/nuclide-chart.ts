import * as Plot from "@observablehq/plot";
import * as d3 from "d3";
import { UserError } from "../../core/errors.ts";
import { numberColumn, type Provenance, textColumn } from "../../data/table.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { withUnit } from "../labels.ts";
import { diverging, guide, ink, sequential } from "../palette.ts";
import { magicLines } from "./magic-lines.ts";

/** What {@link nuclideChart} draws. */
export interface NuclideChartOptions {
  name: string;
  title: string;
  caption: string;
  /** Proton and neutron numbers, and the value of each nuclide; a nuclide without a value has NaN and is left out. */
  z: ArrayLike<number>;
  n: ArrayLike<number>;
  value: ArrayLike<number>;
  /** What the value is: "residual, predicted − measured". */
  valueLabel: string;
  /** "keV"; "" for a pure number. */
  unit: string;
  /** Signed values: colours centred at zero. Otherwise viridis from the least to the greatest value. */
  diverging: boolean;
  /** Colours end at this percentile of |value| (diverging) or of the value; the caption says so. Default 98. */
  clipPercentile?: number;
  /** Nuclides to mark with a dot, such as those held out from training. */
  marked?: ArrayLike<boolean | number>;
  markedLabel?: string;
  provenance?: readonly Provenance[];
}

const marginLeft = 46;
const marginRight = 14;

/**
 * A chart of nuclides: N to the right, Z upwards, one square a nuclide coloured by its value, dashed lines at the
 * magic numbers 8, 20, 28, 50, 82, 126 over the nuclides beside them. Colours of signed values are symmetric about
 * zero. Values beyond `clipPercentile` take the colour at the end of the scale: the legend then reads "≤" and "≥", and
 * a sentence in the caption says how many there are.
 * @throws UserError for arrays of unequal length, no finite value, or a percentile outside 50 … 100.
 */
export function nuclideChart(options: NuclideChartOptions): PlotFigure {
  const { name, title, z, n, value, valueLabel, unit, clipPercentile = 98 } = options;
  const count = z.length;
  if (n.length !== count || value.length !== count || (options.marked && options.marked.length !== count)) {
    const marked = options.marked ? `, marked ${options.marked.length}` : "";
    throw new UserError(
      `nuclideChart '${name}': the arrays must have one entry a nuclide; z has ${count}, n ${n.length}, value ${value.length}${marked}`,
    );
  }
  if (!(clipPercentile >= 50 && clipPercentile <= 100)) {
    throw new UserError(
      `nuclideChart '${name}': clipPercentile must be from 50 to 100, got ${clipPercentile}`,
    );
  }
  const shown = d3.range(count).filter((i) => Number.isFinite(value[i]));
  if (shown.length === 0) {
    throw new UserError(`nuclideChart '${name}': none of the ${count} values is a finite number`);
  }
  const domain = colourDomain(
    shown.map((i) => value[i]!),
    options.diverging,
    clipPercentile,
  );
  const beyond = shown.filter((i) => value[i]! < domain[0] || value[i]! > domain[1]).length;
  const zs = shown.map((i) => z[i]!);
  const ns = shown.map((i) => n[i]!);
  const xDomain: [number, number] = [Math.min(...ns) - 7, Math.max(...ns) + 3];
  const yDomain: [number, number] = [Math.min(...zs) - 7, Math.max(...zs) + 3];
  const cell = Math.max(
    1.5,
    Math.round((2 * (640 - marginLeft - marginRight)) / (xDomain[1] - xDomain[0])) / 2,
  );
  const marked = options.marked ? shown.filter((i) => options.marked![i]) : [];
  return {
    kind: "plot",
    name,
    title,
    caption: [
      options.caption,
      beyond > 0 ? clipText(beyond, shown.length, clipPercentile, options.diverging) : "",
      marked.length > 0 ? `Dots: ${options.markedLabel ?? "marked"} (${marked.length}).` : "",
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
    data: {
      name,
      rows: count,
      columns: [
        numberColumn("Z", "", z),
        numberColumn("N", "", n),
        numberColumn("value", unit, value, { help: valueLabel }),
        ...(options.marked
          ? [
              textColumn(
                "marked",
                Array.from(options.marked, (m) => (m ? "yes" : "no")),
                options.markedLabel,
              ),
            ]
          : []),
      ],
      provenance: options.provenance ?? [],
    },
    plot: {
      width: marginLeft + marginRight + cell * (xDomain[1] - xDomain[0]),
      height: 14 + 42 + cell * (yDomain[1] - yDomain[0]),
      marginLeft,
      marginRight,
      marginTop: 14,
      marginBottom: 42,
      inset: 0,
      grid: false,
      x: { domain: xDomain, label: "neutron number N", ticks: 9 },
      y: { domain: yDomain, label: "proton number Z", ticks: 7 },
      color: {
        type: options.diverging ? "diverging" : "linear",
        domain,
        clamp: beyond > 0,
        interpolate: options.diverging ? diverging : sequential,
        label: withUnit(valueLabel, unit),
      },
      marks: [
        Plot.rect(shown, {
          x1: (i: number) => n[i]! - 0.5,
          x2: (i: number) => n[i]! + 0.5,
          y1: (i: number) => z[i]! - 0.5,
          y2: (i: number) => z[i]! + 0.5,
          fill: (i: number) => value[i],
          shapeRendering: "crispEdges",
        }),
        Plot.dot(marked, {
          x: (i: number) => n[i],
          y: (i: number) => z[i],
          r: 0.9,
          fill: ink,
        }),
        magicLines(zs, ns),
        Plot.frame({ stroke: guide, strokeOpacity: 0.6 }),
      ],
    },
  };
}

function colourDomain(values: number[], signed: boolean, percentile: number): [number, number] {
  const share = percentile / 100;
  if (signed) {
    const reach = d3.quantile(values.map(Math.abs), share)!;
    return reach > 0 ? [-reach, reach] : [-1, 1];
  }
  if (percentile === 100) return d3.extent(values) as [number, number];
  return [d3.quantile(values, 1 - share)!, d3.quantile(values, share)!];
}

function clipText(beyond: number, count: number, percentile: number, signed: boolean): string {
  const what = signed
    ? `percentile ${percentile} of |value|`
    : `percentiles ${100 - percentile} and ${percentile}`;
  return `Colours end at ${what}: ${beyond} of ${count} nuclides lie beyond and take the end's colour.`;
}
