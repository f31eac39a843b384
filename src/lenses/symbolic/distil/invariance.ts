import { UserError } from "../../../core/errors.ts";
import { ranks } from "../../../stats/ranks.ts";
import type { Objective, ObjectiveSource } from "../search/contract.ts";

/** Which rows belong to one orbit: a number for each row. */
export interface Orbits {
  orbit: ArrayLike<number>;
}

/**
 * Variance of the ranks of φ within orbits over their variance in all: 0 for a conserved quantity that tells orbits
 * apart, near 1 for one that says nothing of them. Ranks, so that every monotone function of φ counts the same: values
 * would favour functions that are flat where the noise is. For a constant φ it is not a number: a constant is conserved
 * and says nothing.
 */
export function withinShare(phi: ArrayLike<number>, { orbit }: Orbits, rows?: Int32Array): number {
  const n = phi.length;
  const values = ranks(phi);
  const sums = new Map<number, { count: number; sum: number }>();
  let all = 0;
  for (let i = 0; i < n; i++) {
    const key = orbit[rows === undefined ? i : rows[i]!]!;
    const entry = sums.get(key);
    if (entry) {
      entry.count++;
      entry.sum += values[i]!;
    } else sums.set(key, { count: 1, sum: values[i]! });
    all += values[i]!;
  }
  const mean = all / n;
  let within = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const { count, sum } = sums.get(orbit[rows === undefined ? i : rows[i]!]!)!;
    within += (values[i]! - sum / count) ** 2;
    total += (values[i]! - mean) ** 2;
  }
  return total > 0 ? within / total : Number.NaN;
}

/** The objective of a search for a conserved quantity. @throws UserError for a single orbit. */
export function invarianceObjective(orbits: Orbits): Objective {
  if (new Set(Array.from(orbits.orbit)).size < 2) {
    throw new UserError(
      "invarianceObjective: one orbit; expected at least two, to tell a conserved quantity from a constant",
    );
  }
  return ({ values, rows }) => withinShare(values, orbits, rows);
}

/** The same as a source that worker threads load. */
export function invarianceSource(orbits: Orbits): ObjectiveSource {
  return { module: import.meta.url, fn: "invarianceObjective", input: orbits };
}
