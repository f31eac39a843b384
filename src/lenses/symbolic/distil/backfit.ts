import { evaluateRows } from "../../../expressions/evaluate.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import { call, constant, type Expression, withConstants } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { toPostfix } from "../../../expressions/postfix.ts";
import { fitConstants } from "../search/fit.ts";

/**
 * Fits all constants of a sum of formulas to a target, one formula after the other to what the others leave (backfitting,
 * Friedman & Stuetzle, J. Am. Stat. Assoc. 76 (1981) 817): least squares of all constants at once gets stuck where
 * formulas hold sines and exponentials of one another. Each formula gets a factor and an offset of its own.
 * @param operators must hold add and mul. @param sweeps default 8. @returns the parts, whose sum is the fit.
 */
export function backfit(
  formulas: readonly Expression[],
  columns: readonly Float64Array[],
  target: Float64Array,
  operators: OperatorSet,
  sweeps = 8,
): Expression[] {
  const parts = formulas.map(
    (formula) => call("add", call("mul", constant(1), formula), constant(0)) as Expression,
  );
  const values = parts.map((part) => evaluateRows(part, columns, operators));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    parts.forEach((part, c) => {
      const rest = target.map((y, i) => {
        let left = y;
        for (let k = 0; k < parts.length; k++) if (k !== c) left -= values[k]![i]!;
        return left;
      });
      const fit = fitConstants(
        { evaluator: evaluator(columns, { operators, target: rest }), target: rest, weights: undefined },
        toPostfix(part, operators),
        { steps: 60 },
      );
      if (!fit) return;
      parts[c] = withConstants(part, fit.constants);
      values[c] = evaluateRows(parts[c]!, columns, operators);
    });
  }
  return parts;
}
