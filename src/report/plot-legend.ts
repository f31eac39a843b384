import type { Plot, PlotOptions, Scale } from "@observablehq/plot";
import type { SymbolType } from "d3";
import { type Legend, rampLegend } from "./legend-ramp.ts";
import { type Swatch, swatchLegend } from "./legend-swatches.ts";
import { formatNumber } from "./number-format.ts";
import { ink } from "./palette.ts";

const rampWidth = 260;
const discrete = ["categorical", "ordinal"];

/** The legend of what `plot` encodes by colour and symbol; undefined where it encodes nothing so. */
export function plotLegend(
  plot: Pick<Plot, "scale">,
  options: { id: string; width: number; plot: PlotOptions },
): Legend | undefined {
  const { id, width } = options;
  const color = plot.scale("color");
  const symbol = plot.scale("symbol");
  const label = options.plot.color?.label ?? (color ? "" : options.plot.symbol?.label) ?? "";
  const kind = String(color?.type);
  if (color && kind === "threshold") return swatchLegend(bins(color), { label, width });
  if (color && kind !== "identity" && !discrete.includes(kind)) {
    return rampLegend(color, { id, label, width: Math.min(rampWidth, width) });
  }
  const keyed = color && kind !== "identity" ? color : symbol;
  if (!keyed) return undefined;
  const shapes = symbol && sameDomain(symbol, keyed) ? symbol : undefined;
  const swatches = [...(keyed.domain ?? [])].map((value): Swatch => {
    const shape = shapes?.apply(value) as string | SymbolType | undefined;
    return {
      label: String(value),
      color: keyed === color ? String(color.apply(value)) : ink,
      ...(shape === undefined ? {} : { symbol: shape }),
    };
  });
  return swatchLegend(swatches, { label, width });
}

function sameDomain(a: Scale, b: Scale): boolean {
  return JSON.stringify([...(a.domain ?? [])]) === JSON.stringify([...(b.domain ?? [])]);
}

function bins(scale: Scale): Swatch[] {
  const edges = [...(scale.domain ?? [])].map(Number);
  const colours = [...((scale.range as Iterable<string> | undefined) ?? [])];
  return colours.map((color, i) => {
    const from = edges[i - 1];
    const to = edges[i];
    if (from === undefined) return { color, label: `< ${formatNumber(to!, 3)}` };
    if (to === undefined) return { color, label: `≥ ${formatNumber(from, 3)}` };
    return { color, label: `${formatNumber(from, 3)} to ${formatNumber(to, 3)}` };
  });
}
