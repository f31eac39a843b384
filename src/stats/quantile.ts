/**
 * The `share` quantile by linear interpolation between order statistics, at position (n − 1)·share (Hyndman & Fan 1996,
 * type 7: NumPy's and R's default). The values need not be sorted.
 * @throws RangeError for no values, a NaN, or a share outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`quantile: share ${share} is not within 0 to 1`);
  if (values.length === 0) throw new RangeError("quantile: no values");
  const sorted = Float64Array.from(values).sort();
  // Float64Array.sort puts NaN last.
  if (Number.isNaN(sorted.at(-1))) throw new RangeError("quantile: the values hold a NaN");
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low === high ? low : low + (at - below) * (high - low);
}

/** The middle value, or the mean of the middle two. @throws RangeError as {@link quantile}. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
