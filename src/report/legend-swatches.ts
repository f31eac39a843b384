import * as d3 from "d3";
import type { Legend } from "./legend-ramp.ts";
import { fontSize, px, svgText } from "./svg.ts";
import { textRoom } from "./text-width.ts";

const rowHeight = 20;
const keySize = 11;

/** One entry of a legend of categories. */
export interface Swatch {
  label: string;
  color: string;
  /** A d3 symbol or its name, such as "square"; without it, a filled square. */
  symbol?: string | d3.SymbolType;
}

/** The legend of a categorical scale: a key and a name for each category, in rows that fit `width` px. */
export function swatchLegend(swatches: readonly Swatch[], options: { label: string; width: number }): Legend {
  let x = 0;
  let row = 0;
  const parts: string[] = [];
  if (options.label !== "") {
    parts.push(svgText(options.label, 0, 13, `font-weight="600"`));
    x = textRoom(options.label, fontSize) + 14;
  }
  for (const swatch of swatches) {
    const wide = keySize + 6 + textRoom(swatch.label, fontSize);
    if (x > 0 && x + wide > options.width) {
      x = 0;
      row += 1;
    }
    parts.push(key(swatch, x, row * rowHeight + 3));
    parts.push(svgText(swatch.label, x + keySize + 6, row * rowHeight + 13));
    x += wide + 18;
  }
  return { markup: parts.join(""), height: (row + 1) * rowHeight };
}

function key({ color, symbol }: Swatch, x: number, y: number): string {
  if (symbol === undefined) {
    return `<rect x="${px(x)}" y="${px(y)}" width="${keySize}" height="${keySize}" rx="2" fill="${color}"/>`;
  }
  const shape = typeof symbol === "string" ? (symbols[symbol] ?? d3.symbolCircle) : symbol;
  const path = d3.symbol(shape, 50).digits(2)() ?? "";
  const half = keySize / 2;
  return `<path d="${path}" transform="translate(${px(x + half)},${px(y + half)})" fill="${color}"/>`;
}

const symbols: Record<string, d3.SymbolType> = {
  circle: d3.symbolCircle,
  cross: d3.symbolCross,
  diamond: d3.symbolDiamond,
  diamond2: d3.symbolDiamond2,
  square: d3.symbolSquare,
  square2: d3.symbolSquare2,
  star: d3.symbolStar,
  triangle: d3.symbolTriangle,
  triangle2: d3.symbolTriangle2,
  wye: d3.symbolWye,
};
