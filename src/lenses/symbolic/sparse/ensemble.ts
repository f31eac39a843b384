import type { Random } from "../../../core/random.ts";
import { type Moments, sumOfMoments } from "./normal.ts";
import { type ThresholdOptions, thresholdedLeastSquares } from "./stlsq.ts";

/** What resamples say of one equation's terms. */
export interface Ensemble {
  /** Share of the resamples that choose each term. */
  inclusion: Float64Array;
  /** Median of each coefficient over the resamples, those without the term counting 0. */
  median: Float64Array;
  /** Standard deviation of each coefficient over the resamples that choose it; NaN with fewer than two. */
  spread: Float64Array;
}

/**
 * The sparse regression on `rounds` bootstrap resamples of the parts of the data, for each target. A resample whose terms
 * depend on each other counts as an error of the data, not of chance, and is thrown on.
 * Source: Fasel, Kutz, Brunton & Brunton, Proc. R. Soc. A 478 (2022) 20210904.
 */
export function ensemble(
  parts: readonly Moments[],
  options: ThresholdOptions & { rounds: number; random: Random },
): Ensemble[] {
  const { rounds, random } = options;
  const terms = parts[0]!.gram.cols;
  const targets = parts[0]!.right.length;
  const fits: Float64Array[][] = Array.from({ length: targets }, () => []);
  for (let round = 0; round < rounds; round++) {
    const counts = new Float64Array(parts.length);
    for (let i = 0; i < parts.length; i++) counts[random.int(parts.length)]!++;
    const { gram, right } = sumOfMoments(parts, counts);
    right.forEach((moments, k) => {
      fits[k]!.push(thresholdedLeastSquares(gram, moments, options));
    });
  }
  return fits.map((list) => summary(list, terms));
}

function summary(list: readonly Float64Array[], terms: number): Ensemble {
  const out: Ensemble = {
    inclusion: new Float64Array(terms),
    median: new Float64Array(terms),
    spread: new Float64Array(terms),
  };
  for (let j = 0; j < terms; j++) {
    const values = list.map((fit) => fit[j]!);
    const chosen = values.filter((value) => value !== 0);
    const centre = chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
    const squares = chosen.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    values.sort((a, b) => a - b);
    out.inclusion[j] = chosen.length / list.length;
    out.median[j] = (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2;
    out.spread[j] = chosen.length < 2 ? Number.NaN : Math.sqrt(squares / (chosen.length - 1));
  }
  return out;
}
