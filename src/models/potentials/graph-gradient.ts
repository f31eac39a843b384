import type { NeighbourGraph } from "../../physics/fluids/graph.ts";

/** Energy of a frame with what follows from its gradient by the edge vectors. */
export interface EnergyAndForces {
  /** kcal/mol. */
  energy: number;
  /** beads×3, kcal/mol/Å. */
  forces: Float64Array;
  /** W_ab = −Σ_e r_a ∂E/∂r_b over edges, row-major 3×3, kcal/mol. */
  virial: Float64Array;
}

/** Forces and virial from ∂E/∂r of every edge (edges×3), with r = r_sender − r_receiver. */
export function forcesOfEdges(
  graph: NeighbourGraph,
  energy: number,
  gradient: Float64Array,
): EnergyAndForces {
  const forces = new Float64Array(3 * graph.beads);
  const virial = new Float64Array(9);
  for (let e = 0; e < graph.edges; e++) {
    const [i, j] = [graph.receiver[e]!, graph.sender[e]!];
    for (let k = 0; k < 3; k++) {
      const slope = gradient[3 * e + k]!;
      forces[3 * i + k]! += slope;
      forces[3 * j + k]! -= slope;
      for (let a = 0; a < 3; a++) virial[3 * a + k]! -= graph.vectors[3 * e + a]! * slope;
    }
  }
  return { energy, forces, virial };
}
