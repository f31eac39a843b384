import { normalForm, skeleton } from "../../../expressions/canonical.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import type { Expression } from "../../../expressions/expression.ts";
import { sum, type Term } from "../../../expressions/normal-form.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { rebuild } from "../../../expressions/rebuild.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { rms } from "../../../stats/describe.ts";

/** A term of a formula's canonical form: its text without constants, and its size on the data with its sign. */
export interface SizedTerm {
  term: string;
  size: number;
}

/**
 * The terms of an expression's canonical form with their sizes: the RMS of the term's values over the rows (about 0),
 * with the sign of its coefficient. Terms of one skeleton are added up.
 */
export function sizedTerms(
  expression: Expression,
  columns: readonly Float64Array[],
  operators: OperatorSet = standardOperators,
): SizedTerm[] {
  const sizes = new Map<string, number>();
  for (const term of normalForm(expression, operators).terms) {
    const unit = alone({ ...term, coefficient: 1 }, operators);
    const key = unit === undefined ? term.key : skeleton(unit, { operators });
    const size = unit === undefined ? 1 : rms(evaluateRows(unit, columns, operators).filter(Number.isFinite));
    sizes.set(key, (sizes.get(key) ?? 0) + term.coefficient * size);
  }
  return [...sizes].map(([term, size]) => ({ term, size }));
}

const alone = (term: Term, operators: OperatorSet) => rebuild(sum([term]), operators);

/**
 * How much two formulas share: Σ min/Σ max of the sizes of their terms (Jaccard's index with weights), over the terms
 * of both canonical forms. 1 for the same law with the same constants, 0 where no term is common.
 */
export function sharedTerms(a: readonly SizedTerm[], b: readonly SizedTerm[]): number {
  const other = new Map(b.map(({ term, size }) => [term, size]));
  let least = 0;
  let most = 0;
  for (const { term, size } of a) {
    const own = other.get(term) ?? 0;
    other.delete(term);
    const sameSign = own * size > 0;
    least += sameSign ? Math.min(Math.abs(own), Math.abs(size)) : 0;
    most += sameSign ? Math.max(Math.abs(own), Math.abs(size)) : Math.abs(own) + Math.abs(size);
  }
  for (const size of other.values()) most += Math.abs(size);
  return most === 0 ? 1 : least / most;
}
