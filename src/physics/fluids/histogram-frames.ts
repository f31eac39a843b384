import { demand } from "../../core/errors.ts";

/** A distribution over bins, averaged over frames, with a standard error from blocks of frames. */
export interface Distribution {
  /** Bin edges, one more than bins. */
  edges: Float64Array;
  /** Bin middles. */
  at: Float64Array;
  value: Float64Array;
  /** Standard error of each value from blocks of consecutive frames; NaN for fewer than two frames. */
  error: Float64Array;
}

/**
 * Averages one histogram a frame (already normalised) and takes the standard error from `blocks` blocks of consecutive
 * frames (10, or as many as there are frames). @throws UserError for no frames.
 */
export function averageHistograms(
  histograms: readonly Float64Array[],
  edges: Float64Array,
  where: string,
  blocks = 10,
): Distribution {
  demand(histograms.length > 0, () => `${where}: no frames`);
  const bins = edges.length - 1;
  const count = Math.min(blocks, histograms.length);
  const value = new Float64Array(bins);
  const error = new Float64Array(bins).fill(Number.NaN);
  for (const histogram of histograms)
    for (let k = 0; k < bins; k++) value[k]! += histogram[k]! / histograms.length;
  if (count >= 2) {
    for (let k = 0; k < bins; k++) {
      let [sum, squares] = [0, 0];
      for (let b = 0; b < count; b++) {
        const from = Math.floor((b * histograms.length) / count);
        const to = Math.floor(((b + 1) * histograms.length) / count);
        let block = 0;
        for (let f = from; f < to; f++) block += histograms[f]![k]! / (to - from);
        sum += block;
        squares += block * block;
      }
      error[k] = Math.sqrt(Math.max(0, squares - sum ** 2 / count) / (count * (count - 1)));
    }
  }
  const at = Float64Array.from({ length: bins }, (_, k) => (edges[k]! + edges[k + 1]!) / 2);
  return { edges, at, value, error };
}

/** `bins` equal bins from `low` to `high`. @throws UserError for a range or a number of bins that is none. */
export function evenEdges(low: number, high: number, bins: number, where: string): Float64Array {
  demand(
    Number.isInteger(bins) && bins > 0 && high > low,
    () => `${where}: ${bins} bins from ${low} to ${high}; expected a whole number of them and a range`,
  );
  return Float64Array.from({ length: bins + 1 }, (_, k) => low + ((high - low) * k) / bins);
}
