import type { Language } from "./operator.ts";

const special: Record<Language, { infinity: string; nan: string }> = {
  text: { infinity: "inf", nan: "nan" },
  latex: { infinity: "\\infty", nan: "\\mathrm{NaN}" },
  sympy: { infinity: "oo", nan: "nan" },
  julia: { infinity: "Inf", nan: "NaN" },
  c: { infinity: "INFINITY", nan: "NAN" },
  typescript: { infinity: "Infinity", nan: "NaN" },
};

/**
 * A number as a literal of the language, to `digits` significant digits or all that are needed. In C and Julia it is
 * always a floating-point literal, so that a division stays one.
 */
export function numberText(value: number, language: Language, digits?: number): string {
  if (Number.isNaN(value)) return special[language].nan;
  if (!Number.isFinite(value)) return `${value < 0 ? "-" : ""}${special[language].infinity}`;
  const rounded = digits === undefined ? value : Number(value.toPrecision(digits));
  const text = Object.is(rounded, -0) ? "-0" : String(rounded);
  if (language === "latex") {
    const [mantissa, exponent] = text.split("e");
    if (exponent === undefined) return text;
    const power = `10^{${exponent.replace("+", "")}}`;
    return mantissa === "1" ? `1 \\cdot ${power}` : `${mantissa} \\cdot ${power}`;
  }
  if (language !== "c" && language !== "julia") return text.replace("e+", "e");
  return /[.e]/.test(text) ? text.replace("e+", "e") : `${text}.0`;
}
