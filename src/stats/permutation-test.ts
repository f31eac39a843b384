import type { Random } from "../core/random.ts";
import { exceedancePValue } from "./exceedance.ts";

/**
 * A permutation test of association: how often does `statistic(x, shuffled y)` reach its value on the data? One-sided,
 * large values against the null of exchangeable y. B = `rounds` shuffles.
 */
export function permutationTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  statistic: (x: ArrayLike<number>, y: ArrayLike<number>) => number,
  options: { rounds: number; random: Random },
): { observed: number; p: number; floor: number } {
  const observed = statistic(x, y);
  const shuffled = new Float64Array(y.length);
  const values = Float64Array.from({ length: options.rounds }, () => {
    options.random.permutation(y.length).forEach((from, to) => {
      shuffled[to] = y[from]!;
    });
    return statistic(x, shuffled);
  });
  return { observed, p: exceedancePValue(observed, values), floor: 1 / (options.rounds + 1) };
}
