import { UserError } from "../core/errors.ts";

/** How far two claims of one kind agree. */
export interface Comparison {
  kind: string;
  /** The headline: 1 for the same claim; what 0 and below mean depends on the kind (docs/how-to-read-a-claim.md). */
  agreement: number;
  /** The measure that is the headline. */
  measure: string;
  /** Every measure that could be taken, by name. */
  measures: Record<string, number>;
  /** What could not be compared, and why; what was left out. */
  notes: string[];
}

const printed: Readonly<Record<string, string>> = {
  spearman: "rank correlation",
  pearson: "correlation",
  alignment: "alignment of gradients",
  determination: "coefficient of determination",
  symbolic: "equality of the canonical forms",
};

/** A measure's name for reading: "rank correlation" for "spearman". */
export function measureWords(measure: string): string {
  return printed[measure] ?? measure;
}

/**
 * Where each of `names` stands in `others`: claims are matched by name and not by position.
 * @throws UserError naming what only one of the two has.
 */
export function matchNames(
  names: readonly string[],
  others: readonly string[],
  context: { a: string; b: string; what: string },
): number[] {
  const at = new Map(others.map((name, i) => [name, i]));
  const missing = names.filter((name) => !at.has(name));
  const known = new Set(names);
  const extra = others.filter((name) => !known.has(name));
  if (missing.length > 0 || extra.length > 0) {
    const said = [
      missing.length > 0 ? `only '${context.a}' has ${few(missing)}` : "",
      extra.length > 0 ? `only '${context.b}' has ${few(extra)}` : "",
    ];
    throw new UserError(
      `compare: the ${context.what} of '${context.a}' and '${context.b}' differ: ${said.filter((text) => text !== "").join("; ")}. Restrict both claims to the ones they share`,
    );
  }
  return names.map((name) => at.get(name)!);
}

/** @throws UserError that names `field` if the two claims disagree about it. */
export function demandSame(
  field: string,
  a: { id: string; of: unknown },
  b: { id: string; of: unknown },
): void {
  if (a.of !== b.of) {
    throw new UserError(
      `compare: ${field} of '${a.id}' is ${JSON.stringify(a.of)}, of '${b.id}' ${JSON.stringify(b.of)}; expected the same`,
    );
  }
}

/** `value`, or a UserError that says why there is none. */
export function defined(value: number, id: string, why: string): number {
  if (Number.isNaN(value)) throw new UserError(`compare: ${why}; see claim '${id}'`);
  return value;
}

function few(list: readonly string[]): string {
  const shown = list.slice(0, 5).map((name) => `'${name}'`);
  return list.length > 5 ? `${shown.join(", ")} and ${list.length - 5} more` : shown.join(", ");
}
