import type { PlotOptions, Scale, ScaleOptions } from "@observablehq/plot";
import { logTicks } from "./log-ticks.ts";
import { formatNumber } from "./number-format.ts";
import { diverging, okabeIto, sequential } from "./palette.ts";
import { fontSize } from "./svg.ts";
import { textRoom } from "./text-width.ts";

/** Width of a figure in px when its options give none. */
export const defaultWidth = 640;

/** What a first drawing of the same figure showed: its scales and how wide its labels are. */
export interface FirstLook {
  x: Scale | undefined;
  y: Scale | undefined;
  color: Scale | undefined;
  /** Width in px of the widest label at the left and at the right axis; 0 where there is none. */
  leftLabels: number;
  rightLabels: number;
}

const tick = 6;
const gap = 3;
const labelRoom = fontSize + 10;

/**
 * `options` with the house's defaults beneath them: axis titles centred along their axis and without arrows, faint
 * grid, margins that fit the tick labels, and colours by the kind of data (Okabe–Ito for categories, viridis for
 * ordered values, a map centred at zero for signed ones). Whatever the options state, they keep.
 */
export function themed(options: PlotOptions, document: Document, look?: FirstLook): PlotOptions {
  const { width = defaultWidth, grid = true } = options;
  const side = (labels: number, label: unknown) =>
    Math.max(24, Math.ceil(labels + tick + gap + (label === null ? 0 : labelRoom) + 4));
  const yTicks = logAxis(options.y, look?.y);
  const yLabels = (yTicks.ticks ?? []).map((tick) => textRoom(formatNumber(tick), fontSize));
  const marginLeft = side(Math.max(look?.leftLabels ?? 0, ...yLabels), options.y?.label);
  const right = look && look.rightLabels > 0 ? side(look.rightLabels, options.fy?.label) : 20;
  return {
    marginLeft,
    marginRight: right,
    marginBottom: options.x?.label === null ? 30 : 42,
    marginTop: options.fx === undefined && options.x?.axis !== "top" && options.x?.axis !== "both" ? 14 : 44,
    inset: 6,
    ...options,
    document,
    width,
    grid,
    className: "physlens-plot",
    style: { background: "none" },
    x: { labelAnchor: "center", labelArrow: "none", ...logAxis(options.x, look?.x), ...options.x },
    y: {
      labelAnchor: "center",
      labelArrow: "none",
      ...yTicks,
      labelOffset: (options.marginLeft ?? marginLeft) - 6,
      ...options.y,
    },
    color: { ...colours(options.color, look?.color), ...options.color, legend: false },
    symbol: { ...options.symbol, legend: false },
    figure: false,
  };
}

/** Ticks for a log axis whose options name none. */
function logAxis(given: ScaleOptions | undefined, scale: Scale | undefined) {
  const chosen =
    given?.ticks !== undefined || given?.tickFormat !== undefined || given?.interval !== undefined;
  const [low, high] = [...(scale?.domain ?? [])].map(Number).sort((a, b) => a - b);
  if (scale?.type !== "log" || chosen || low === undefined || high === undefined || !(low > 0)) return {};
  const ticks = logTicks(low, high);
  const tickFormat = (value: number) => formatNumber(value);
  return ticks.length < 3 ? { tickFormat } : { tickFormat, ticks };
}

const chosenColours = ["scheme", "range", "interpolate"] as const;

function colours(given: ScaleOptions | undefined, scale: Scale | undefined): ScaleOptions {
  if (!scale || chosenColours.some((key) => given?.[key] !== undefined)) return {};
  const kind = String(scale.type);
  if (kind.startsWith("diverging")) return { interpolate: diverging };
  if (kind === "categorical" || kind === "ordinal") {
    const count = [...(scale.domain ?? [])].length;
    const words = [...(scale.domain ?? [])].every((value) => typeof value === "string");
    if (words && given?.type !== "ordinal" && count <= okabeIto.length) return { range: [...okabeIto] };
    return { range: Array.from({ length: count }, (_, i) => sequential(count === 1 ? 0 : i / (count - 1))) };
  }
  return ["linear", "log", "pow", "sqrt", "symlog", "utc", "time"].includes(kind)
    ? { interpolate: sequential }
    : {};
}
