import { constantsOf, type Expression, withConstants } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { simplify } from "../../../expressions/simplify.ts";
import type { Assessment } from "./assess.ts";
import { isWhole, type Refit } from "./refit.ts";

/**
 * A constant is tried as a whole number within so many of its standard errors at fixed other constants. Those are small
 * where constants go together; what decides is the description after the others were fitted again.
 */
const within = 20;

/**
 * The formula with constants that the data do not tell from whole numbers (−10 … 10) put to these, simplified and
 * the others fitted again, as long as the description gets shorter; the constant nearest to its number (in units of its
 * precision) first. Returns the formula itself where none is.
 */
export function roundConstants(
  start: Assessment,
  {
    assess,
    refit,
    operators,
  }: {
    assess: (expression: Expression) => Assessment | undefined;
    refit: Refit;
    operators: OperatorSet;
  },
): Assessment {
  let best = start;
  for (let round = 0; round < 8; round++) {
    const values = constantsOf(best.expression);
    const near = values
      .map((value, k) => {
        const whole = Math.round(value);
        return { k, whole, distance: Math.abs(value - whole) * Math.sqrt(best.information[k]!) };
      })
      .filter(({ k, whole, distance }) => values[k] !== whole && isWhole(whole) && distance < within)
      .sort((a, b) => a.distance - b.distance);
    let better: Assessment | undefined;
    for (const { k, whole } of near) {
      const put = simplify(withConstants(best.expression, values.with(k, whole)), { operators });
      const made = refit(put);
      const trial = made && assess(made);
      if (trial && trial.descriptionLength.total < best.descriptionLength.total - 1e-9) {
        better = trial;
        break;
      }
    }
    if (better === undefined) return best;
    best = better;
  }
  return best;
}
