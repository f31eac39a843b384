import type { Body } from "../../../core/wasm/body.ts";
import type { Code } from "../../../core/wasm/encode.ts";
import { f64x2 as f } from "../../../core/wasm/lane.ts";

/** ln 2/2 in two parts, the first of 32 bits, so that a whole number times it is exact. */
const halfLn2 = [0.3465735901845619, 9.541074646352939e-11] as const;

/**
 * z = k ln 2/2 + u with |u| ≤ ln 2/4: 2ᵏ, and p and q of the sixth convergent of Lambert's continued fraction,
 * tanh u ≈ p/q, p = u(10395 + 1260u² + 21u⁴), q = 10395 + 4725u² + 210u⁴ + u⁶, relatively wrong by less than 6·10⁻¹⁹.
 */
function reduced(b: Body, z: Code): { power: Code; p: Code; q: Code } {
  const shifted = b.let(f.add(f.mul(z, f.splat(2 / Math.LN2)), f.splat(f.magic)));
  const k = b.let(f.sub(shifted, f.splat(f.magic)));
  const high = f.sub(z, f.mul(k, f.splat(halfLn2[0])));
  const u = b.let(f.sub(high, f.mul(k, f.splat(halfLn2[1]))));
  const t = b.let(f.mul(u, u));
  const horner = (...c: number[]) =>
    c.slice(1).reduce((sum, one) => f.add(f.mul(sum, t), f.splat(one)), f.splat(c[0]!));
  return {
    power: b.let(f.shiftLeft(f.add(shifted, f.splat(f.bias)), f.mantissaBits)),
    p: b.let(f.mul(u, horner(21, 1260, 10395))),
    q: b.let(f.add(f.mul(f.add(f.mul(f.add(t, f.splat(210)), t), f.splat(4725)), t), f.splat(10395))),
  };
}

/**
 * tanh x = ((2ᵏ − 1)q + (2ᵏ + 1)p)/((2ᵏ + 1)q + (2ᵏ − 1)p), odd to the last bit and within four units of it; ±1 from 20 on.
 */
export function tanh(b: Body, x: Code): Code {
  const { power, p, q } = reduced(b, b.let(f.pmax(f.pmin(x, f.splat(20)), f.splat(-20))));
  const more = b.let(f.add(power, f.splat(1)));
  const less = b.let(f.sub(power, f.splat(1)));
  return f.div(f.add(f.mul(less, q), f.mul(more, p)), f.add(f.mul(more, q), f.mul(less, p)));
}

/** exp x = 2ᵏ(q + p)/(q − p) of x ≤ 0, within four units in the last place; below −700 as at −700. */
export function expOfNegative(b: Body, x: Code): Code {
  const { power, p, q } = reduced(b, b.let(f.mul(f.pmax(x, f.splat(-700)), f.splat(0.5))));
  return f.div(f.mul(power, f.add(q, p)), f.sub(q, p));
}
