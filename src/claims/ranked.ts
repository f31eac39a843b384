import { UserError } from "../core/errors.ts";
import { spearman } from "../stats/correlation.ts";
import { defined, matchNames } from "./comparison.ts";

/** Values with a name each, and the claim they belong to. */
interface Named {
  id: string;
  names: readonly string[];
  values: readonly number[];
}

/**
 * Spearman's correlation of two lists of named values, and the second list in the order of the first.
 * @throws UserError where the names differ, there are fewer than two, or one side is the same everywhere.
 */
export function rankAgreement(a: Named, b: Named, what: string): { rho: number; ordered: number[] } {
  const order = matchNames(a.names, b.names, { a: a.id, b: b.id, what });
  if (order.length < 2) throw new UserError(`compare: '${a.id}' has one entry; ranks need at least two`);
  const ordered = order.map((i) => b.values[i]!);
  const flat = new Set(a.values).size === 1 ? a.id : b.id;
  const rho = defined(spearman(a.values, ordered), flat, "all values are equal, so there is nothing to rank");
  return { rho, ordered };
}
