import type { Expression } from "./expression.ts";
import {
  asConstant,
  type Base,
  baseSum,
  constantSum,
  functionBase,
  type Mode,
  plus,
  power,
  type Sum,
  scale,
  times,
} from "./normal-form.ts";
import { applyFunction } from "./normal-functions.ts";
import { type OperatorSet, operatorNamed } from "./operator.ts";
import { rebuild } from "./rebuild.ts";
import { standardOperators } from "./standard-operators.ts";

/** The normal form of an expression: constants folded, sums and products flattened, sorted and merged. */
export function normalForm(
  expression: Expression,
  operators: OperatorSet = standardOperators,
  mode: Mode = { expand: 64 },
): Sum {
  const visit = (node: Expression): Sum => {
    if (node.kind === "constant") return constantSum(node.value);
    if (node.kind === "variable") {
      const key = `x${String(node.index).padStart(3, "0")}`;
      return baseSum({ kind: "variable", index: node.index, key });
    }
    const operator = operatorNamed(operators, node.operator, "normalForm");
    const args = node.args.map(visit);
    const [a, b] = [args[0]!, args[1]!];
    switch (node.operator) {
      case "add":
        return plus(a, b);
      case "sub":
        return plus(a, scale(b, -1));
      case "neg":
        return scale(a, -1);
      case "mul":
        return times(a, b, mode);
      case "div":
        return times(a, power(b, -1, mode), mode);
      case "inv":
        return power(a, -1, mode);
      case "square":
        return power(a, 2, mode);
      case "cube":
        return power(a, 3, mode);
      case "sqrt":
        return power(a, 0.5, mode);
      case "pow":
        return generalPower(a, b, mode);
      case "greater":
        return baseSum(functionBase("less", b, a));
      default:
    }
    const values = args.map(asConstant);
    if (values.every((value) => value !== undefined)) return constantSum(operator.evaluate(...values));
    if (args.length === 1) return applyFunction(node.operator, a, mode);
    const sorted = operator.commutative === true ? args.toSorted((s, t) => (s.key < t.key ? -1 : 1)) : args;
    return baseSum(functionBase(node.operator, ...sorted));
  };
  return visit(expression);
}

/** aᵇ: a fixed exponent is a power, a fixed base an exponential; a^(c + t) = aᶜ·aᵗ. */
function generalPower(a: Sum, b: Sum, mode: Mode): Sum {
  const exponent = asConstant(b);
  if (exponent !== undefined) return power(a, exponent, mode);
  const base = asConstant(a);
  if (base !== undefined && base > 0) return applyFunction("exp", scale(b, Math.log(base)), mode);
  const fixed = b.terms.find(({ key }) => key === "")?.coefficient ?? 0;
  const rest = plus(b, constantSum(-fixed));
  const general = baseSum(functionBase("pow", a, rest));
  return fixed === 0 ? general : times(power(a, fixed, mode), general, mode);
}

export interface CanonicalOptions {
  operators?: OperatorSet;
  /** Multiply sums out up to so many terms. Default 64. */
  expand?: number;
}

/**
 * The canonical form of an expression as an expression: formulas that follow from each other by the algebra of sums,
 * products, powers, exponentials, logarithms and shifts of sines have the same one, equal on the domain of the
 * original. Not every pair of equal formulas has one (sums of fractions with different denominators do not): see `equivalent`.
 */
export function canonical(expression: Expression, options: CanonicalOptions = {}): Expression {
  const { operators = standardOperators, expand = 64 } = options;
  return rebuild(normalForm(expression, operators, { expand })) ?? expression;
}

/** A text that is the same for expressions with the same canonical form, constants to ten digits. */
export function canonicalKey(expression: Expression, options: CanonicalOptions = {}): string {
  const { operators = standardOperators, expand = 64 } = options;
  return normalForm(expression, operators, { expand }).key;
}

/**
 * The canonical form without the values of its constants, for asking whether two fits found the same law: every
 * coefficient is `c` unless it is ±1 to six digits, and an exponent stays where it is a multiple of ½ to three.
 */
export function skeleton(expression: Expression, options: CanonicalOptions = {}): string {
  const { operators = standardOperators, expand = 64 } = options;
  return skeletonOf(normalForm(expression, operators, { expand }));
}

function skeletonOf(form: Sum): string {
  const texts = form.terms.map(({ coefficient, factors }) => {
    const plain = Math.abs(Math.abs(coefficient) - 1) < 1e-6;
    const parts = factors.map(({ base, exponent }) => {
      const rounded = Math.round(2 * exponent) / 2;
      const power = Math.abs(exponent - rounded) < 1e-3 ? String(rounded) : "c";
      return power === "1" ? baseText(base) : `${baseText(base)}^${power}`;
    });
    if (!plain || parts.length === 0) parts.unshift("c");
    return `${plain && coefficient < 0 && factors.length > 0 ? "-" : ""}${parts.join("*")}`;
  });
  return texts.length === 0 ? "0" : texts.join(" + ");
}

function baseText(base: Base): string {
  if (base.kind === "variable") return `x${base.index}`;
  if (base.kind === "sum") return `(${skeletonOf(base.sum)})`;
  return `${base.operator}(${base.args.map(skeletonOf).join(", ")})`;
}
