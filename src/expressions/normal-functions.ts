import {
  asConstant,
  asTerm,
  type Base,
  baseSum,
  constantSum,
  functionBase,
  type Mode,
  plus,
  power,
  type Sum,
  scale,
  splitPositive,
  sum,
  term,
  times,
} from "./normal-form.ts";

const odd = new Set(["tan", "tanh", "sinh", "asin", "atan", "cbrt", "sign"]);

/** A function of a normal form as a normal form, by the identities that hold on its whole domain. */
export function applyFunction(operator: string, u: Sum, mode: Mode): Sum {
  const leading = u.terms[0]?.coefficient ?? 0;
  if (operator === "exp") return exponential(u, mode);
  if (operator === "log") return logarithm(u);
  if (operator === "log10") return scale(logarithm(u), Math.LOG10E);
  if (operator === "abs") return absolute(u, mode);
  if (operator === "sin") return sine(u, 0);
  if (operator === "cos") return sine(u, Math.PI / 2);
  if (operator === "tan" && mode.expand > 0) {
    return times(sine(u, 0), power(sine(u, Math.PI / 2), -1, mode), mode);
  }
  if (odd.has(operator) && leading < 0) return scale(baseSum(functionBase(operator, scale(u, -1))), -1);
  if (operator === "cosh" && leading < 0) return baseSum(functionBase(operator, scale(u, -1)));
  return baseSum(functionBase(operator, u));
}

/** e^(Σ cᵢ·tᵢ) = Π (e^tᵢ)^cᵢ, and e^(c·ln u) = uᶜ. */
function exponential(u: Sum, mode: Mode): Sum {
  let product = constantSum(1);
  for (const t of u.terms) {
    const only = t.factors.length === 1 ? t.factors[0]! : undefined;
    const isLog = only?.exponent === 1 && only.base.kind === "function" && only.base.operator === "log";
    let factor: Sum;
    if (t.key === "") {
      const value = Math.exp(t.coefficient);
      const usable = Number.isFinite(value) && value > 0;
      factor = usable ? constantSum(value) : baseSum(functionBase("exp", constantSum(1)), t.coefficient);
    } else if (isLog && only.base.kind === "function")
      factor = power(only.base.args[0]!, t.coefficient, mode);
    else factor = baseSum(functionBase("exp", sum([{ ...t, coefficient: 1 }])), t.coefficient);
    product = times(product, factor, mode);
  }
  return product;
}

/** ln(c·Π uᵉ·v) = ln c + Σ e·ln u + ln v for c, u > 0. */
function logarithm(u: Sum): Sum {
  const one = asTerm(u);
  const { positive, rest } = splitPositive(one);
  let total = constantSum(Math.log(Math.abs(one.coefficient)));
  for (const { base, exponent } of positive) {
    const isExp = base.kind === "function" && base.operator === "exp";
    total = plus(total, scale(isExp ? base.args[0]! : logOf(base), exponent));
  }
  if (rest.factors.length === 0 && rest.coefficient > 0) return total;
  const single = rest.factors.length === 1 && rest.coefficient > 0 ? rest.factors[0]! : undefined;
  if (single !== undefined) return plus(total, scale(logOf(single.base), single.exponent));
  const only =
    rest.factors.length === 1 && rest.factors[0]!.exponent === 1 ? rest.factors[0]!.base : undefined;
  const inside = only?.kind === "sum" ? scale(only.sum, rest.coefficient) : sum([rest]);
  return plus(total, baseSum(functionBase("log", inside)));
}

/** ln of one base; of a sum, with that sum as its argument. */
const logOf = (base: Base): Sum =>
  baseSum(functionBase("log", base.kind === "sum" ? base.sum : baseSum(base)));

/** |c·Π uᵉ| = |c|·Π |u|ᵉ, and |u| = u for u ≥ 0. */
function absolute(u: Sum, mode: Mode): Sum {
  const one = asTerm(u);
  const { positive, rest } = splitPositive(one);
  const known = positive.map(({ base, exponent }) => ({ base, exponent }));
  const others = rest.factors.map(({ base, exponent }) => ({
    base: functionBase("abs", base.kind === "sum" ? base.sum : baseSum(base)),
    exponent,
  }));
  let product = constantSum(Math.abs(one.coefficient));
  for (const { base, exponent } of [...known, ...others]) {
    product = times(product, power(sum([term(1, [{ base, exponent: 1 }])]), exponent, mode), mode);
  }
  return product;
}

/** sin(u + shift) with the constant part brought into (−π/2, π/2] and a positive leading coefficient. */
function sine(u: Sum, shift: number): Sum {
  const terms = u.terms.filter(({ key }) => key !== "");
  let offset = shift + (u.terms.find(({ key }) => key === "")?.coefficient ?? 0);
  const number = asConstant(sum(terms));
  if (number !== undefined) return constantSum(Math.sin(offset));
  let sign = 1;
  let rest = sum(terms);
  if (rest.terms[0]!.coefficient < 0) {
    rest = scale(rest, -1);
    offset = -offset;
    sign = -1;
  }
  const turns = Math.ceil(offset / Math.PI - 0.5 - 1e-10);
  offset -= turns * Math.PI;
  if (Math.abs(turns) % 2 === 1) sign = -sign;
  if (Math.abs(offset) < 1e-12) offset = 0;
  return scale(baseSum(functionBase("sin", plus(rest, constantSum(offset)))), sign);
}
