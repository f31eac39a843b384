import { skeleton } from "../../../expressions/canonical.ts";
import type { Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { type SizedTerm, sharedTerms, sizedTerms } from "./agreement.ts";

/** The formula that another search chose, beside the first. */
export interface Version {
  /** "seed 2", "resampled rows 3". */
  name: string;
  expression: Expression;
  complexity: number;
  /** The canonical form without the values of its constants. */
  skeleton: string;
  /** Is that the first formula's? */
  same: boolean;
  /** Terms shared with the first formula, weighted by their size (see `sharedTerms`). */
  agreement: number;
}

/** A version of `first`, both looked at on the same columns. */
export function versionOf(
  name: string,
  { expression, complexity }: { expression: Expression; complexity: number },
  first: { skeleton: string; terms: readonly SizedTerm[] },
  columns: readonly Float64Array[],
  operators: OperatorSet,
): Version {
  const own = skeleton(expression, { operators });
  return {
    name,
    expression,
    complexity,
    skeleton: own,
    same: own === first.skeleton,
    agreement: sharedTerms(first.terms, sizedTerms(expression, columns, operators)),
  };
}
