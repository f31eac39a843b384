import { usageError } from "../../core/errors.ts";
import { operatorNamed } from "../../expressions/operator.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import type { SearchProblem } from "./search/contract.ts";

/**
 * The names of standard operators in a list such as "add,mul,sin".
 * @throws UserError for an unknown name, a name that is there twice, and no operator of two arguments.
 */
export function parseOperators(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usageError(`option 'operators': '${twice}' is there twice`);
  const operators = names.map((name) => operatorNamed(standardOperators, name, "option 'operators'"));
  if (!operators.some(({ arity }) => arity === 2)) {
    throw usageError(
      `option 'operators': '${text}' has no operator of two arguments; expected at least one of add, sub, mul, div`,
    );
  }
  return names;
}

/** An operator of one argument that is not defined on a column as it stands. */
export interface OperatorGap {
  operator: string;
  column: string;
  /** The first such row, from 0, and the column's value there. */
  row: number;
  value: number;
}

/** Where operators of one argument are undefined on the columns: formulas that apply them there are left out. */
export function operatorGaps(
  names: readonly string[],
  problem: Pick<SearchProblem, "columns" | "names">,
): OperatorGap[] {
  return names.flatMap((name) => {
    const { arity, evaluate } = operatorNamed(standardOperators, name, "operatorGaps");
    if (arity !== 1) return [];
    return problem.columns.flatMap((column, i): OperatorGap[] => {
      const row = column.findIndex((value) => !Number.isFinite(evaluate(value)));
      return row < 0 ? [] : [{ operator: name, column: problem.names[i]!, row, value: column[row]! }];
    });
  });
}
