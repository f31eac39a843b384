import type { NeighbourGraph } from "../../physics/fluids/graph.ts";

/** The graph without the edges between some pairs of beads, in both directions. */
export function withoutPairs(
  graph: NeighbourGraph,
  pairs: readonly (readonly [number, number])[],
): NeighbourGraph {
  const cut = new Set(pairs.flatMap(([i, j]) => [i * graph.beads + j, j * graph.beads + i]));
  const kept = Array.from({ length: graph.edges }, (_, e) => e).filter(
    (e) => !cut.has(graph.receiver[e]! * graph.beads + graph.sender[e]!),
  );
  const starts = new Int32Array(graph.beads + 1);
  for (const e of kept) starts[graph.receiver[e]! + 1]!++;
  for (let i = 0; i < graph.beads; i++) starts[i + 1]! += starts[i]!;
  return {
    beads: graph.beads,
    edges: kept.length,
    receiver: Int32Array.from(kept, (e) => graph.receiver[e]!),
    sender: Int32Array.from(kept, (e) => graph.sender[e]!),
    vectors: Float64Array.from(
      { length: 3 * kept.length },
      (_, k) => graph.vectors[3 * kept[Math.floor(k / 3)]! + (k % 3)]!,
    ),
    distances: Float64Array.from(kept, (e) => graph.distances[e]!),
    starts,
  };
}
