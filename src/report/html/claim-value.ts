import type { Claim } from "../../claims/claim.ts";
import { escapeMarkup } from "../escape.ts";
import { toMathml } from "../math.ts";
import { formatNumber } from "../number-format.ts";

/** Of lists with more entries than this the report says only how long they are. */
const listed = 12;

/** What a claim holds, for reading: a number with its uncertainty, a formula, a short list. */
export function claimValueHtml(claim: Claim): string {
  switch (claim.kind) {
    case "equation":
      return `<div class="formula">${toMathml(claim.tex)}</div>${constants(claim)}`;
    case "count": {
      const { value, range, uncertainty } = claim;
      const open = uncertainty ? `, ${uncertainty.low} to ${uncertainty.high} not excluded` : "";
      return line(`${claim.of}: ${value} (possible ${range.low} to ${range.high}${open})`);
    }
    case "critical value":
      return line(`${claim.parameter} = ${number(claim.value, claim.uncertainty, claim.unit)}`);
    case "relevance":
      return list("variables", claim.variables, claim.values, claim.uncertainty, claim.unit);
    case "coupling":
      return line(`${claim.variables.length} × ${claim.variables.length} couplings`);
    case "concept":
    case "influence":
    case "reliability":
      return list("points", claim.points, claim.values, claim.uncertainty, claim.unit);
  }
}

function constants({ constants: found }: Extract<Claim, { kind: "equation" }>): string {
  if (found.length === 0) return "";
  return line(
    found
      .map(({ name, value, uncertainty, unit }) => `${name} = ${number(value, uncertainty, unit)}`)
      .join("; "),
  );
}

function list(
  what: string,
  names: readonly string[],
  values: readonly number[],
  spread: readonly number[] | null,
  unit: string,
): string {
  if (names.length > listed) return line(`${formatNumber(names.length)} ${what}${unit && `, in ${unit}`}`);
  return line(names.map((name, i) => `${name}: ${number(values[i]!, spread?.[i] ?? null, unit)}`).join("; "));
}

function number(value: number, uncertainty: number | null, unit: string): string {
  const spread = uncertainty === null ? "" : ` ± ${formatNumber(uncertainty, 2)}`;
  return `${formatNumber(value)}${spread}${unit && ` ${unit}`}`;
}

function line(text: string): string {
  return `<p class="about">${escapeMarkup(text)}</p>`;
}
