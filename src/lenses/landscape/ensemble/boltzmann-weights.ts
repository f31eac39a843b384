import {
  type HarmonicMinimum,
  superpositionLevels,
  thermodynamics,
} from "../thermodynamics/superposition.ts";
import type { PoolMember } from "./pool.ts";

/**
 * The share of each member of a pool in the harmonic superposition of these minima at temperature T: p_a ∝ g_a exp(−L_a/T)
 * ∏ λ^−½. @throws UserError for members with different numbers of zero modes.
 */
export function boltzmannWeights(
  network: { n: number; minima: readonly HarmonicMinimum[] },
  pool: readonly Pick<PoolMember, "minimum">[],
  temperature: number,
): Float64Array {
  const minima = pool.map(({ minimum }) => network.minima[minimum]!);
  return thermodynamics(superpositionLevels(minima, network.n), temperature).occupation;
}
