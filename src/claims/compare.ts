import { UserError } from "../core/errors.ts";
import { type Claim, checkClaim } from "./claim.ts";
import type { Comparison } from "./comparison.ts";
import { compareConcept } from "./kinds/concept.ts";
import { compareCount } from "./kinds/count.ts";
import { compareCoupling } from "./kinds/coupling.ts";
import { compareCriticalValue } from "./kinds/critical-value.ts";
import { compareEquation } from "./kinds/equation.ts";
import { compareInfluence } from "./kinds/influence.ts";
import { compareRelevance } from "./kinds/relevance.ts";
import { compareReliability } from "./kinds/reliability.ts";

type Comparer = (a: never, b: never) => Comparison;

const comparers: Readonly<Record<Claim["kind"], Comparer>> = {
  relevance: compareRelevance,
  coupling: compareCoupling,
  concept: compareConcept,
  equation: compareEquation,
  count: compareCount,
  "critical value": compareCriticalValue,
  influence: compareInfluence,
  reliability: compareReliability,
};

/**
 * Compares two claims of one kind; `b` is the reference where the measure needs one (the known truth, the other run).
 * Variables, points and items are matched by name. What agreement means for each kind stands with the kind.
 * @throws UserError where kinds, units, variables or points differ, and where there is nothing to compare.
 */
export function compare(a: Claim, b: Claim): Comparison {
  checkClaim(a);
  checkClaim(b);
  if (a.kind !== b.kind) {
    throw new UserError(
      `compare: '${a.id}' is a ${a.kind} and '${b.id}' a ${b.kind}; only claims of one kind can be compared`,
    );
  }
  return comparers[a.kind](a as never, b as never);
}
