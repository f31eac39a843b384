import type { Body } from "../../core/wasm/body.ts";
import type { Code } from "../../core/wasm/encode.ts";
import { and, type Lane, or, select } from "../../core/wasm/lane.ts";
import { coefficients } from "./coefficients.ts";

/** Horner's scheme for Σ cᵢ·xⁱ. */
export function polynomial(lane: Lane, c: readonly number[], x: Code): Code {
  let sum = lane.splat(c.at(-1)!);
  for (let i = c.length - 2; i >= 0; i--) sum = lane.add(lane.mul(sum, x), lane.splat(c[i]!));
  return sum;
}

/** x = n·ln 2 + r with |r| ≤ ln 2/2: n as a number, r, and r²·q(r) with eʳ = 1 + r + r²·q(r). */
export function reduceExp(b: Body, lane: Lane, x: Code, tail?: Code): { n: Code; r: Code; rest: Code } {
  const { exp, ln2 } = coefficients[lane.name];
  const magic = lane.splat(lane.magic);
  const n = b.let(lane.sub(lane.add(lane.mul(x, lane.splat(Math.LOG2E)), magic), magic));
  const high = lane.sub(lane.sub(x, lane.mul(n, lane.splat(ln2[0]))), lane.mul(n, lane.splat(ln2[1])));
  const r = b.let(tail === undefined ? high : lane.add(high, tail));
  const rest = b.let(lane.mul(lane.mul(r, r), polynomial(lane, exp, r)));
  return { n, r, rest };
}

/** 2ⁿ for whole n within the exponents of the width. */
export function powerOfTwo(lane: Lane, n: Code): Code {
  const biased = lane.add(n, lane.splat(lane.magic + lane.bias));
  return lane.shiftLeft(biased, lane.mantissaBits);
}

/**
 * eˣ (e^(x+tail) with a tail below one unit in the last place of x): at most 1 ulp from the true value in f64 and f32;
 * overflows to infinity, underflows gradually, passes NaN on.
 */
export function exp(b: Body, lane: Lane, x: Code, tail?: Code): Code {
  const [low, high] = coefficients[lane.name].expRange;
  const clamped = b.let(lane.pmax(lane.pmin(x, lane.splat(high)), lane.splat(low)));
  const { n, r, rest } = reduceExp(b, lane, clamped, tail);
  // The largest and smallest exponents exceed what one factor can hold, so that 2ⁿ is applied in two halves.
  const magic = lane.splat(lane.magic);
  const half = b.let(lane.sub(lane.add(lane.mul(n, lane.splat(0.5)), magic), magic));
  const scaled = lane.mul(lane.add(lane.splat(1), lane.add(r, rest)), powerOfTwo(lane, half));
  return lane.mul(scaled, powerOfTwo(lane, lane.sub(n, half)));
}

/**
 * tanh x, odd: an odd polynomial up to 0.625, and t/(t + 2) with t = e^(2|x|) − 1 beyond. At most 2 ulp from the true
 * value in f64 and f32.
 */
export function tanh(b: Body, lane: Lane, x: Code): Code {
  const size = b.let(lane.abs(x));
  const y = b.let(lane.pmin(lane.add(size, size), lane.splat(44)));
  const { n, r, rest } = reduceExp(b, lane, y);
  const factor = b.let(powerOfTwo(lane, n));
  const t = b.let(lane.add(lane.mul(factor, lane.add(r, rest)), lane.sub(factor, lane.splat(1))));
  const large = b.let(lane.div(t, lane.add(t, lane.splat(2))));
  const z = b.let(lane.mul(size, size));
  const series = polynomial(lane, coefficients[lane.name].tanh, z);
  const small = b.let(lane.add(size, lane.mul(lane.mul(size, z), series)));
  const sign = and(x, lane.bits(1n << BigInt(lane.bytes * 8 - 1)));
  return or(select(lane.lt(size, lane.splat(0.625)), small, large), sign);
}
