import type { TokenTable } from "../subject.ts";

/** A table's tokens in words: "neutron number N". */
export function labelOf(table: Pick<TokenTable, "name" | "label">): string {
  return table.label ?? table.name;
}

/** "PC1 score (62 % of variance)". */
export function componentLabel(component: number, share: number): string {
  return `PC${component} score (${percent(share)} of variance)`;
}

/** A share as "62 %", with one decimal below ten. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

/** Title of a list of tokens: "N 40–119". */
export function rangeText(name: string, tokens: readonly number[]): string {
  return `${name} ${tokens[0]}–${tokens.at(-1)}`;
}
