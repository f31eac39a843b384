import { call, constant, type Expression } from "../../../../expressions/expression.ts";

/** Writes products and sums with the operators that there are. */
export interface Writer {
  has(name: string): boolean;
  /** baseᵉ, or undefined where the operators cannot express it. */
  power(base: Expression, exponent: number): Expression | undefined;
  /** factor·∏ baseᵉ. */
  product(factors: readonly Factor[], factor?: number): Expression | undefined;
  /** Σ coefficient·term + offset. */
  sum(terms: readonly { coefficient: number; term: Expression }[], offset?: number): Expression | undefined;
}

export interface Factor {
  base: Expression;
  exponent: number;
}

/** A writer with the operators named. */
export function makeWriter(names: ReadonlySet<string>): Writer {
  const has = (name: string) => names.has(name);
  const times = (a: Expression | undefined, b: Expression | undefined) =>
    a === undefined || b === undefined || !has("mul") ? undefined : call("mul", a, b);
  const positive = (base: Expression, exponent: number): Expression | undefined => {
    if (exponent === 1) return base;
    const whole = Math.floor(exponent);
    if (exponent === 0.5 && has("sqrt")) return call("sqrt", base);
    if (exponent === 2) return has("square") ? call("square", base) : times(base, base);
    if (exponent === 3 && has("cube")) return call("cube", base);
    if (whole === exponent && exponent <= 8) {
      const half = positive(base, Math.floor(exponent / 2));
      const squared =
        half === undefined ? undefined : has("square") ? call("square", half) : times(half, half);
      return exponent % 2 === 0 ? squared : times(squared, base);
    }
    if (whole === exponent - 0.5 && has("sqrt")) {
      return whole === 0 ? call("sqrt", base) : times(positive(base, whole), call("sqrt", base));
    }
    if (has("pow")) return call("pow", base, constant(exponent));
    if (has("exp") && has("log") && has("mul")) {
      return call("exp", call("mul", constant(exponent), call("log", base)));
    }
    return undefined;
  };
  const invert = (of: Expression) =>
    has("inv") ? call("inv", of) : has("div") ? call("div", constant(1), of) : undefined;
  const power = (base: Expression, exponent: number) => {
    if (exponent === 0) return constant(1);
    if (exponent > 0) return positive(base, exponent);
    const made = positive(base, -exponent);
    return made && invert(made);
  };
  const product = (factors: readonly Factor[], factor = 1): Expression | undefined => {
    let top: Expression | undefined;
    let bottom: Expression | undefined;
    for (const { base, exponent } of factors) {
      if (exponent === 0) continue;
      const made = positive(base, Math.abs(exponent));
      if (made === undefined) return undefined;
      if (exponent > 0) {
        top = top === undefined ? made : times(top, made);
        if (top === undefined) return undefined;
      } else {
        bottom = bottom === undefined ? made : times(bottom, made);
        if (bottom === undefined) return undefined;
      }
    }
    if (factor !== 1 || top === undefined) {
      if (top === undefined) top = constant(factor);
      else if (factor === -1 && has("neg")) top = call("neg", top);
      else top = times(constant(factor), top);
    }
    if (bottom === undefined || top === undefined) return top;
    if (has("div")) return call("div", top, bottom);
    return times(top, invert(bottom));
  };
  const sum = (terms: readonly { coefficient: number; term: Expression }[], offset = 0) => {
    let total: Expression | undefined;
    const ordered = [...terms].sort((a, b) => Number(b.coefficient > 0) - Number(a.coefficient > 0));
    for (const { coefficient, term } of ordered) {
      const minus = total !== undefined && coefficient < 0 && has("sub");
      const size = minus ? -coefficient : coefficient;
      const made = size === 1 ? term : times(constant(size), term);
      if (made === undefined) return undefined;
      if (total === undefined) total = made;
      else if (minus) total = call("sub", total, made);
      else if (has("add")) total = call("add", total, made);
      else return undefined;
    }
    if (offset === 0) return total ?? constant(0);
    if (total === undefined) return constant(offset);
    return has("add") ? call("add", total, constant(offset)) : undefined;
  };
  return { has, power, product, sum };
}
