/**
 * tanh and exp of whole columns without calls into the runtime: the same bits on every machine. Both stand on one
 * reduction, z = k ln 2/2 + u with |u| ≤ ln 2/4, and on the sixth convergent of Lambert's continued fraction,
 * tanh u ≈ uP/Q with P = 10395 + 1260u² + 21u⁴ and Q = 10395 + 4725u² + 210u⁴ + u⁶, relatively wrong by less than 6·10⁻¹⁹.
 */
const rounder = 1.5 * 2 ** 52;
const perHalfLn2 = 2 / Math.LN2;
/** ln 2/2 in two parts, the first of 32 bits, so that k times it is exact. */
const halfLn2High = 0.3465735901845619;
const halfLn2Low = 9.541074646352939e-11;

/** tanh z rounds to ±1 beyond. */
const widest = 20;
const reach = 60;
/** tanh(k ln 2/2) = (2ᵏ − 1)/(2ᵏ + 1). */
const halves = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => {
  const power = 2 ** (i - reach);
  return (power - 1) / (power + 1);
});

/** exp below this counts as exp of this: 10⁻³⁰⁴. */
const lowest = -700;
const deepest = 1020;
const powers = Float64Array.from({ length: deepest + 1 }, (_, i) => 2 ** (i - deepest));

/**
 * values[at … at + count − 1] ← tanh of themselves, by tanh z = (T + tanh u)/(1 + T tanh u), T = tanh(k ln 2/2). Within
 * 3 units in the last place.
 */
export function tanhInPlace(values: Float64Array, at: number, count: number): void {
  for (let i = at; i < at + count; i++) {
    let z = values[i]!;
    if (z > widest) z = widest;
    else if (z < -widest) z = -widest;
    const k = z * perHalfLn2 + rounder - rounder;
    const u = z - k * halfLn2High - k * halfLn2Low;
    const t = u * u;
    const p = u * (10395 + t * (1260 + t * 21));
    const q = 10395 + t * (4725 + t * (210 + t));
    const step = halves[(k + reach) | 0]!;
    values[i] = (step * q + p) / (q + step * p);
  }
}

/** exp of a number that is at most 0, by exp z = 2ᵏ(Q + uP)/(Q − uP) with z/2 = k ln 2/2 + u. Within 3 units in the last place. */
export function expOfNegative(value: number): number {
  const z = Math.max(value, lowest) * 0.5;
  const k = z * perHalfLn2 + rounder - rounder;
  const u = z - k * halfLn2High - k * halfLn2Low;
  const t = u * u;
  const p = u * (10395 + t * (1260 + t * 21));
  const q = 10395 + t * (4725 + t * (210 + t));
  return (powers[(k + deepest) | 0]! * (q + p)) / (q - p);
}
