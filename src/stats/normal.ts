/**
 * The error function 2/√π ∫₀ˣ e^(−t²) dt, to 1e-15: its power series below |x| = 2, the continued fraction of its
 * complement above. Source: Abramowitz & Stegun (1964), 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  if (size < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return ((2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = size;
  for (let n = 120; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction);
}

/** The share of a standard normal distribution that lies within ±z: erf(z/√2). */
export function normalShareWithin(z: number): number {
  return erf(z / Math.SQRT2);
}
