import { call, constant, type Expression, variable } from "./expression.ts";
import {
  asConstant,
  type Base,
  cosineAsSine,
  type Factor,
  plus,
  type Sum,
  scale,
  sum,
  type Term,
} from "./normal-form.ts";
import type { OperatorSet } from "./operator.ts";
import { standardOperators } from "./standard-operators.ts";

/**
 * A normal form as an expression for reading: differences and quotients instead of negative coefficients and
 * exponents, roots and squares instead of powers, one exponential for each term. Undefined if `operators` cannot
 * express it.
 */
export function rebuild(form: Sum, operators: OperatorSet = standardOperators): Expression | undefined {
  const fails = Symbol("not expressible");
  const make = (name: string, ...args: Expression[]): Expression => {
    if (!operators.has(name)) throw fails;
    return call(name, ...args);
  };
  const has = (name: string) => operators.has(name);

  const whole = (of: Sum): Expression => {
    const number = asConstant(of);
    if (number !== undefined) return constant(number);
    const ordered = [...of.terms].sort((a, b) => Number(b.coefficient > 0) - Number(a.coefficient > 0));
    const [first, ...rest] = constantLast(ordered);
    let total = signed(first!);
    for (const t of rest) {
      if (t.coefficient < 0 && has("sub"))
        total = make("sub", total, single({ ...t, coefficient: -t.coefficient }));
      else total = make("add", total, signed(t));
    }
    return total;
  };
  const signed = (t: Term): Expression => {
    if (t.coefficient === -1 && t.key !== "" && has("neg"))
      return make("neg", single({ ...t, coefficient: 1 }));
    return single(t);
  };
  const single = (t: Term): Expression => {
    if (t.key === "") return constant(t.coefficient);
    const factors = mergeExponentials(t.factors);
    const above = factors.filter(({ exponent }) => exponent > 0);
    const below = factors.filter(({ exponent }) => exponent < 0);
    const quotient = has("div") || (has("inv") && has("mul"));
    if (!quotient && below.length > 0) throw fails;
    const small =
      Math.abs(t.coefficient) < 1 && Math.abs(1 / t.coefficient - Math.round(1 / t.coefficient)) < 1e-12;
    const inverted = small && below.length > 0 && Math.round(Math.abs(1 / t.coefficient)) !== 1 && has("div");
    const top = chain([inverted ? unit(Math.sign(t.coefficient)) : constantFactor(t), ...above.map(raised)]);
    const bottom = below.map(({ base, exponent }) => raised({ base, exponent: -exponent }));
    if (inverted) bottom.unshift(constant(Math.round(Math.abs(1 / t.coefficient))));
    const denominator = chain(bottom);
    if (denominator === undefined) return top ?? constant(1);
    if (top === undefined && has("inv")) return make("inv", denominator);
    if (!has("div")) return make("mul", top!, make("inv", denominator));
    return make("div", top ?? constant(1), denominator);
  };
  const unit = (value: number) => (value === 1 ? undefined : constant(value));
  const constantFactor = ({ coefficient }: Term) => unit(coefficient);
  const chain = (factors: readonly (Expression | undefined)[]) => {
    const present = factors.filter((f) => f !== undefined);
    return present.length === 0 ? undefined : present.reduce((a, b) => make("mul", a, b));
  };
  const raised = ({ base, exponent }: Factor): Expression => {
    const inner = expressionOf(base);
    if (exponent === 1) return inner;
    if (exponent === -1 && has("inv")) return make("inv", inner);
    if (exponent === 2 && has("square")) return make("square", inner);
    if (exponent === 3 && has("cube")) return make("cube", inner);
    if (exponent === 0.5 && has("sqrt")) return make("sqrt", inner);
    if (has("pow")) return make("pow", inner, constant(exponent));
    if (Number.isInteger(exponent) && exponent > 1 && exponent <= 8) {
      return Array.from({ length: exponent }, () => inner).reduce((a, b) => make("mul", a, b));
    }
    if (Number.isInteger(exponent - 0.5) && exponent > 0) {
      return make("mul", raised({ base, exponent: exponent - 0.5 }), make("sqrt", inner));
    }
    throw fails;
  };
  const expressionOf = (base: Base): Expression => {
    if (base.kind === "variable") return variable(base.index);
    if (base.kind === "sum") return whole(base.sum);
    const cosine = has("cos") ? cosineAsSine(base) : undefined;
    if (cosine?.kind === "function") return make("cos", whole(cosine.args[0]!));
    return make(base.operator, ...base.args.map(whole));
  };
  try {
    return whole(form);
  } catch (error) {
    if (error === fails) return undefined;
    throw error;
  }
}

const constantLast = (terms: Term[]) =>
  terms.length > 1 && terms[0]!.key === "" && terms[1]!.coefficient > 0
    ? [...terms.slice(1), terms[0]!]
    : terms;

/** e^a and e^b of one product as e^(a + b). */
function mergeExponentials(factors: readonly Factor[]): Factor[] {
  const isExp = ({ base }: Factor) => base.kind === "function" && base.operator === "exp";
  const found = factors.filter(isExp);
  if (found.length === 0) return [...factors];
  const argument = found.reduce<Sum>(
    (total, { base, exponent }) =>
      base.kind === "function" ? plus(total, scale(base.args[0]!, exponent)) : total,
    sum([]),
  );
  const base: Base = { kind: "function", operator: "exp", args: [argument], key: "exp" };
  return [...factors.filter((f) => !isExp(f)), { base, exponent: 1 }];
}
