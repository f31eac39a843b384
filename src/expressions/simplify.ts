import { normalForm } from "./canonical.ts";
import { complexity } from "./complexity.ts";
import { compareValues } from "./equivalent.ts";
import type { Expression } from "./expression.ts";
import { variablesOf } from "./expression.ts";
import type { OperatorSet } from "./operator.ts";
import { rebuild } from "./rebuild.ts";
import { standardOperators } from "./standard-operators.ts";

export interface SimplifyOptions {
  /** Operators that the result may use. Default: the standard ones. */
  operators?: OperatorSet;
  /** What the rules may read, if the result may use fewer. Default: `operators`. */
  reading?: OperatorSet;
}

/**
 * The shortest of the expression, its normal form, and its normal form multiplied out, by weighted complexity; of equal
 * ones the normal form. Rewritten forms are compared with the original at random points of its domain, and
 * one that differs there is not taken.
 */
export function simplify(expression: Expression, options: SimplifyOptions = {}): Expression {
  const { operators = standardOperators, reading = operators } = options;
  let best = expression;
  let cost = complexity(expression, { operators: reading });
  for (const expand of [0, 16]) {
    const made = rebuild(normalForm(expression, reading, { expand }), operators);
    if (made === undefined) continue;
    const less = complexity(made, { operators: reading });
    const better = less < cost || (less === cost && expand === 0);
    if (better && agrees(expression, made, reading)) {
      best = made;
      cost = less;
    }
  }
  return best;
}

function agrees(a: Expression, b: Expression, operators: OperatorSet): boolean {
  const constantOnly = variablesOf(a).length === 0;
  const { numeric, points } = compareValues(a, b, {
    operators,
    points: constantOnly ? 1 : 12,
    tolerance: 1e-7,
  });
  return points > 0 && numeric !== false;
}
