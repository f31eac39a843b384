import { UserError } from "../../core/errors.ts";
import type { SymbolicSubject } from "../../lenses/symbolic/subject.ts";
import { spearman } from "../../stats/correlation.ts";
import { median } from "../../stats/quantile.ts";

/** Evaluations that a search should have for each variable. */
const perVariable = 10_000;

/**
 * Refuses more variables than the budget can search, and proposes the ones to begin with: those with the largest rank
 * correlation with the target, of the column itself or of its distance from its median. A column that matters only
 * together with another can be missed by such a look.
 * @throws UserError with the proposal as an option to copy.
 */
export function checkVariables({ columns, target }: SymbolicSubject, evaluations: number): void {
  const most = Math.max(3, Math.floor(evaluations / perVariable));
  if (columns.length <= most) return;
  const strength = ({ values }: (typeof columns)[number]) => {
    const centre = median(values);
    const far = Array.from(values, (value) => Math.abs(value - centre));
    return Math.max(Math.abs(spearman(values, target.values)), Math.abs(spearman(far, target.values)) || 0);
  };
  const ranked = columns
    .map((column) => ({ name: column.name, strength: strength(column) }))
    .sort((a, b) => b.strength - a.strength)
    .slice(0, most);
  throw new UserError(
    `${columns.length} columns are too many for searches of ${evaluations} evaluations, which reach about ${most} (${perVariable} each). Screen them: the ${most} with the largest rank correlation with ${target.name} are\n  --columns ${ranked.map(({ name }) => name).join(",")}\n(${ranked.map(({ name, strength: s }) => `${name} ${s.toFixed(2)}`).join(", ")}); or give --evaluations ${columns.length * perVariable}.`,
    { exitCode: 2 },
  );
}
