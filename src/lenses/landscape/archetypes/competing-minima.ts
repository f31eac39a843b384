import { demand } from "../../../core/errors.ts";
import { type HeatCapacityPeak, heatCapacityPeaks } from "../thermodynamics/heat-capacity-peaks.ts";
import { type HarmonicMinimum, type Levels, superpositionLevels } from "../thermodynamics/superposition.ts";

/** Peaks of the heat capacity with the minima that lose and gain there, and the range that was looked at. */
export interface CompetingMinima {
  levels: Levels;
  range: { from: number; to: number };
  peaks: HeatCapacityPeak[];
}

/**
 * Which minima compete, and at which temperature: the peaks of the superposition's heat capacity, each with the minima
 * whose share falls and rises there, by the sign of dp/dT. Temperatures run from 0.03 of the gap between the
 * two lowest values to ten times the whole spread, unless `range` says otherwise. The network has to tell minima apart by
 * their distance too: where copies under a symmetry of the data count once, their share is too small.
 * @throws UserError for one minimum, minima of one value, or of different numbers of zero modes.
 */
export function competingMinima(
  network: { n: number; minima: readonly HarmonicMinimum[] },
  range?: { from: number; to: number },
): CompetingMinima {
  const levels = superpositionLevels(network.minima, network.n);
  const sorted = Array.from(levels.values).sort((a, b) => a - b);
  const spread = sorted.at(-1)! - sorted[0]!;
  demand(
    spread > 0,
    () => `competingMinima: ${sorted.length} minima of one value ${sorted[0]}; nothing competes`,
  );
  const gap = sorted.find((value) => value > sorted[0]! + 1e-12 * spread)! - sorted[0]!;
  const chosen = range ?? { from: 0.03 * Math.max(gap, 1e-4 * spread), to: 10 * spread };
  return { levels, range: chosen, peaks: heatCapacityPeaks(levels, chosen) };
}
