import { aside, type Body, get, set, when } from "../../core/wasm/body.ts";
import type { Code } from "../../core/wasm/encode.ts";
import { and, anyTrue, type Lane, not, or, select } from "../../core/wasm/lane.ts";
import { coefficients } from "./coefficients.ts";
import { polynomial } from "./exp.ts";

const pattern = {
  f64: { one: 0x3ff0000000000000n, rootHalf: 0x3fe6a09e667f3bcdn, count: 0x4330000000000000n },
  f32: { one: 0x3f800000n, rootHalf: 0x3f3504f3n, count: 0x4b000000n },
};

/** x = 2ᵏ·m with √½ ≤ m < √2, for normal positive x: k as a number, and m. */
export function splitExponent(b: Body, lane: Lane, x: Code): { k: Code; m: Code } {
  const { one, rootHalf, count } = pattern[lane.name];
  const shifted = b.let(lane.addInt(x, lane.bits(one - rootHalf)));
  const exponent = lane.shiftRight(shifted, lane.mantissaBits);
  const offset = lane.splat(2 ** lane.mantissaBits + lane.bias);
  const k = b.let(lane.sub(or(exponent, lane.bits(count)), offset));
  const mantissa = and(shifted, lane.bits((1n << BigInt(lane.mantissaBits)) - 1n));
  return { k, m: b.let(lane.addInt(mantissa, lane.bits(rootHalf))) };
}

/**
 * ln x: at most 1 ulp from the true value in f64 and f32; −∞ at 0, NaN below. `slow` computes lanes of a vector that
 * holds a subnormal number.
 */
export function log(b: Body, lane: Lane, x: Code, slow: (x: Code) => Code): Code {
  const { log: c, ln2 } = coefficients[lane.name];
  const { k, m } = splitExponent(b, lane, x);
  const f = b.let(lane.sub(m, lane.splat(1)));
  const s = b.let(lane.div(f, lane.add(f, lane.splat(2))));
  const z = b.let(lane.mul(s, s));
  const half = b.let(lane.mul(lane.splat(0.5), lane.mul(f, f)));
  const tail = lane.add(
    lane.mul(s, lane.add(half, lane.mul(z, polynomial(lane, c, z)))),
    lane.mul(k, lane.splat(ln2[1])),
  );
  const result = b.local("v128");
  b.add(lane.sub(lane.mul(k, lane.splat(ln2[0])), lane.sub(lane.sub(half, tail), f)), set(result));
  const usual = and(lane.le(lane.splat(lane.smallestNormal), x), lane.le(x, lane.splat(lane.largest)));
  const unusual = b.let(not(usual));
  const repair = aside(b, () => {
    const zero = lane.splat(0);
    const special = select(
      lane.lt(x, zero),
      lane.splat(Number.NaN),
      select(lane.eq(x, zero), lane.splat(Number.NEGATIVE_INFINITY), x),
    );
    b.add(select(unusual, special, get(result)), set(result));
    const subnormal = and(lane.lt(zero, x), lane.lt(x, lane.splat(lane.smallestNormal)));
    b.add(when(anyTrue(subnormal), [...slow(x), ...set(result)]));
  });
  b.add(when(anyTrue(unusual), repair));
  return get(result);
}
