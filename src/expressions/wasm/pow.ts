import { aside, type Body, get, set, when } from "../../core/wasm/body.ts";
import type { Code } from "../../core/wasm/encode.ts";
import {
  and,
  anyTrue,
  demote,
  f64x2,
  type Lane,
  not,
  promoteLow,
  select,
  shuffle,
  xor,
} from "../../core/wasm/lane.ts";
import { logTail, longLn2, twoThirds } from "./coefficients.ts";
import { exp, polynomial } from "./exp.ts";
import { splitExponent } from "./log.ts";

/** A number as an unevaluated sum high + low. */
interface Pair {
  high: Code;
  low: Code;
}

const { add, sub, mul, div, splat } = f64x2;

/** a·b without rounding (Dekker 1971), the halves split by masking. */
function product(b: Body, x: Code, y: Code): Pair {
  const mask = f64x2.bits(0xfffffffff8000000n);
  const xHigh = b.let(and(x, mask));
  const xLow = b.let(sub(x, xHigh));
  const yHigh = b.let(and(y, mask));
  const yLow = b.let(sub(y, yHigh));
  const high = b.let(mul(x, y));
  const cross = add(add(sub(mul(xHigh, yHigh), high), mul(xHigh, yLow)), mul(xLow, yHigh));
  return { high, low: add(cross, mul(xLow, yLow)) };
}

/** x + y without rounding, for |x| ≥ |y| or x = 0. */
function sum(b: Body, x: Code, y: Code): Pair {
  const high = b.let(add(x, y));
  return { high, low: sub(y, sub(high, x)) };
}

/** ln x of a normal positive x as a sum of two f64, to about 2^-64. */
function longLog(b: Body, x: Code): Pair {
  const { k, m } = splitExponent(b, f64x2, x);
  const f = b.let(sub(m, splat(1)));
  const d = sum(b, splat(2), f);
  const s = b.let(div(f, d.high));
  const back = product(b, s, d.high);
  const sLow = b.let(div(sub(sub(sub(f, back.high), back.low), mul(s, d.low)), d.high));
  const square = product(b, s, s);
  const z = square.high;
  const zLow = b.let(add(square.low, mul(add(s, s), sLow)));
  const cube = product(b, z, s);
  const cubeLow = b.let(add(cube.low, add(mul(z, sLow), mul(zLow, s))));
  const third = product(b, splat(twoThirds[0]), cube.high);
  const thirdLow = add(
    third.low,
    add(mul(splat(twoThirds[0]), cubeLow), mul(splat(twoThirds[1]), cube.high)),
  );
  const rest = mul(mul(cube.high, z), polynomial(f64x2, logTail, z));
  const first = sum(b, b.let(mul(k, splat(longLn2[0]))), b.let(add(s, s)));
  const second = sum(b, first.high, third.high);
  let low = add(add(first.low, second.low), add(sLow, sLow));
  low = add(add(low, add(mul(k, splat(longLn2[1])), thirdLow)), rest);
  const all = sum(b, second.high, b.let(low));
  return { high: all.high, low: b.let(all.low) };
}

/** xʸ in f64 with the logarithm carried in two numbers. */
function pow64(b: Body, x: Code, y: Code, slow: (x: Code, y: Code) => Code): Code {
  const lane = f64x2;
  const size = b.let(lane.abs(x));
  const logarithm = longLog(b, size);
  const times = product(b, y, logarithm.high);
  const clamped = b.let(lane.pmax(lane.pmin(times.high, splat(720)), splat(-760)));
  const low = add(times.low, mul(y, logarithm.low));
  const tail = b.let(and(low, lane.eq(clamped, times.high)));
  const result = b.local("v128");
  b.add(exp(b, lane, clamped, tail), set(result));
  const negative = b.let(lane.lt(x, splat(0)));
  const repairSign = aside(b, () => {
    const whole = lane.eq(lane.nearest(y), y);
    const half = b.let(mul(y, splat(0.5)));
    const odd = and(not(lane.eq(lane.nearest(half), half)), negative);
    const signed = xor(get(result), and(odd, lane.bits(1n << 63n)));
    b.add(select(and(not(whole), negative), splat(Number.NaN), signed), set(result));
  });
  b.add(when(anyTrue(negative), repairSign));
  const usual = and(
    and(lane.le(splat(lane.smallestNormal), size), lane.le(size, splat(lane.largest))),
    lane.le(lane.abs(y), splat(2 ** 60)),
  );
  const repair = aside(b, () => b.add(slow(x, y), set(result)));
  b.add(when(anyTrue(not(usual)), repair));
  return get(result);
}

/**
 * xʸ as Math.pow: at most 1 ulp from the true value (f32: computed in f64). `slow` computes f64 vectors that hold a
 * zero, subnormal, infinite or NaN base, or an exponent beyond 2⁶⁰.
 */
export function pow(b: Body, lane: Lane, x: Code, y: Code, slow: (x: Code, y: Code) => Code): Code {
  if (lane.name === "f64") return pow64(b, x, y, slow);
  const upper = (v: Code) => shuffle(v, v, [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
  const half = (pick: (v: Code) => Code) =>
    b.let(demote(pow64(b, b.let(promoteLow(pick(x))), b.let(promoteLow(pick(y))), slow)));
  const low = half((v) => v);
  const high = half(upper);
  return shuffle(low, high, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
}
