import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { mean, rms } from "../../stats/describe.ts";

/** Standard deviation of `values` about their mean (divided by n). */
export function spreadOf(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const centre = mean(list);
  return rms(list.map((value) => value - centre));
}

/**
 * `values` with normal noise of standard deviation `level` times their own, and that standard deviation: the noise of
 * SRBench (La Cava et al., NeurIPS 2021).
 * @throws UserError for a negative level.
 */
export function withNoise(
  values: Float64Array,
  level: number,
  random: Random,
): { values: Float64Array; sigma: number } {
  if (!(level >= 0 && level < Infinity)) {
    throw new UserError(`withNoise: a level of ${level}; expected a number from 0, such as 0.01`);
  }
  const sigma = level * spreadOf(values);
  return {
    values: sigma === 0 ? values.slice() : values.map((value) => value + sigma * random.normal()),
    sigma,
  };
}
