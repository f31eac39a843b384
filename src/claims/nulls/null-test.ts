import { exceedancePValue } from "../../stats/exceedance.ts";
import { quantile } from "../../stats/quantile.ts";
import type { NullTest } from "../card.ts";

/** The null test that `draws` of a null model give of an observed statistic, large values speaking for the claim. */
export function nullTest(
  observed: number,
  draws: Float64Array,
  words: Pick<NullTest, "name" | "statistic" | "cost" | "reference">,
): NullTest {
  const rounds = draws.length;
  const p = exceedancePValue(observed, draws);
  return {
    ...words,
    observed,
    rounds,
    exceedances: Math.round(p * (rounds + 1)) - 1,
    p,
    floor: 1 / (rounds + 1),
    median: quantile(draws, 0.5),
    high: quantile(draws, 0.95),
  };
}
