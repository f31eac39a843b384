import type { NeighbourGraph } from "../../../physics/fluids/graph.ts";

/** The graph of some beads alone: edges among `beads` (ascending), numbered by their place in `beads`. */
export function inducedGraph(graph: NeighbourGraph, beads: ArrayLike<number>): NeighbourGraph {
  const count = beads.length;
  const place = new Map<number, number>();
  for (let k = 0; k < count; k++) place.set(beads[k]!, k);
  const kept: number[] = [];
  const starts = new Int32Array(count + 1);
  for (let k = 0; k < count; k++) {
    const bead = beads[k]!;
    for (let e = graph.starts[bead]!; e < graph.starts[bead + 1]!; e++) {
      if (place.has(graph.sender[e]!)) kept.push(e);
    }
    starts[k + 1] = kept.length;
  }
  return {
    beads: count,
    edges: kept.length,
    receiver: Int32Array.from(kept, (e) => place.get(graph.receiver[e]!)!),
    sender: Int32Array.from(kept, (e) => place.get(graph.sender[e]!)!),
    vectors: Float64Array.from(
      { length: 3 * kept.length },
      (_, k) => graph.vectors[3 * kept[Math.floor(k / 3)]! + (k % 3)]!,
    ),
    distances: Float64Array.from(kept, (e) => graph.distances[e]!),
    starts,
  };
}
