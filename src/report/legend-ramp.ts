import type { Scale } from "@observablehq/plot";
import * as d3 from "d3";
import { formatNumber } from "./number-format.ts";
import { guide } from "./palette.ts";
import { fontSize, px, svgText } from "./svg.ts";
import { textRoom } from "./text-width.ts";

/** A drawn legend: markup with its top left corner at (0, 0), and the room it takes in px. */
export interface Legend {
  markup: string;
  height: number;
}

const stops = 40;
const barTop = 20;
const barHeight = 10;

/**
 * The legend of a continuous colour scale: a bar of its colours with the ends of the domain in numbers, the pivot of
 * a diverging scale, and round numbers where there is room. "≤" and "≥" stand at the ends of a clamped scale.
 * @param id Prefix of the gradient's id, unique on the page.
 */
export function rampLegend(scale: Scale, options: { id: string; width: number; label: string }): Legend {
  const { id, width, label } = options;
  const domain = [...(scale.domain ?? [])];
  const low = Number(domain[0]);
  const high = Number(domain[domain.length - 1]);
  const axis = valueAxis(scale, [low, high], [0, width]);
  const gradient = d3
    .range(stops + 1)
    .map((i) => {
      const colour = d3.color(String(scale.apply(axis.invert((i / stops) * width))))?.formatHex() ?? "none";
      return `<stop offset="${px((100 * i) / stops)}%" stop-color="${colour}"/>`;
    })
    .join("");
  const ticks = tickLabels(scale, axis, low, high, width).map(
    ({ x, text }) =>
      `<path d="M${px(x)},${barTop}v${barHeight + 4}" stroke="currentColor" stroke-opacity="0.6" fill="none"/>` +
      svgText(text, x, barTop + barHeight + 16, `text-anchor="middle"`),
  );
  const markup = [
    svgText(label, 0, 12, `font-weight="600"`),
    `<defs><linearGradient id="${id}-ramp">${gradient}</linearGradient></defs>`,
    `<rect y="${barTop}" width="${px(width)}" height="${barHeight}" fill="url(#${id}-ramp)" stroke="${guide}"`,
    ` stroke-width="0.5"/>`,
    ...ticks,
  ].join("");
  return { markup, height: barTop + barHeight + 24 };
}

interface ValueAxis {
  (value: number): number;
  invert(position: number): number;
  ticks(count?: number): number[];
}

/** Where along the bar a value of the colour scale lies, in px. */
function valueAxis(scale: Scale, ends: [number, number], range: [number, number]): ValueAxis {
  const kind = String(scale.type).replace("diverging-", "");
  if (kind === "log") return d3.scaleLog(ends, range).base(scale.base ?? 10);
  if (kind === "symlog") return d3.scaleSymlog(ends, range).constant(scale.constant ?? 1);
  if (kind === "pow" || kind === "sqrt") return d3.scalePow(ends, range).exponent(scale.exponent ?? 0.5);
  return d3.scaleLinear(ends, range);
}

function tickLabels(scale: Scale, axis: ValueAxis, low: number, high: number, width: number) {
  if (low === high) return [{ x: width / 2, text: formatNumber(low, 3) }];
  const clamped = scale.clamp === true;
  const placed = [
    { x: 0, text: `${clamped ? "≤ " : ""}${formatNumber(low, 3)}` },
    { x: width, text: `${clamped ? "≥ " : ""}${formatNumber(high, 3)}` },
  ];
  const wanted = scale.pivot === undefined ? axis.ticks(4) : [Number(scale.pivot), ...axis.ticks(4)];
  for (const value of wanted) {
    const tick = { x: axis(value), text: formatNumber(value, 3) };
    if (tick.x >= 0 && tick.x <= width && placed.every((other) => apart(tick, other))) placed.push(tick);
  }
  return placed.sort((a, b) => a.x - b.x);
}

function apart(a: { x: number; text: string }, b: { x: number; text: string }): boolean {
  const room = (textRoom(a.text, fontSize) + textRoom(b.text, fontSize)) / 2 + 8;
  return Math.abs(a.x - b.x) >= room;
}
