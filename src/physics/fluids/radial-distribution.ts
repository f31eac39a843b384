import { averageHistograms, type Distribution, evenEdges } from "./histogram-frames.ts";
import { pairList } from "./pair-list.ts";
import type { Configuration } from "./start.ts";

/** g(r) with the number of neighbours up to each distance. */
export interface RadialDistribution extends Distribution {
  /** Mean number of beads nearer than each bin's upper edge. */
  neighbours: Float64Array;
}

/**
 * The radial distribution function g(r): pairs per shell over those of an ideal gas of the same number of beads,
 * N(N−1)/2 · 4πr²dr/V. Frames are periodic.
 * @param options.rMax Å; at most half of the cell's least width. @param options.bins 100 by default.
 * @throws UserError for no frames, and as `pairList`.
 */
export function radialDistribution(
  frames: readonly Configuration[],
  options: { rMax: number; bins?: number; blocks?: number },
): RadialDistribution {
  const { rMax, bins = 100 } = options;
  const edges = evenEdges(0, rMax, bins, "radialDistribution");
  const neighbours = new Float64Array(bins);
  const shells = Float64Array.from(
    { length: bins },
    (_, k) => (4 / 3) * Math.PI * (edges[k + 1]! ** 3 - edges[k]! ** 3),
  );
  const histograms = frames.map(({ positions, cell }) => {
    const beads = positions.length / 3;
    const counts = new Float64Array(bins);
    for (const r of pairDistances({ positions, cell }, rMax)) {
      counts[Math.min(bins - 1, Math.floor((r / rMax) * bins))]!++;
    }
    let within = 0;
    counts.forEach((count, k) => {
      within += count;
      neighbours[k]! += (2 * within) / beads / frames.length;
    });
    return counts.map((count, k) => (count * cell.volume * 2) / (beads * (beads - 1) * shells[k]!));
  });
  return { ...averageHistograms(histograms, edges, "radialDistribution", options.blocks), neighbours };
}

/** Distances of all pairs nearer than `radius`, Å. */
export function pairDistances({ positions, cell }: Configuration, radius: number): Float64Array {
  const { count, first, second, offsets } = pairList(positions, cell, radius);
  return Float64Array.from({ length: count }, (_, p) => {
    const [i, j] = [3 * first[p]!, 3 * second[p]!];
    return Math.hypot(
      positions[j]! - positions[i]! + offsets[3 * p]!,
      positions[j + 1]! - positions[i + 1]! + offsets[3 * p + 1]!,
      positions[j + 2]! - positions[i + 2]! + offsets[3 * p + 2]!,
    );
  });
}

/** Mean number of neighbours nearer than `radius` Å, one number a frame. @throws UserError as `pairList`. */
export function coordination(frames: readonly Configuration[], radius: number): Float64Array {
  return Float64Array.from(frames, ({ positions, cell }) => {
    return (2 * pairList(positions, cell, radius).count) / (positions.length / 3);
  });
}
