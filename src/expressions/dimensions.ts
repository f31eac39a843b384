import { UserError } from "../core/errors.ts";
import { evaluate } from "./evaluate.ts";
import { type Expression, variablesOf } from "./expression.ts";
import { type DimensionRule, type OperatorSet, operatorNamed } from "./operator.ts";
import { print } from "./print.ts";
import { standardOperators } from "./standard-operators.ts";

/** A physical dimension: powers of base units, in an order that the caller chooses (m, kg, s …). */
export type Dimension = readonly number[];

export interface DimensionOptions {
  operators?: OperatorSet;
  /** The dimension that the whole should have. */
  target?: Dimension;
  /** Constants take whatever dimension is missing (default), or are pure numbers (strict). */
  constants?: "wildcard" | "dimensionless";
  /** Names of base units and variables, for messages. */
  units?: readonly string[];
  names?: readonly string[];
}

export interface DimensionReport {
  /** What does not balance, in words, with the part of the expression. */
  violations: string[];
  /** How often a constant had to take a dimension other than a pure number for the expression to balance. */
  absorbed: number;
  /** The dimension of the whole, before a free constant in it is adapted to the target. */
  dimension: Dimension;
}

/** A dimension; `wild` if a factor in it is a constant that can still change it. */
interface Value {
  powers: Dimension;
  wild: boolean;
}

/**
 * Whether an expression balances in its dimensions, variable i having `variables[i]`: sums and comparisons want equal
 * dimensions, powers multiply them by a fixed exponent, functions such as exp want pure numbers. A constant adopts
 * what is missing and is counted; in strict mode it is a pure number.
 * @throws UserError for a variable without a dimension, or dimensions of different lengths.
 */
export function checkDimensions(
  expression: Expression,
  variables: readonly Dimension[],
  options: DimensionOptions = {},
): DimensionReport {
  const { operators = standardOperators, target, constants = "wildcard", units, names } = options;
  const length = (target ?? variables[0] ?? []).length;
  const pure: Dimension = Array.from({ length }, () => 0);
  variables.forEach((d, i) => {
    if (d.length === length) return;
    throw new UserError(`checkDimensions: variable ${i} has ${d.length} powers; expected ${length}.`);
  });
  const violations: string[] = [];
  let absorbed = 0;
  const text = (node: Expression) => print(node, { operators, digits: 4, ...(names && { names }) });
  const unit = (d: Dimension) => dimensionText(d, units);

  /** Makes two values agree; the dimension they agree on. */
  const agree = (a: Value, b: Value, where: Expression): Value => {
    if (same(a.powers, b.powers)) return { powers: a.powers, wild: a.wild && b.wild };
    if (a.wild || b.wild) {
      absorbed++;
      return a.wild ? b : a;
    }
    violations.push(`${text(where)}: ${unit(a.powers)} and ${unit(b.powers)} do not go together`);
    return a;
  };
  const wantPure = (a: Value, where: Expression) => {
    if (same(a.powers, pure)) return;
    if (a.wild) absorbed++;
    else violations.push(`${text(where)}: needs a pure number, got ${unit(a.powers)}`);
  };
  const visit = (node: Expression): Value => {
    if (node.kind === "constant") return { powers: pure, wild: constants === "wildcard" };
    if (node.kind === "variable") {
      const powers = variables[node.index];
      if (powers !== undefined) return { powers, wild: false };
      throw new UserError(
        `checkDimensions: variable ${node.index} has no dimension; ${variables.length} were given.`,
      );
    }
    const args = node.args.map(visit);
    const operator = operatorNamed(operators, node.operator, "checkDimensions");
    const how: DimensionRule = operator.dimension ?? { rule: "dimensionless" };
    switch (how.rule) {
      case "exponents":
        return {
          powers: pure.map((_, k) => args.reduce((s, a, i) => s + a.powers[k]! * how.exponents[i]!, 0)),
          wild: args.some(({ wild }) => wild),
        };
      case "equal":
        return args.reduce((a, b) => agree(a, b, node));
      case "comparison":
        args.reduce((a, b) => agree(a, b, node));
        return { powers: pure, wild: false };
      case "power": {
        const [base, exponent] = [args[0]!, node.args[1]!];
        if (variablesOf(exponent).length === 0) {
          const power = evaluate(exponent, [], operators);
          return { powers: base.powers.map((p) => p * power), wild: base.wild };
        }
        wantPure(base, node.args[0]!);
        wantPure(args[1]!, exponent);
        return { powers: pure, wild: false };
      }
      case "any":
        return { powers: pure, wild: false };
      case "dimensionless":
        args.forEach((a, i) => {
          wantPure(a, node.args[i]!);
        });
        return { powers: pure, wild: false };
    }
  };
  const whole = visit(expression);
  if (target !== undefined && !same(whole.powers, target)) {
    if (whole.wild) absorbed++;
    else violations.push(`${text(expression)}: has ${unit(whole.powers)}, expected ${unit(target)}`);
  }
  return { violations, absorbed, dimension: whole.powers };
}

const same = (a: Dimension, b: Dimension) => a.every((p, i) => Math.abs(p - b[i]!) < 1e-9);

function dimensionText(d: Dimension, units: readonly string[] | undefined): string {
  const parts = d.flatMap((p, i) => {
    const name = units?.[i] ?? `u${i}`;
    const power = String(Number(p.toPrecision(4)));
    return p === 0 ? [] : [power === "1" ? name : `${name}^${power}`];
  });
  return parts.length === 0 ? "a pure number" : parts.join(" ");
}
