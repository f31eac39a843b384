import { shippedFonts } from "./fonts.ts";

let held: Set<number> | undefined;

/**
 * The characters of the text of `svg` that the shipped font cannot draw, each once: they would be blank in the PNG.
 */
export function missingGlyphs(svg: string): string[] {
  held ??= coverage(shippedFonts()[0]!);
  const missing = new Set<string>();
  for (const [, text = ""] of svg.matchAll(/>([^<]+)</g)) {
    const plain = text
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
      .replace(/\s/g, "");
    for (const character of plain) if (!held.has(character.codePointAt(0)!)) missing.add(character);
  }
  return [...missing];
}

/** Code points with a glyph, from a TrueType font's `cmap` table (OpenType 1.9, formats 4 and 12). */
function coverage(font: Uint8Array): Set<number> {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const points = new Set<number>();
  const tables = view.getUint16(4);
  for (let i = 0; i < tables; i++) {
    const record = 12 + 16 * i;
    if (view.getUint32(record) !== 0x636d6170) continue;
    const cmap = view.getUint32(record + 8);
    for (let k = 0; k < view.getUint16(cmap + 2); k++) {
      const table = cmap + view.getUint32(cmap + 8 + 8 * k);
      const format = view.getUint16(table);
      if (format === 4) addSegments(view, table, points);
      if (format === 12) addGroups(view, table, points);
    }
  }
  return points;
}

function addSegments(view: DataView, table: number, points: Set<number>): void {
  const length = view.getUint16(table + 6);
  for (let k = 0; k < length; k += 2) {
    const end = view.getUint16(table + 14 + k);
    const start = view.getUint16(table + 16 + length + k);
    for (let point = start; point <= end && point !== 0xffff; point++) points.add(point);
  }
}

function addGroups(view: DataView, table: number, points: Set<number>): void {
  for (let k = 0; k < view.getUint32(table + 12); k++) {
    const group = table + 16 + 12 * k;
    for (let point = view.getUint32(group); point <= view.getUint32(group + 4); point++) points.add(point);
  }
}
