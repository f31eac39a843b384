import { demand } from "../../core/errors.ts";
import { type NeighbourGraph, neighbourGraph } from "./graph.ts";
import { averageHistograms, type Distribution, evenEdges } from "./histogram-frames.ts";
import type { Configuration } from "./start.ts";

/**
 * The distribution p(θ) of the angle between two neighbours nearer than `shell` Å of a common bead, per degree
 * (its integral over 0–180° is 1 in every frame that has such a triplet).
 * @param options.bins 90 by default. @throws UserError for no frames, for frames without triplets, as `pairList`.
 */
export function angleDistribution(
  frames: readonly Configuration[],
  options: { shell: number; bins?: number; blocks?: number },
): Distribution {
  const { shell, bins = 90 } = options;
  const edges = evenEdges(0, 180, bins, "angleDistribution");
  const histograms = frames.map(({ positions, cell }, f) => {
    const graph = neighbourGraph(positions, cell, shell);
    const counts = new Float64Array(bins);
    let total = 0;
    eachCorner(graph, (_bead, cosine) => {
      const degrees = (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
      counts[Math.min(bins - 1, Math.floor((degrees / 180) * bins))]!++;
      total++;
    });
    demand(
      total > 0,
      () => `angleDistribution: frame ${f} has no bead with two neighbours within ${shell} Å`,
    );
    return counts.map((count) => count / (total * (180 / bins)));
  });
  return averageHistograms(histograms, edges, "angleDistribution", options.blocks);
}

/** Calls `visit(bead, cos θ, spoke a, spoke b)` for every two spokes (edges of the graph) of every bead. */
export function eachCorner(
  { beads, starts, vectors, distances }: NeighbourGraph,
  visit: (bead: number, cosine: number, a: number, b: number) => void,
): void {
  for (let i = 0; i < beads; i++) {
    for (let a = starts[i]!; a < starts[i + 1]!; a++) {
      for (let b = a + 1; b < starts[i + 1]!; b++) {
        const dot =
          vectors[3 * a]! * vectors[3 * b]! +
          vectors[3 * a + 1]! * vectors[3 * b + 1]! +
          vectors[3 * a + 2]! * vectors[3 * b + 2]!;
        visit(i, dot / (distances[a]! * distances[b]!), a, b);
      }
    }
  }
}

/**
 * The tetrahedral order q = 1 − ⅜ Σ (cos θ_jk + ⅓)² over the six angles among the four nearest neighbours, one number
 * a bead: 1 in diamond, 0 on average in an ideal gas.
 * Source: Errington & Debenedetti, Nature 409 (2001) 318, after Chau & Hardwick, Mol. Phys. 93 (1998) 511.
 * @throws UserError where a bead does not find four neighbours within half of the cell, and as `pairList`.
 */
export function tetrahedralOrder({ positions, cell }: Configuration): Float64Array {
  const beads = positions.length / 3;
  const most = Math.min(...cell.heights.map((h, k) => (cell.periodic[k] ? h / 2 : Number.POSITIVE_INFINITY)));
  demand(Number.isFinite(most), () => "tetrahedralOrder: the cell is open; expected a periodic one");
  // A sphere that holds about 16 beads, widened until the poorest bead has its four.
  let radius = Math.min(most, Math.cbrt((16 * cell.volume) / beads / ((4 / 3) * Math.PI)));
  for (;;) {
    const graph = neighbourGraph(positions, cell, radius);
    const poorest = graph.starts.subarray(1).findIndex((end, i) => end - graph.starts[i]! < 4);
    if (poorest < 0) return fourNearest(graph);
    demand(
      radius < most,
      () =>
        `tetrahedralOrder: bead ${poorest} has fewer than four neighbours within ${radius.toFixed(2)} Å, half of the cell`,
    );
    radius = Math.min(most, 1.3 * radius);
  }
}

function fourNearest({ beads, starts, vectors, distances }: NeighbourGraph): Float64Array {
  return Float64Array.from({ length: beads }, (_, i) => {
    const spokes = Array.from({ length: starts[i + 1]! - starts[i]! }, (_unused, e) => starts[i]! + e);
    const near = spokes.sort((a, b) => distances[a]! - distances[b]!).slice(0, 4);
    let sum = 0;
    for (let a = 0; a < 4; a++) {
      for (let b = a + 1; b < 4; b++) {
        const [p, q] = [near[a]!, near[b]!];
        let dot = 0;
        for (let k = 0; k < 3; k++) dot += vectors[3 * p + k]! * vectors[3 * q + k]!;
        sum += (dot / (distances[p]! * distances[q]!) + 1 / 3) ** 2;
      }
    }
    return 1 - 0.375 * sum;
  });
}
