import { expect, test } from "vitest";
import { shippedFonts } from "./fonts.ts";
import { textRoom, textWidth } from "./text-width.ts";

/** Oracle: the font's own `cmap` (format 4) and `hmtx` tables, read here. */
function advance(font: Uint8Array, point: number): number {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const tag = String.fromCharCode(...font.subarray(12 + 16 * i, 16 + 16 * i));
    tables.set(tag, view.getUint32(12 + 16 * i + 8));
  }
  const cmap = tables.get("cmap")!;
  let four = 0;
  for (let k = 0; k < view.getUint16(cmap + 2); k++) {
    const at = cmap + view.getUint32(cmap + 8 + 8 * k);
    if (view.getUint16(at) === 4) four = at;
  }
  const segments = view.getUint16(four + 6) / 2;
  for (let s = 0; s < segments; s++) {
    if (point > view.getUint16(four + 14 + 2 * s)) continue;
    const start = view.getUint16(four + 16 + 2 * segments + 2 * s);
    const delta = view.getUint16(four + 16 + 4 * segments + 2 * s);
    const place = four + 16 + 6 * segments + 2 * s;
    const offset = view.getUint16(place);
    const glyph =
      offset === 0 ? (point + delta) & 0xffff : view.getUint16(place + offset + 2 * (point - start));
    return view.getUint16(tables.get("hmtx")! + 4 * glyph) / view.getUint16(tables.get("head")! + 18);
  }
  throw new Error(`no segment for ${point}`);
}

test("widths of printable ASCII are the font's advances", () => {
  const font = shippedFonts()[0]!;
  for (let point = 32; point < 127; point++) {
    expect(textWidth(String.fromCodePoint(point), 1), `U+${point.toString(16)}`).toBeCloseTo(
      advance(font, point),
      2,
    );
  }
});

test("a line is the sum of its characters, and room is a tenth more", () => {
  expect(textWidth("N=Z", 10)).toBeCloseTo(textWidth("N", 10) + textWidth("=", 10) + textWidth("Z", 10), 12);
  expect(textRoom("abc", 12) / textWidth("abc", 12)).toBeCloseTo(1.1, 12);
});
