import { aside, type Body, get, set, when } from "./body.ts";
import { coefficients } from "./coefficients.ts";
import type { Code } from "./encode.ts";
import { polynomial } from "./exp.ts";
import { and, anyTrue, type Lane, not, select, xor } from "./lane.ts";

/**
 * sin x or cos x: at most 1 ulp from the true value in f64 (|x| < 1.6·10⁶) and f32 (|x| < 6400), after subtracting the
 * nearest multiple of π/2 in three (f32: four) parts with the rounding error carried on (Cody and Waite 1980).
 * `slow` computes vectors that hold a larger, infinite or NaN lane.
 */
export function sinOrCos(b: Body, lane: Lane, which: "sin" | "cos", x: Code, slow: (x: Code) => Code): Code {
  const c = coefficients[lane.name];
  const magic = lane.splat(lane.magic);
  const counted = b.let(lane.add(lane.mul(x, lane.splat(2 / Math.PI)), magic));
  const n = b.let(lane.sub(counted, magic));
  const first = b.let(lane.sub(x, lane.mul(n, lane.splat(c.halfPi[0]!))));
  const step = b.let(lane.mul(n, lane.splat(c.halfPi[1]!)));
  const high = b.let(lane.sub(first, step));
  let low = lane.sub(lane.sub(first, high), step);
  for (const part of c.halfPi.slice(2)) low = lane.sub(low, lane.mul(n, lane.splat(part)));
  const correction = b.let(low);
  const r = b.let(lane.add(high, correction));
  const tail = b.let(lane.add(lane.sub(high, r), correction));
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
  const limit = lane.splat(c.quadrants * 1.57);
  const repair = aside(b, () => b.add(slow(x), set(result)));
  b.add(when(anyTrue(not(lane.le(lane.abs(x), limit))), repair));
  return get(result);
}
