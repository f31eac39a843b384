/** Arithmetic mean. NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * Sample variance Σ(x − x̄)²/(n − ddof), in two passes. `ddof` 1 (default) is unbiased, 0 is the mean square deviation.
 * NaN where n ≤ ddof.
 */
export function variance(values: ArrayLike<number>, ddof: 0 | 1 = 1): number {
  const n = values.length;
  if (n <= ddof) return Number.NaN;
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (values[i]! - centre) ** 2;
  return sum / (n - ddof);
}

/** Root mean square √(Σx²/n), in the values' unit. NaN for no values. */
export function rms(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length);
}
