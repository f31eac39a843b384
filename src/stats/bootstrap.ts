import type { Random } from "../core/random.ts";
import { quantile } from "./quantile.ts";

/**
 * A percentile bootstrap interval of `statistic` (Efron 1979): `rounds` resamples of whole items with replacement, and
 * the central `level` share of the statistic's values on them.
 * @throws RangeError for no items.
 */
export function bootstrapInterval<T>(
  items: ArrayLike<T>,
  statistic: (sample: T[]) => number,
  options: { rounds: number; level: number; random: Random },
): { low: number; high: number } {
  const n = items.length;
  if (n === 0) throw new RangeError("bootstrapInterval: no items");
  const values = Float64Array.from({ length: options.rounds }, () =>
    statistic(Array.from({ length: n }, () => items[options.random.int(n)]!)),
  );
  const tail = (1 - options.level) / 2;
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
}
