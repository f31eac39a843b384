import { UserError } from "../core/errors.ts";
import { type Random, random } from "../core/random.ts";
import { canonicalKey } from "./canonical.ts";
import { evaluate } from "./evaluate.ts";
import { type Expression, variablesOf } from "./expression.ts";
import type { OperatorSet } from "./operator.ts";
import { standardOperators } from "./standard-operators.ts";

export interface EquivalenceOptions {
  operators?: OperatorSet;
  /** Where the variables are drawn, by index. Default: signs and sizes from 0.1 to 10, half of the points positive. */
  ranges?: readonly (readonly [number, number])[];
  /** Points where both must be defined. Default 64. */
  points?: number;
  /** Largest |a − b| in units of the sizes that occur in them. Default 1e-9. */
  tolerance?: number;
  random?: Random;
}

export interface Equivalence extends ValueComparison {
  /** The same canonical form: equal by algebra. */
  symbolic: boolean;
}

export interface ValueComparison {
  /** Equal at every point where both are defined; undefined if there were too few such points. */
  numeric: boolean | undefined;
  /** Points where both were defined. */
  points: number;
  /** Points where only one was: the domains differ. */
  oneSided: number;
  /** The largest relative difference. */
  worst: number;
  /** The point of it. */
  witness: number[];
}

/**
 * Whether two expressions are the same function: by canonical form, and by values (`compareValues`).
 * @throws UserError as `compareValues`.
 */
export function equivalent(a: Expression, b: Expression, options: EquivalenceOptions = {}): Equivalence {
  const { operators = standardOperators } = options;
  const symbolic = canonicalKey(a, { operators }) === canonicalKey(b, { operators });
  return { symbolic, ...compareValues(a, b, options) };
}

/**
 * Two expressions at random points of their common domain (up to 40 draws a point are made to find it). A difference
 * is measured relative to the values and, against cancellation, a thousandth of the largest intermediate value.
 * @throws UserError for a range that is not low ≤ high, or a variable without one.
 */
export function compareValues(
  a: Expression,
  b: Expression,
  options: EquivalenceOptions = {},
): ValueComparison {
  const { operators = standardOperators, ranges, points = 64, tolerance = 1e-9 } = options;
  const rng = options.random ?? random(1, "equivalent");
  const used = [...new Set([...variablesOf(a), ...variablesOf(b)])];
  for (const index of used) {
    const range = ranges?.[index];
    if (ranges !== undefined && (range === undefined || !(range[0] <= range[1]))) {
      throw new UserError(
        `equivalent: the range of variable ${index} is ${range?.join(" … ") ?? "missing"}; expected [low, high].`,
      );
    }
  }
  const values = new Float64Array((used.length > 0 ? Math.max(...used) : -1) + 1);
  const result: ValueComparison = {
    numeric: undefined,
    points: 0,
    oneSided: 0,
    worst: 0,
    witness: [],
  };
  for (let draw = 0; draw < 40 * points && result.points < points; draw++) {
    for (const index of used) {
      const range = ranges?.[index];
      values[index] =
        range === undefined
          ? 10 ** (2 * rng.uniform() - 1) * (draw % 2 === 1 && rng.uniform() < 0.5 ? -1 : 1)
          : range[0] + (range[1] - range[0]) * rng.uniform();
    }
    const left = evaluate(a, values, operators);
    const right = evaluate(b, values, operators);
    if (Number.isFinite(left) !== Number.isFinite(right)) result.oneSided++;
    if (!Number.isFinite(left) || !Number.isFinite(right)) continue;
    result.points++;
    const inside = Math.min(largestInside(a, values, operators), largestInside(b, values, operators));
    const scale = Math.max(Math.abs(left), Math.abs(right), inside * 1e-3, Number.MIN_VALUE);
    const difference = Math.abs(left - right) / scale;
    if (difference > result.worst) {
      result.worst = difference;
      result.witness = [...values];
    }
  }
  if (result.points >= Math.min(8, points)) result.numeric = result.worst <= tolerance;
  return result;
}

/** The largest finite size of any part of the expression. */
function largestInside(expression: Expression, values: Float64Array, operators: OperatorSet): number {
  let largest = 0;
  const visit = (node: Expression): number => {
    const value =
      node.kind === "call"
        ? operators.get(node.operator)!.evaluate(...node.args.map(visit))
        : evaluate(node, values, operators);
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    return value;
  };
  visit(expression);
  return largest;
}
