import * as d3 from "d3";

/**
 * A number for reading: at most `digits` significant digits, a true minus sign, thousands set apart, a
 * power of ten beyond 10⁶ and below 10⁻⁴. NaN is "–".
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return minus(d3.format(",d")(value));
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return powerOfTen(value, digits);
  return minus(d3.format(`,.${digits}~r`)(value));
}

/** "15.420 ± 0.020": both to the second significant digit of the uncertainty. */
export function formatWithUncertainty(value: number, uncertainty: number): string {
  if (!(uncertainty > 0) || !Number.isFinite(value) || !Number.isFinite(uncertainty)) {
    return `${formatNumber(value, 6)} ± ${formatNumber(uncertainty, 2)}`;
  }
  const places = 1 - Math.floor(Math.log10(Number(uncertainty.toPrecision(2))));
  if (places > 8 || Math.abs(value) >= 1e9)
    return `${formatNumber(value, 6)} ± ${formatNumber(uncertainty, 2)}`;
  const round = (x: number) =>
    minus(d3.format(`,.${Math.max(0, places)}f`)(places < 0 ? Number(x.toPrecision(6)) : x));
  return `${round(value)} ± ${round(uncertainty)}`;
}

function powerOfTen(value: number, digits: number): string {
  const [mantissa = "", exponent = ""] = d3
    .format(`.${digits - 1}~e`)(value)
    .replace("−", "-")
    .split("e");
  const raised = [...String(Number(exponent))].map((c) => superscripts[c] ?? c).join("");
  const factor = mantissa === "1" ? "" : mantissa === "-1" ? "−" : `${minus(mantissa)} × `;
  return `${factor}10${raised}`;
}

const superscripts: Record<string, string> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

function minus(text: string): string {
  return text.replace(/^-/, "−");
}
