import { type GraphNetwork, networkEnergy } from "../../../models/potentials/potential.ts";
import { evaluate, type ForceField, totalEnergy } from "../../../physics/fluids/force-field.ts";
import type { NeighbourGraph } from "../../../physics/fluids/graph.ts";
import type { Configuration } from "../../../physics/fluids/start.ts";
import { inducedGraph } from "./induced-graph.ts";

/** Energy of some beads of a frame alone, kcal/mol: the others are not there. `beads` ascending. */
export type SubsetEnergy = (beads: ArrayLike<number>) => number;

/** Of a network: it runs on the graph of the beads that are left. */
export function networkSubsets(net: GraphNetwork, graph: NeighbourGraph, species: Int32Array): SubsetEnergy {
  return (beads) =>
    networkEnergy(
      net,
      inducedGraph(graph, beads),
      Int32Array.from(beads, (i) => species[i]!),
    );
}

/** Of a law with known terms. */
export function fieldSubsets(field: ForceField, { positions, cell }: Configuration): SubsetEnergy {
  return (beads) => {
    const left = new Float64Array(3 * beads.length);
    for (let k = 0; k < beads.length; k++) {
      left.set(positions.subarray(3 * beads[k]!, 3 * beads[k]! + 3), 3 * k);
    }
    return totalEnergy(evaluate(field, { positions: left, cell }));
  };
}

/** The same energy less that of every bead alone: zero for a bead, whatever constants a network has learned. */
export function withoutSingles(energy: SubsetEnergy, beads: number): SubsetEnergy {
  const alone = Float64Array.from({ length: beads }, (_, i) => energy([i]));
  return (set) => {
    let value = set.length === 1 ? alone[set[0]!]! : energy(set);
    for (let k = 0; k < set.length; k++) value -= alone[set[k]!]!;
    return value;
  };
}
