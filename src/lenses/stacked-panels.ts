import * as Plot from "@observablehq/plot";

/** Text and axes on the white ground of a figure; notes and reference lines. */
const [ink, faint] = ["#1f2328", "#59636e"];

/** The horizontal axis that all panels share. */
export interface PanelAxis {
  /** As printed: "V1/J". */
  label: string;
  /** "" for a pure number. */
  unit: string;
  /** Linear below this value, logarithmic above (a symlog axis); absent for a linear axis. */
  linearBelow?: number;
  /** Values to tick, where the axis is not linear. */
  ticks?: readonly number[];
}

/** How the values of one panel run from its foot to its head. */
export interface PanelScale {
  domain: readonly [low: number, high: number];
  ticks: readonly number[];
  /** Default: linear. "symlog" is linear below `linearBelow`. */
  type?: "linear" | "log" | "symlog";
  linearBelow?: number;
}

/** One of several panels over a common horizontal axis, each with a vertical axis of its own. */
export interface Panel<Row> {
  title: string;
  scale: PanelScale;
  /** The panel's marks; `y` maps a value to the place where it is drawn. */
  marks: (y: (value: number) => number) => Plot.Markish[];
  /** Share of the height, relative to the others (default 1). */
  height?: number;
  rows?: readonly Row[];
}

const gap = 0.16;

/**
 * Options of a plot with panels one above the other, the first on top, over one horizontal axis. Plot's facets share
 * their vertical scale; here every panel maps its own values to a stretch of one linear axis, whose ticks are labelled
 * with the panel's values.
 */
export function stackedPanels<Row>(
  panels: readonly Panel<Row>[],
  options: { axis: PanelAxis; width?: number; panelHeight?: number } & Pick<Plot.PlotOptions, "color">,
): Plot.PlotOptions {
  const { axis, width = 640, panelHeight = 118 } = options;
  const spans = spansOf(panels.map(({ height = 1 }) => height));
  const total = spans[0]!.to;
  const ticks: { at: number; label: string }[] = [];
  const marks: Plot.Markish[] = [];
  panels.forEach(({ title, scale, marks: own }, k) => {
    const { from, to } = spans[k]!;
    const y = (value: number) => from + (to - from) * position(scale, value);
    for (const tick of scale.ticks) ticks.push({ at: y(tick), label: short(tick) });
    marks.push(
      Plot.ruleY([from, to], { stroke: "#d0d7de", strokeWidth: 1 }),
      ...own(y),
      Plot.text([title], {
        y: to,
        frameAnchor: "left",
        textAnchor: "start",
        text: (text: string) => text,
        dx: 4,
        dy: -8,
        fontWeight: 600,
        fill: ink,
      }),
    );
  });
  const labels = new Map(ticks.map(({ at, label }) => [at, label]));
  return {
    width,
    height: 70 + panelHeight * total,
    marginTop: 24,
    inset: 0,
    grid: false,
    x: xScale(axis),
    y: {
      domain: [0, total],
      label: null,
      ticks: ticks.map(({ at }) => at),
      tickFormat: (at: number) => labels.get(at) ?? "",
    },
    ...(options.color ? { color: options.color } : {}),
    marks: [
      Plot.ruleY(
        ticks.map(({ at }) => at),
        { stroke: "#d0d7de", strokeOpacity: 0.5 },
      ),
      ...marks,
    ],
  };
}

/** The horizontal axis of the control parameter: linear, or linear near zero and logarithmic beyond. */
export function xScale(axis: PanelAxis): Plot.ScaleOptions {
  const label = axis.unit === "" ? axis.label : `${axis.label} (${axis.unit})`;
  if (axis.linearBelow === undefined) return { label };
  return {
    label,
    type: "symlog",
    constant: axis.linearBelow,
    ...(axis.ticks ? { ticks: [...axis.ticks], tickFormat: (value: number) => short(value) } : {}),
  };
}

/** Dashed vertical lines with a word at the head of the plot. */
export function references(lines: readonly { at: number; label: string }[], top?: number): Plot.Markish[] {
  return [
    Plot.ruleX(lines, { x: "at", stroke: faint, strokeDasharray: "4,3", strokeWidth: 1 }),
    Plot.text(lines, {
      x: "at",
      ...(top === undefined ? { frameAnchor: "top" as const } : { y: top }),
      text: "label",
      textAnchor: "start",
      dx: 4,
      dy: top === undefined ? 6 : -6,
      fill: faint,
      stroke: "white",
      strokeWidth: 3,
    }),
  ];
}

/** A scale for positive values over decades, with a tick every decade or two, and room above. */
export function logScale(values: Iterable<number>, decades = 9): PanelScale {
  const positive = [...values].filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return { domain: [0.1, 1], ticks: [0.1, 1], type: "log" };
  const high = Math.ceil(Math.log10(Math.max(...positive)) - 1e-9);
  const low = Math.max(Math.floor(Math.log10(Math.min(...positive))), high - decades);
  const stride = Math.max(1, Math.ceil((high - low) / 4));
  const ticks: number[] = [];
  for (let power = high; power >= low; power -= stride) ticks.push(Number(`1e${power}`));
  return { domain: [10 ** low, 10 ** high], ticks, type: "log" };
}

/** A linear scale from zero with readable ticks. */
export function fromZero(values: Iterable<number>): PanelScale {
  const most = Math.max(0, ...[...values].filter(Number.isFinite)) || 1;
  const step = niceStep(most / 3);
  const high = Math.ceil((most * 1.04) / step) * step;
  const ticks = Array.from({ length: Math.round(high / step) + 1 }, (_, i) =>
    Number((i * step).toPrecision(6)),
  );
  return { domain: [0, high], ticks };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Where a value lies between foot (0) and head (1) of its panel; values beyond are held at the edges. */
function position(
  { domain: [low, high], type = "linear", linearBelow = 1 }: PanelScale,
  value: number,
): number {
  const map =
    type === "log"
      ? (v: number) => Math.log10(Math.max(v, low * 1e-6))
      : type === "symlog"
        ? (v: number) => Math.sign(v) * Math.log1p(Math.abs(v) / linearBelow)
        : (v: number) => v;
  const share = (map(value) - map(low)) / (map(high) - map(low));
  return Math.min(1, Math.max(0, share));
}

function spansOf(heights: readonly number[]): { from: number; to: number }[] {
  let foot = 0;
  return heights
    .toReversed()
    .map((height) => {
      const from = foot;
      foot = from + height + gap;
      return { from, to: from + height };
    })
    .toReversed();
}

/** A number of an axis: plain between 0.001 and 10⁴, else a power of ten. */
export function short(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size >= 1e-3 && size < 1e4) return `${sign}${Number(size.toPrecision(4))}`;
  const exponent = Math.floor(Math.log10(size) + 1e-12);
  const mantissa = Number((size / 10 ** exponent).toPrecision(2));
  const raised = [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]!)).join("");
  return `${sign}${mantissa === 1 ? "" : `${mantissa}×`}10${raised}`;
}
