/**
 * Σ coefficient·Π baseᵉ: what canonical forms and simplification compute with. Terms and factors are sorted by their
 * keys; two parts with the same key are the same up to the tenth digit of their constants.
 */
export interface Sum {
  terms: readonly Term[];
  key: string;
}

export interface Term {
  coefficient: number;
  factors: readonly Factor[];
  /** Of the factors alone: "" for a constant. */
  key: string;
}

export interface Factor {
  base: Base;
  exponent: number;
}

export type Base =
  | { kind: "variable"; index: number; key: string }
  | { kind: "function"; operator: string; args: readonly Sum[]; key: string }
  | { kind: "sum"; sum: Sum; key: string };

/** How far products are multiplied out: sums up to `expand` terms; 0 leaves products of sums as they are. */
export interface Mode {
  expand: number;
}

/** Ten significant digits: numbers that differ by rounding get the same key. */
export const numberKey = (value: number) => String(Number(value.toPrecision(10)));

const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
/** Constants last. */
const termOrder = (a: Term, b: Term) => (a.key === "" ? 1 : b.key === "" ? -1 : byKey(a, b));

/** A term of factors with different bases, in order. */
export function term(coefficient: number, factors: readonly Factor[]): Term {
  const sorted = factors.length < 2 ? factors : factors.toSorted((a, b) => byKey(a.base, b.base));
  const key = sorted
    .map(({ base, exponent }) => (exponent === 1 ? base.key : `${base.key}^${numberKey(exponent)}`))
    .join("*");
  return { coefficient, factors: sorted, key };
}

/** A sum of terms with different keys, in order; zero terms are left out. */
export function sum(terms: readonly Term[]): Sum {
  const kept = terms.filter(({ coefficient }) => coefficient !== 0).sort(termOrder);
  const key = kept
    .map(({ coefficient, key: of }) => `${numberKey(coefficient)}${of === "" ? "" : `*${of}`}`)
    .join("+");
  return { terms: kept, key: `(${key || "0"})` };
}

export const constantSum = (value: number): Sum => sum([term(value, [])]);
export const baseSum = (base: Base, exponent = 1): Sum => sum([term(1, [{ base, exponent }])]);
export const functionBase = (operator: string, ...args: Sum[]): Base => ({
  kind: "function",
  operator,
  args,
  key: `${operator}${args.map(({ key }) => key).join("")}`,
});

/** The number, if the sum is one. */
export function asConstant({ terms }: Sum): number | undefined {
  if (terms.length === 0) return 0;
  return terms.length === 1 && terms[0]!.key === "" ? terms[0]!.coefficient : undefined;
}

/** a + b; what cancels to rounding is left out. */
export function plus(a: Sum, b: Sum): Sum {
  const all = new Map(a.terms.map((t) => [t.key, t]));
  for (const t of b.terms) {
    const other = all.get(t.key);
    const total = (other?.coefficient ?? 0) + t.coefficient;
    const size = Math.max(Math.abs(other?.coefficient ?? 0), Math.abs(t.coefficient));
    all.set(t.key, {
      ...t,
      coefficient: size < Number.POSITIVE_INFINITY && Math.abs(total) <= 1e-13 * size ? 0 : total,
    });
  }
  return sum([...all.values()]);
}

export const scale = (a: Sum, by: number): Sum =>
  by === 1 ? a : sum(a.terms.map((t) => ({ ...t, coefficient: t.coefficient * by })));

/**
 * A sum as one term: the factors that all its terms share (to the lowest of their powers, so that denominators become
 * common ones) times a base that is a sum with leading coefficient 1.
 */
export function asTerm(a: Sum): Term {
  if (a.terms.length === 0) return term(0, []);
  if (a.terms.length === 1) return a.terms[0]!;
  const shared = sharedFactors(a);
  const inverse = shared.map(({ base, exponent }) => ({ base, exponent: -exponent }));
  const rest =
    shared.length === 0 ? a : a.terms.map((t) => sum([timesTerm(t, term(1, inverse))])).reduce(plus);
  if (rest.terms.length === 1) return timesTerm(rest.terms[0]!, term(1, shared));
  const leading = rest.terms[0]!.coefficient;
  const monic = scale(rest, 1 / leading);
  const base: Base = { kind: "sum", sum: monic, key: monic.key };
  return timesTerm(term(leading, [{ base, exponent: 1 }]), term(1, shared));
}

function sharedFactors({ terms }: Sum): Factor[] {
  const bases = new Map(terms.flatMap(({ factors }) => factors.map(({ base }) => [base.key, base] as const)));
  return [...bases.values()].flatMap((base) => {
    const powers = terms.map((t) => t.factors.find((f) => f.base.key === base.key)?.exponent ?? 0);
    const exponent = Math.min(...powers);
    return exponent === 0 ? [] : [{ base, exponent }];
  });
}

const tidy = (exponent: number) => {
  const whole = Math.round(exponent);
  return Math.abs(exponent - whole) < 1e-12 ? whole : exponent;
};

/** The product of two terms; equal bases add their exponents. */
export function timesTerm(a: Term, b: Term): Term {
  const all = new Map(a.factors.map((f) => [f.base.key, f]));
  for (const f of b.factors) {
    const exponent = tidy(f.exponent + (all.get(f.base.key)?.exponent ?? 0));
    all.set(f.base.key, { base: f.base, exponent });
  }
  return term(
    a.coefficient * b.coefficient,
    [...all.values()].filter(({ exponent }) => exponent !== 0),
  );
}

/** a·b. */
export function times(a: Sum, b: Sum, mode: Mode): Sum {
  if (a.terms.length * b.terms.length > Math.max(1, mode.expand) || cancels(a, b) || cancels(b, a)) {
    return settle(timesTerm(asTerm(a), asTerm(b)), mode);
  }
  let total = sum([]);
  for (const s of a.terms) for (const t of b.terms) total = plus(total, settle(timesTerm(s, t), mode));
  return total;
}

/** Whether b has a sum in its denominator that a as a whole is a multiple of. */
function cancels(a: Sum, b: Sum): boolean {
  if (a.terms.length < 2 || b.terms.length !== 1) return false;
  const below = b.terms[0]!.factors.filter(({ base, exponent }) => base.kind === "sum" && exponent < 0);
  if (below.length === 0) return false;
  const { factors } = asTerm(a);
  return below.some(({ base }) => factors.some((f) => f.base.key === base.key));
}

/** A term as a sum: whole powers of |u| and of sums are opened where the mode wants that. */
function settle(of: Term, mode: Mode): Sum {
  // All sums that may be opened are opened, or none: a product that is too long would be put back together for ever.
  const opens = ({ base, exponent }: Factor) =>
    base.kind === "sum" && Number.isInteger(exponent) && exponent > 0 && exponent <= 6;
  const length = of.factors
    .filter(opens)
    .reduce((n, { base, exponent }) => n * (base as { sum: Sum }).sum.terms.length ** exponent, 1);
  for (const factor of of.factors) {
    const { base, exponent } = factor;
    const rest = () =>
      term(
        of.coefficient,
        of.factors.filter((f) => f !== factor),
      );
    if (base.kind === "sum") {
      const alone = of.factors.length === 1 && exponent === 1;
      if (alone || (opens(factor) && length <= mode.expand)) {
        return times(settle(rest(), mode), power(base.sum, exponent, mode), {
          expand: Math.max(mode.expand, base.sum.terms.length),
        });
      }
    } else if (base.kind === "function" && Number.isInteger(exponent) && exponent % 2 === 0) {
      if (base.operator === "abs")
        return times(settle(rest(), mode), power(base.args[0]!, exponent, mode), mode);
      const sine = mode.expand > 0 && exponent > 0 ? cosineAsSine(base) : undefined;
      if (sine !== undefined) {
        const square = plus(constantSum(1), scale(baseSum(sine, 2), -1));
        return times(settle(rest(), mode), power(square, exponent / 2, mode), mode);
      }
    }
  }
  return sum([of]);
}

/** sin of the same argument, if the base is cos (which is stored as a sine shifted by π/2). */
export function cosineAsSine(base: Base): Base | undefined {
  if (base.kind !== "function" || base.operator !== "sin") return undefined;
  const { terms } = base.args[0]!;
  const shift = terms.at(-1);
  if (terms.length < 2 || shift?.key !== "" || Math.abs(shift.coefficient - Math.PI / 2) > 1e-9)
    return undefined;
  return functionBase("sin", sum(terms.slice(0, -1)));
}

const neverNegative = new Set(["exp", "abs", "cosh", "sqrt", "acos"]);

/** A term as Π uᵉ with u ≥ 0, times a rest of which no sign is known. */
export function splitPositive(of: Term): { positive: Factor[]; rest: Term } {
  const positive: Factor[] = [];
  const other: Factor[] = [];
  for (const factor of of.factors) {
    const { base, exponent } = factor;
    const known = base.kind === "function" && neverNegative.has(base.operator);
    if (known || !Number.isInteger(exponent)) positive.push(factor);
    else if (exponent % 2 === 0) positive.push({ base: functionBase("abs", baseSum(base)), exponent });
    else other.push(factor);
  }
  return { positive, rest: term(Math.sign(of.coefficient), other) };
}

/** aᵖ for a fixed p. Equal on the domain of the original; factors are taken out only where their sign allows it. */
export function power(a: Sum, p: number, mode: Mode): Sum {
  if (p === 1) return a;
  const number = asConstant(a);
  if (number !== undefined) return constantSum(number ** p);
  if (p === 0) return constantSum(1);
  if (Number.isInteger(p) && p > 1 && p <= 6 && a.terms.length > 1 && a.terms.length ** p <= mode.expand) {
    return times(a, power(a, p - 1, mode), mode);
  }
  const one = asTerm(a);
  if (Number.isInteger(p)) {
    const factors = one.factors.map(({ base, exponent }) => ({ base, exponent: tidy(exponent * p) }));
    return settle(term(one.coefficient ** p, factors), mode);
  }
  const { positive, rest } = splitPositive(one);
  const raised = positive.map(({ base, exponent }) => ({ base, exponent: tidy(exponent * p) }));
  let result = settle(term(Math.abs(one.coefficient) ** p, raised), mode);
  if (rest.factors.length === 0 && rest.coefficient > 0) return result;
  const single = rest.factors.length === 1 && rest.coefficient > 0 ? rest.factors[0]! : undefined;
  const grouped = sum([rest]);
  const factor: Factor =
    single !== undefined
      ? { base: single.base, exponent: tidy(single.exponent * p) }
      : { base: { kind: "sum", sum: opened(grouped), key: opened(grouped).key }, exponent: p };
  result = times(result, settle(term(1, [factor]), mode), mode);
  return result;
}

/** −1·(sum) as the sum with its signs changed. */
function opened(grouped: Sum): Sum {
  const only = grouped.terms[0]!;
  const factor = only.factors[0];
  if (only.factors.length !== 1 || factor?.base.kind !== "sum" || factor.exponent !== 1) return grouped;
  return scale(factor.base.sum, only.coefficient);
}
