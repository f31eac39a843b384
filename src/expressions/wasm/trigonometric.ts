import { aside, type Body, get, set, when } from "../../core/wasm/body.ts";
import type { Code } from "../../core/wasm/encode.ts";
import {
  and,
  anyTrue,
  demote,
  f32x4,
  f64x2,
  type Lane,
  not,
  promoteLow,
  select,
  shuffle,
  xor,
} from "../../core/wasm/lane.ts";
import { coefficients, halfPi, largestAngle } from "./coefficients.ts";
import { polynomial } from "./exp.ts";

/** x − n·π/2 as r + tail, the rounding errors carried on (Cody and Waite 1980; differences after Knuth 1969). */
function remainder(b: Body, lane: Lane, x: Code, n: Code): { r: Code; tail: Code } {
  const first = b.let(lane.sub(x, lane.mul(n, lane.splat(halfPi[0]))));
  const step = b.let(lane.mul(n, lane.splat(halfPi[1])));
  const high = b.let(lane.sub(first, step));
  const moved = b.let(lane.sub(high, first));
  const low = lane.sub(lane.sub(first, lane.sub(high, moved)), lane.add(step, moved));
  const correction = b.let(lane.sub(low, lane.mul(n, lane.splat(halfPi[2]))));
  const r = b.let(lane.add(high, correction));
  return { r, tail: b.let(lane.add(lane.sub(high, r), correction)) };
}

/** The same for four f32, computed in f64. */
function wideRemainder(b: Body, x: Code, n: Code): { r: Code; tail: Code } {
  const { sub, mul, splat } = f64x2;
  const half = (pick: (v: Code) => Code) => {
    const wide = b.let(promoteLow(pick(n)));
    const first = sub(promoteLow(pick(x)), mul(wide, splat(halfPi[0])));
    return b.let(demote(sub(first, mul(wide, splat(halfPi[1])))));
  };
  const places = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
  const low = half((v) => v);
  const high = half((v) => shuffle(v, v, places));
  const r = b.let(shuffle(low, high, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]));
  return { r, tail: f32x4.splat(0) };
}

/**
 * sin x or cos x: at most 1 ulp from the true value in f64 (|x| < 1.6·10⁶) and f32 (2 ulp, |x| < 10⁵), after subtracting the
 * nearest multiple of π/2. `slow` computes vectors that hold a larger, infinite or NaN lane.
 */
export function sinOrCos(b: Body, lane: Lane, which: "sin" | "cos", x: Code, slow: (x: Code) => Code): Code {
  const c = coefficients[lane.name];
  const magic = lane.splat(lane.magic);
  const counted = b.let(lane.add(lane.mul(x, lane.splat(2 / Math.PI)), magic));
  const n = b.let(lane.sub(counted, magic));
  const { r, tail } = lane.name === "f64" ? remainder(b, lane, x, n) : wideRemainder(b, x, n);
  const z = b.let(lane.mul(r, r));
  const half = b.let(lane.mul(z, lane.splat(0.5)));
  const top = b.let(lane.sub(lane.splat(1), half));
  const sine = b.let(
    lane.add(r, lane.add(lane.mul(lane.mul(z, r), polynomial(lane, c.sin, z)), lane.mul(tail, top))),
  );
  const cosine = b.let(
    lane.add(
      top,
      lane.add(
        lane.sub(lane.sub(lane.splat(1), top), half),
        lane.sub(lane.mul(lane.mul(z, z), polynomial(lane, c.cos, z)), lane.mul(r, tail)),
      ),
    ),
  );
  const quadrant = which === "sin" ? counted : b.let(lane.addInt(counted, lane.bits(1n)));
  const odd = lane.subInt(lane.bits(0n), and(quadrant, lane.bits(1n)));
  const sign = lane.shiftLeft(and(quadrant, lane.bits(2n)), lane.bytes * 8 - 2);
  const result = b.local("v128");
  b.add(xor(select(odd, cosine, sine), sign), set(result));
  const limit = lane.splat(largestAngle[lane.name]);
  const repair = aside(b, () => b.add(slow(x), set(result)));
  b.add(when(anyTrue(not(lane.le(lane.abs(x), limit))), repair));
  return get(result);
}
