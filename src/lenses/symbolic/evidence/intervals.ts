/** The values that an expression can take: low ≤ value ≤ high. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const interval = (low: number, high: number): Interval => ({ low, high });
const whole = interval(-Infinity, Infinity);
const crosses = ({ low, high }: Interval) => low <= 0 && high >= 0;

/** What an operator makes of intervals: the range of its values, and whether it is undefined somewhere in them. */
export interface Image {
  range: Interval;
  /** Undefined or infinite for some arguments: "a division by 0". */
  trouble?: string;
}

const of = (...values: number[]): Interval => {
  const known = values.map((value) => (Number.isNaN(value) ? 0 : value));
  return interval(Math.min(...known), Math.max(...known));
};
const monotone = (f: (x: number) => number) => (a: Interval) => ({ range: interval(f(a.low), f(a.high)) });
const product = (a: Interval, b: Interval) =>
  of(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high);
const inverse = (a: Interval): Image =>
  crosses(a) ? { range: whole, trouble: "a division by 0" } : { range: of(1 / a.low, 1 / a.high) };

function even(a: Interval, f: (size: number) => number): Interval {
  const [small, large] = [
    Math.min(Math.abs(a.low), Math.abs(a.high)),
    Math.max(Math.abs(a.low), Math.abs(a.high)),
  ];
  return interval(f(crosses(a) ? 0 : small), f(large));
}

/** The range of sin over an interval: the ends, and ±1 where a crest or a trough lies between. */
function sine({ low, high }: Interval): Interval {
  if (!(high - low < 2 * Math.PI)) return interval(-1, 1);
  const holds = (phase: number) =>
    Math.floor((high - phase) / (2 * Math.PI)) > Math.floor((low - phase) / (2 * Math.PI)) ||
    Number.isInteger((low - phase) / (2 * Math.PI));
  const ends = of(Math.sin(low), Math.sin(high));
  return interval(holds(-Math.PI / 2) ? -1 : ends.low, holds(Math.PI / 2) ? 1 : ends.high);
}

function logarithm(f: (x: number) => number) {
  return (a: Interval): Image =>
    a.low > 0
      ? { range: interval(f(a.low), f(a.high)) }
      : {
          range: interval(-Infinity, a.high > 0 ? f(a.high) : -Infinity),
          trouble: "a logarithm of 0 or less",
        };
}

function within(f: (x: number) => number, rising: boolean, name: string) {
  return (a: Interval): Image => {
    const [from, to] = [Math.max(-1, Math.min(1, a.low)), Math.max(-1, Math.min(1, a.high))];
    const range = rising ? interval(f(from), f(to)) : interval(f(to), f(from));
    return a.low < -1 || a.high > 1 ? { range, trouble: `${name} of more than 1` } : { range };
  };
}

function power(a: Interval, b: Interval): Image {
  if (b.low === b.high && Number.isInteger(b.low)) {
    const n = b.low;
    const positive = (base: Interval, k: number): Interval =>
      k % 2 === 0 ? even(base, (x) => x ** k) : interval(base.low ** k, base.high ** k);
    if (n >= 0) return { range: positive(a, n) };
    const { range, trouble } = inverse(positive(a, -n));
    return trouble === undefined ? { range } : { range, trouble };
  }
  if (a.low < 0) return { range: whole, trouble: "a broken power of a negative number" };
  if (a.low === 0 && b.low < 0) return { range: interval(0, Infinity), trouble: "a negative power of 0" };
  return {
    range: of(a.low ** b.low, a.low ** b.high, a.high ** b.low, a.high ** b.high),
  };
}

type Rule = (...args: Interval[]) => Image;

/**
 * Interval arithmetic for the standard operators (Moore, Interval Analysis, 1966): each gives an interval that holds
 * every value, without directed rounding.
 */
export const images: Readonly<Record<string, Rule>> = {
  add: (a, b) => ({ range: interval(a!.low + b!.low, a!.high + b!.high) }),
  sub: (a, b) => ({ range: interval(a!.low - b!.high, a!.high - b!.low) }),
  mul: (a, b) => ({ range: product(a!, b!) }),
  div: (a, b) => {
    const { range, trouble } = inverse(b!);
    return trouble === undefined ? { range: product(a!, range) } : { range: whole, trouble };
  },
  neg: (a) => ({ range: interval(-a!.high, -a!.low) }),
  inv: (a) => inverse(a!),
  square: (a) => ({ range: even(a!, (x) => x * x) }),
  cube: (a) => monotone((x) => x ** 3)(a!),
  sqrt: (a) => ({
    range: interval(Math.sqrt(Math.max(0, a!.low)), Math.sqrt(Math.max(0, a!.high))),
    ...(a!.low < 0 ? { trouble: "a root of a negative number" } : {}),
  }),
  cbrt: (a) => monotone(Math.cbrt)(a!),
  pow: (a, b) => power(a!, b!),
  abs: (a) => ({ range: even(a!, (x) => x) }),
  sign: (a) => monotone(Math.sign)(a!),
  exp: (a) => monotone(Math.exp)(a!),
  log: (a) => logarithm(Math.log)(a!),
  log10: (a) => logarithm(Math.log10)(a!),
  sin: (a) => ({ range: sine(a!) }),
  cos: (a) => ({ range: sine(interval(a!.low + Math.PI / 2, a!.high + Math.PI / 2)) }),
  tan: (a) =>
    crosses(sine(interval(a!.low + Math.PI / 2, a!.high + Math.PI / 2))) || a!.high - a!.low >= Math.PI
      ? { range: whole, trouble: "a pole of the tangent" }
      : monotone(Math.tan)(a!),
  tanh: (a) => monotone(Math.tanh)(a!),
  sinh: (a) => monotone(Math.sinh)(a!),
  cosh: (a) => ({ range: even(a!, Math.cosh) }),
  asin: (a) => within(Math.asin, true, "an arc sine")(a!),
  acos: (a) => within(Math.acos, false, "an arc cosine")(a!),
  atan: (a) => monotone(Math.atan)(a!),
  min: (a, b) => ({ range: interval(Math.min(a!.low, b!.low), Math.min(a!.high, b!.high)) }),
  max: (a, b) => ({ range: interval(Math.max(a!.low, b!.low), Math.max(a!.high, b!.high)) }),
  greater: () => ({ range: interval(0, 1) }),
  less: () => ({ range: interval(0, 1) }),
};
