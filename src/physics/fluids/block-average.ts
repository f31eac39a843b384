import { demand } from "../../core/errors.ts";
import { mean, variance } from "../../stats/describe.ts";

/** A mean over a correlated series and its standard error. */
export interface BlockAverage {
  mean: number;
  /** √(variance of the block means / blocks): honest where blocks are longer than the memory of the series. */
  error: number;
  blocks: number;
}

/**
 * Mean and standard error of a time series from the means of `blocks` equal blocks (10 by default; the values that do
 * not fill a block are left off the front, where a series is least settled).
 * Source: Flyvbjerg & Petersen, J. Chem. Phys. 91 (1989) 461.
 * @throws UserError for fewer than two blocks or fewer values than blocks.
 */
export function blockAverage(series: ArrayLike<number>, blocks = 10): BlockAverage {
  demand(
    Number.isInteger(blocks) && blocks >= 2 && series.length >= blocks,
    () =>
      `blockAverage: ${blocks} blocks of ${series.length} values; expected two or more, with a value each`,
  );
  const length = Math.floor(series.length / blocks);
  const values = Float64Array.from(series).subarray(series.length - length * blocks);
  const means = Float64Array.from({ length: blocks }, (_, b) =>
    mean(values.subarray(b * length, (b + 1) * length)),
  );
  return { mean: mean(means), error: Math.sqrt(variance(means) / blocks), blocks };
}

/**
 * How many values of a series count as one independent value: g = 1 + 2 Σ_t (1 − t/n) C(t), summed until the
 * autocorrelation C first falls below zero; 1 for independent values. The standard error of the mean is √(g·variance/n).
 * Source: Chodera et al., J. Chem. Theory Comput. 3 (2007) 26.
 * @throws UserError for fewer than three values.
 */
export function statisticalInefficiency(series: ArrayLike<number>): number {
  const n = series.length;
  demand(n >= 3, () => `statisticalInefficiency: ${n} values; expected three or more`);
  const centre = mean(series);
  const spread = variance(series, 0);
  if (spread === 0) return n;
  let sum = 0;
  for (let t = 1; t < n - 1; t++) {
    let c = 0;
    for (let i = 0; i + t < n; i++) c += (series[i]! - centre) * (series[i + t]! - centre);
    c /= (n - t) * spread;
    if (c <= 0) break;
    sum += (1 - t / n) * c;
  }
  return Math.max(1, 1 + 2 * sum);
}
