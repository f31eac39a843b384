import type { Plot, Scale } from "@observablehq/plot";
import { type Legend, rampLegend } from "./legend-ramp.ts";
import { type Swatch, swatchLegend } from "./legend-swatches.ts";
import { formatNumber } from "./number-format.ts";
import { ink } from "./palette.ts";

const rampWidth = 260;

/** The legend of what `plot` encodes by colour and symbol; undefined where it encodes nothing so. */
export function plotLegend(
  plot: Pick<Plot, "scale">,
  options: { id: string; width: number },
): Legend | undefined {
  const color = plot.scale("color");
  const symbol = plot.scale("symbol");
  const kind = String(color?.type);
  if (color && kind === "threshold") return swatchLegend(bins(color), wording(color, options.width));
  if (color && !["categorical", "ordinal", "identity", "undefined"].includes(kind)) {
    return rampLegend(color, { id: options.id, width: Math.min(rampWidth, options.width) });
  }
  const keyed = color && kind !== "identity" ? color : symbol;
  if (!keyed) return undefined;
  const domain = [...(keyed.domain ?? [])];
  const swatches = domain.map((value): Swatch => {
    const shape = symbol?.apply(value) as string | undefined;
    return {
      label: String(value),
      color: keyed === color ? String(color.apply(value)) : ink,
      ...(shape === undefined ? {} : { symbol: shape }),
    };
  });
  return swatchLegend(swatches, wording(keyed, options.width));
}

function wording(scale: Scale, width: number): { label?: string; width: number } {
  return scale.label ? { label: scale.label, width } : { width };
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
