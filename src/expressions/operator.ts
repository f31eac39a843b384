import { UserError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Expression } from "./expression.ts";
import type { KernelName } from "./wasm/kernels.ts";

export const languages = ["text", "latex", "sympy", "julia", "c", "typescript"] as const;
export type Language = (typeof languages)[number];

/** Binding strengths in print, from loose to tight. */
export const level = { open: 0, sum: 1, product: 2, power: 4, atom: 5 } as const;

/**
 * How a language writes an operator: `template` with $1, $2 … for the arguments. An argument that binds more loosely
 * than its entry in `args` is put in parentheses; `level` says how tightly the whole binds.
 */
export interface Notation {
  template: string;
  level: number;
  args: readonly number[];
}

/**
 * What an operator asks of its arguments' dimensions, and gives: `exponents` multiplies their powers; `equal` wants
 * the same dimension in all and gives it; `comparison` wants the same and gives a pure number; `power` is xʸ with a
 * dimensionless y; `any` takes all and gives a pure number; `dimensionless` wants and gives pure numbers.
 */
export type DimensionRule =
  | { rule: "exponents"; exponents: readonly number[] }
  | { rule: "equal" | "comparison" | "power" | "any" | "dimensionless" };

/** An operator of expressions. */
export interface Operator {
  name: string;
  arity: number;
  /** Its value; NaN outside its domain. */
  evaluate(...args: number[]): number;
  /** Whether it is defined and finite at these arguments. Default: wherever the value is finite. */
  domain?(...args: number[]): boolean;
  /** What it costs in a weighted complexity. Default 1. */
  complexity?: number;
  commutative?: boolean;
  /** Vector code that computes it. Without one and without `body`, columns are computed by `evaluate`. */
  kernel?: KernelName;
  /** The operator in terms of others: variable i is argument i. Evaluated in its place. */
  body?: Expression;
  /** Partial derivatives by each argument, given the arguments and the expression itself. */
  derivatives?(args: readonly Expression[], self: Expression): readonly Expression[];
  /** The same for numerical gradients, where a limit has to be filled in. Default: `derivatives`. */
  numericDerivatives?(args: readonly Expression[], self: Expression): readonly Expression[];
  dimension?: DimensionRule;
  notation?: Partial<Record<Language, Notation>>;
}

/** Operators by their names. */
export type OperatorSet = ReadonlyMap<string, Operator>;

/**
 * A set of operators.
 * @throws UserError naming an operator that is there twice, has no whole arity from 1, a name that cannot be parsed, or
 *   neither vector code nor a body with more than two arguments.
 */
export function operatorSet(operators: Iterable<Operator>): OperatorSet {
  const set = new Map<string, Operator>();
  for (const operator of operators) {
    const { name, arity } = operator;
    const complain = (what: string) => new UserError(`operatorSet: operator '${name}' ${what}.`);
    if (!/^[A-Za-z_]\w*$/.test(name)) throw complain("needs a name of letters, digits and _");
    if (set.has(name)) throw complain("is there twice");
    if (!Number.isInteger(arity) || arity < 1) throw complain(`has arity ${arity}; expected 1, 2, …`);
    if (arity > 2 && operator.body === undefined) {
      throw complain("has more than two arguments: give its body in terms of other operators");
    }
    set.set(name, operator);
  }
  return set;
}

/**
 * The operator of that name.
 * @throws UserError naming it and the nearest known one.
 */
export function operatorNamed(set: OperatorSet, name: string, where: string): Operator {
  const found = set.get(name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, [...set.keys()]);
  throw new UserError(`${where}: the operator '${name}' is not in the operator set${hint}.`);
}
