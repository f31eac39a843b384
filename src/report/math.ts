import katex from "katex";
import { UserError } from "../core/errors.ts";

/**
 * A formula in TeX as MathML, which browsers set themselves: no fonts, no styles, no script.
 * @throws UserError that names the formula and where KaTeX stopped reading it.
 */
export function toMathml(tex: string, options: { display?: boolean } = {}): string {
  let markup: string;
  try {
    markup = katex.renderToString(tex, {
      output: "mathml",
      displayMode: options.display ?? true,
      throwOnError: true,
      strict: "ignore",
      trust: false,
    });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`formula ${JSON.stringify(tex)} is not TeX that KaTeX reads: ${said}`, { cause });
  }
  return markup.replace(/^<span class="katex">/, "").replace(/<\/span>$/, "");
}
