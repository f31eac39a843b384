import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { exampleDots } from "../../test/report/example.ts";
import { UserError } from "../core/errors.ts";
import { toPng } from "./png.ts";
import { renderPlot } from "./render-plot.ts";
import { standaloneSvg } from "./svg.ts";

const written = (text: string, attributes = "") =>
  standaloneSvg({
    width: 200,
    height: 40,
    title: "t",
    description: "",
    content: `<text x="10" y="25" ${attributes}>${text}</text>`,
  });

/** Oracle: PNG decoded by hand (8-bit RGBA or RGB, the five row filters of the PNG specification, section 9). */
function decode(png: Uint8Array): { width: number; height: number; dark: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const channels = { 2: 3, 6: 4 }[view.getUint8(25)]!;
  const parts: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === 0x49444154) parts.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  let above = new Uint8Array(stride);
  let dark = 0;
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    const row = Uint8Array.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const a = i < channels ? 0 : row[i - channels]!;
      const b = above[i]!;
      const c = i < channels ? 0 : above[i - channels]!;
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      row[i] = row[i]! + [0, a, b, (a + b) >> 1, paeth][filter]!;
    }
    for (let x = 0; x < width; x++) if (row[x * channels]! < 128) dark++;
    above = row;
  }
  return { width, height, dark };
}

test("text is drawn though no font of the system is read, heavier in semi-bold", async () => {
  const blank = decode(await toPng(written("")));
  const regular = decode(await toPng(written("Residual (keV) −α₂")));
  const bold = decode(await toPng(written("Residual (keV) −α₂", 'font-weight="600"')));
  expect(blank.dark).toBe(0);
  expect(regular.dark).toBeGreaterThan(400);
  expect(bold.dark).toBeGreaterThan(regular.dark * 1.1);
});

test("another font's name changes nothing: there is only the shipped one", async () => {
  const sans = await toPng(written("Text", 'font-family="DejaVu Sans"'));
  expect(Buffer.from(sans).equals(Buffer.from(await toPng(written("Text"))))).toBe(true);
});

test("a figure is twice its size by default, on white, and the same bytes each time", async () => {
  const svg = renderPlot(exampleDots("png"));
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
  const png = await toPng(svg);
  const seen = decode(png);
  expect([seen.width, seen.height]).toEqual([2 * Number(width), 2 * Number(height)]);
  expect(seen.dark).toBeGreaterThan(1000);
  expect(Buffer.from(png).equals(Buffer.from(await toPng(svg)))).toBe(true);
  expect(decode(await toPng(svg, { scale: 1 })).width).toBe(Number(width));
});

test.each([0, -1, Number.NaN, 17])("scale %d is refused", async (scale) => {
  await expect(toPng(written("a"), { scale })).rejects.toThrow(UserError);
});

test.each(["", "not svg", "<svg", "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>"])(
  "%j is refused and the next picture still works",
  async (svg) => {
    await expect(toPng(svg)).rejects.toThrow(/toPng: cannot draw/);
    expect((await toPng(written("a"))).length).toBeGreaterThan(100);
  },
);
