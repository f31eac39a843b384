import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { UserError } from "../core/errors.ts";
import { shippedFonts } from "./fonts.ts";

const require = createRequire(import.meta.url);

let ready: Promise<void> | undefined;

/**
 * An SVG document as PNG bytes at `scale` times its size (default 2, for dense screens and print). Text is set in the
 * shipped Inter and never in a font of the system, so that the same SVG gives the same bytes on every machine.
 * @throws UserError when `svg` is not a well-formed SVG document.
 */
export async function toPng(svg: string, options: { scale?: number } = {}): Promise<Uint8Array> {
  const { scale = 2 } = options;
  if (!(scale > 0 && scale <= 16)) {
    throw new UserError(`toPng: scale must be above 0 and at most 16, got ${scale}`);
  }
  ready ??= initWasm(readFileSync(require.resolve("@resvg/resvg-wasm/index_bg.wasm")));
  await ready;
  let picture: InstanceType<typeof Resvg> | undefined;
  try {
    picture = new Resvg(svg, {
      fitTo: { mode: "zoom", value: scale },
      background: "#ffffff",
      font: {
        fontBuffers: shippedFonts(),
        defaultFontFamily: "Inter",
        sansSerifFamily: "Inter",
        serifFamily: "Inter",
        monospaceFamily: "Inter",
      },
    });
    const image = picture.render();
    const bytes = image.asPng();
    image.free();
    return bytes;
  } catch (cause) {
    throw new UserError(
      `toPng: cannot draw this SVG: ${String(cause)}; it starts with ${JSON.stringify(svg.slice(0, 60))}`,
      { cause },
    );
  } finally {
    picture?.free();
  }
}
