import { normalForm } from "../../../expressions/canonical.ts";
import { withStandard } from "../../../expressions/evaluator.ts";
import { constant, type Expression, mapConstants } from "../../../expressions/expression.ts";
import type { Base, Sum } from "../../../expressions/normal-form.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";

/** Positive numbers without simple relations: what constants stand for while forms are compared. */
const generic = [1.3247, 0.7391, 2.1934, 0.5113, 1.8621, 0.8867, 2.6457, 0.618];

/**
 * A function that gives the key of the family of functions that an expression stands for while its constants are free:
 * two expressions have the same key where a choice of constants turns the canonical form of each into the other's.
 * Undefined where the family has fewer dimensions than constants, c·(c·x), or no variable: something shorter says the
 * same. Below functions constants count as positive: log(c·x) is c + log(x). Families in which one constant stands in
 * several places of the form, c·x + c·y, are told apart more often than they need be: c·(x + y) and (x + y)/c.
 */
export function familyKeys(operators: OperatorSet): (expression: Expression) => string | undefined {
  const all = withStandard(operators);
  return (expression) => {
    let count = 0;
    const form = (moved: number) =>
      normalForm(
        mapConstants(expression, (_, i) => {
          count = Math.max(count, i + 1);
          return constant(generic[i % generic.length]! * (i === moved ? 1 + step : 1));
        }),
        all,
      );
    const base = form(-1);
    if (base.terms.every(({ key }) => key === "")) return undefined;
    const values: number[] = [];
    read(base, (value) => {
      values.push(value);
      return "";
    });
    if (count === 0) return read(base, (value) => value.toPrecision(9));
    const slopes: number[][] = [];
    for (let k = 0; k < count; k++) {
      const row: number[] = [];
      read(form(k), (value) => {
        row.push((value - values[row.length]!) / step);
        return "";
      });
      if (row.length !== values.length) return base.key;
      slopes.push(row);
    }
    const rank = rankOf(slopes);
    if (rank < count) return undefined;
    const varying = values.map((_, i) => slopes.some((row) => Math.abs(row[i]!) > 1e-7));
    const free = rank === varying.filter(Boolean).length;
    let place = 0;
    return read(base, (value) => (varying[place++] && free ? "c" : value.toPrecision(9)));
  };
}

const step = 1e-5;

/** The form as text, its coefficients and exponents written by `number` in a fixed order. */
function read(form: Sum, number: (value: number) => string): string {
  const terms = form.terms.map(({ coefficient, factors }) => {
    const head = number(coefficient);
    const rest = factors.map(({ base, exponent }) => `${readBase(base, number)}^${number(exponent)}`);
    return [head, ...rest].join("*");
  });
  return `(${terms.join("+")})`;
}

function readBase(base: Base, number: (value: number) => string): string {
  if (base.kind === "variable") return `x${base.index}`;
  if (base.kind === "sum") return read(base.sum, number);
  return `${base.operator}${base.args.map((arg) => read(arg, number)).join("")}`;
}

/** Rank by elimination with full pivoting, to 1e-4 of the largest element (the elements carry errors of 1e-5). */
function rankOf(rows: readonly (readonly number[])[]): number {
  const left = rows.map((row) => [...row]);
  const largest = Math.max(...left.flat().map(Math.abs), 1e-30);
  let rank = 0;
  while (left.length > 0) {
    let best = { row: 0, column: 0, size: 0 };
    left.forEach((row, i) => {
      row.forEach((value, j) => {
        if (Math.abs(value) > best.size) best = { row: i, column: j, size: Math.abs(value) };
      });
    });
    if (best.size <= 1e-4 * largest) return rank;
    const [pivot] = left.splice(best.row, 1);
    for (const row of left) {
      const factor = row[best.column]! / pivot![best.column]!;
      pivot!.forEach((value, j) => {
        row[j]! -= factor * value;
      });
    }
    rank++;
  }
  return rank;
}
