import { escapeMarkup } from "./escape.ts";
import { ground, ink } from "./palette.ts";

/** The font of every figure: Inter where it is installed (the PNG always has it), else the system's own. */
export const fontFamily = "Inter, system-ui, -apple-system, 'Segoe UI', sans-serif";

/** Size of text in a figure in px; at the default width of 640 px it stays readable in a page's column. */
export const fontSize = 12;

/**
 * A whole SVG document around `content`: namespace, view box, white ground, house font and a text alternative for
 * those who cannot see it.
 */
export function standaloneSvg(options: {
  width: number;
  height: number;
  title: string;
  description: string;
  content: string;
}): string {
  const { width, height, title, description, content } = options;
  const label = escapeMarkup(description === "" ? title : `${title}. ${description}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` role="img" aria-label="${label}" font-family="${fontFamily}" font-size="${fontSize}" color="${ink}"`,
    ` fill="currentColor">`,
    `<rect width="${width}" height="${height}" fill="${ground}"/>${content}</svg>\n`,
  ].join("");
}

/** `value` to two decimals, without trailing zeros and without a negative zero. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}

/** A text element with its `attributes` as they stand. */
export function svgText(text: string, x: number, y: number, attributes = ""): string {
  return `<text x="${px(x)}" y="${px(y)}"${attributes === "" ? "" : ` ${attributes}`}>${escapeMarkup(text)}</text>`;
}
