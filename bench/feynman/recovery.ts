import { canonicalKey } from "../../src/expressions/canonical.ts";
import { compareValues } from "../../src/expressions/equivalent.ts";
import { call, constant, type Expression, mapConstants } from "../../src/expressions/expression.ts";
import { simplify } from "../../src/expressions/simplify.ts";
import type { FrontMember } from "../../src/lenses/symbolic/search/contract.ts";
import type { Problem } from "./problems.ts";

export interface Recovery {
  /** The same values to 1e-6 at 256 new points of the problem's ranges. */
  numeric: boolean;
  /** The same canonical form, or that of the squares, constants to eight or ten digits. */
  symbolic: boolean;
}

/** Whether an expression is the problem's formula. */
export function recovery(problem: Problem, found: FrontMember | undefined): Recovery {
  if (found === undefined) return { numeric: false, symbolic: false };
  const { numeric, points } = compareValues(found.expression, problem.truth, {
    ranges: problem.ranges,
    points: 256,
    tolerance: 1e-6,
  });
  const same = numeric === true && points >= 128;
  const alike = (a: Expression, b: Expression) => forms(a).some((form) => forms(b).includes(form));
  const squared = (of: Expression) => call("square", of);
  // With equal values, and so equal signs, equal squares are enough: a root of m² is then m.
  const symbolic =
    same &&
    (alike(found.expression, problem.truth) || alike(squared(found.expression), squared(problem.truth)));
  return { numeric: same, symbolic };
}

const forms = (expression: Expression) =>
  [expression, simplify(expression), round(expression), simplify(round(expression))].map((e) =>
    canonicalKey(e),
  );

const round = (expression: Expression) =>
  mapConstants(expression, (value) => constant(Number(value.toPrecision(8))));
