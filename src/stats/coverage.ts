import { UserError } from "../core/errors.ts";
import { normalShareWithin } from "./normal.ts";

/** How many values fall inside the intervals that were stated for them. */
export interface Coverage {
  /** The share of values the central interval promises to hold. */
  level: number;
  /** The share it holds. */
  share: number;
  /** Binomial standard deviation that `share` has where the promise is kept: √(level(1 − level)/count). */
  expectedSpread: number;
  count: number;
}

/**
 * Coverage of central normal intervals: for each level, the share of values with |actual − predicted| within the
 * z·sigma whose interval holds that share of a normal distribution. A share below its level means uncertainties that
 * are stated too small. Errors of neighbouring nuclei, pixels or times depend on each other, so the share scatters
 * more than `expectedSpread`.
 * @param sigma one standard deviation of each prediction. @param levels between 0 and 1; 0.68 and 0.95.
 * @throws UserError for lengths that differ or none, a sigma that is not positive, values that are not finite and a
 * level outside (0, 1).
 */
export function coverage(
  predicted: ArrayLike<number>,
  sigma: ArrayLike<number>,
  actual: ArrayLike<number>,
  levels: readonly number[] = [0.68, 0.95],
): Coverage[] {
  const count = actual.length;
  if (count === 0 || predicted.length !== count || sigma.length !== count) {
    throw new UserError(
      `coverage: ${predicted.length} predictions, ${sigma.length} sigmas, ${count} values; expected as many of each, at least one`,
    );
  }
  const outside = levels.find((level) => !(level > 0 && level < 1));
  if (outside !== undefined)
    throw new UserError(`coverage: level ${outside}; expected a number between 0 and 1`);
  const within = Array.from({ length: count }, (_, i) => {
    const miss = Math.abs(actual[i]! - predicted[i]!);
    if (!(sigma[i]! > 0 && sigma[i]! < Infinity) || !Number.isFinite(miss)) {
      throw new UserError(
        `coverage: value ${i} is ${actual[i]}, predicted ${predicted[i]} ± ${sigma[i]}; expected numbers and a positive sigma`,
      );
    }
    return normalShareWithin(miss / sigma[i]!);
  });
  return levels.map((level) => ({
    level,
    share: within.filter((share) => share <= level).length / count,
    expectedSpread: Math.sqrt((level * (1 - level)) / count),
    count,
  }));
}
