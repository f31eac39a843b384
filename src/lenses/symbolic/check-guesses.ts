import { UserError } from "../../core/errors.ts";
import { checkDimensions } from "../../expressions/dimensions.ts";
import { type Expression, nodes } from "../../expressions/expression.ts";
import type { OperatorSet } from "../../expressions/operator.ts";
import { print } from "../../expressions/print.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import { siUnits } from "../../units/si.ts";
import type { SearchProblem } from "./search/contract.ts";

/**
 * Checks that a search can start from each guess.
 * @throws UserError naming the formula and the operator that the search does not have, or what does not balance in it:
 *   the search would leave such a formula out.
 */
export function checkGuesses(
  guesses: readonly Expression[],
  operators: OperatorSet,
  { names, dimensions }: SearchProblem,
): void {
  for (const guess of guesses) {
    const text = print(guess, { names, operators: new Map([...standardOperators, ...operators]) });
    for (const node of nodes(guess)) {
      if (node.kind !== "call" || operators.has(node.operator)) continue;
      throw new UserError(
        `symbolic lens: the guess ${text} holds '${node.operator}', which is not among the operators of the search: ${[...operators.keys()].join(", ")}`,
      );
    }
    if (dimensions === undefined) continue;
    const { violations } = checkDimensions(guess, dimensions.columns, {
      operators,
      target: dimensions.target,
      constants: dimensions.strict === true ? "dimensionless" : "wildcard",
      names,
      units: siUnits.base,
    });
    if (violations.length > 0) {
      throw new UserError(
        `symbolic lens: the guess ${text} does not balance in its units: ${violations.join("; ")}`,
      );
    }
  }
}
