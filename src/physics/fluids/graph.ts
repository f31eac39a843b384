import type { Cell } from "./cell.ts";
import { pairList } from "./pair-list.ts";

/**
 * The directed neighbour graph of a frame: edge e points from the receiving bead `receiver[e]` to its neighbour
 * `sender[e]`. Edges are sorted by receiver, then by sender; both directions are there and no bead is its own
 * neighbour.
 */
export interface NeighbourGraph {
  beads: number;
  edges: number;
  receiver: Int32Array;
  sender: Int32Array;
  /** edges×3, Å: r_sender − r_receiver of the image within the cutoff. */
  vectors: Float64Array;
  distances: Float64Array;
  /** Edges of bead i: starts[i] … starts[i + 1] − 1. */
  starts: Int32Array;
}

/** The graph of all beads nearer than `cutoff` Å. @throws UserError as `pairList`. */
export function neighbourGraph(
  positions: Float64Array,
  within: Cell,
  cutoff: number,
  options: { floor?: number } = {},
): NeighbourGraph {
  const beads = positions.length / 3;
  const pairs = pairList(positions, within, cutoff, options);
  const edges = 2 * pairs.count;
  const order = Int32Array.from({ length: edges }, (_, e) => e);
  const from = (e: number) => (e % 2 === 0 ? pairs.first : pairs.second)[e >> 1]!;
  const to = (e: number) => (e % 2 === 0 ? pairs.second : pairs.first)[e >> 1]!;
  order.sort((a, b) => from(a) - from(b) || to(a) - to(b));
  const graph: NeighbourGraph = {
    beads,
    edges,
    receiver: Int32Array.from(order, from),
    sender: Int32Array.from(order, to),
    vectors: new Float64Array(3 * edges),
    distances: new Float64Array(edges),
    starts: new Int32Array(beads + 1),
  };
  order.forEach((e, at) => {
    const p = e >> 1;
    const sign = e % 2 === 0 ? 1 : -1;
    const [i, j] = [pairs.first[p]!, pairs.second[p]!];
    let square = 0;
    for (let k = 0; k < 3; k++) {
      const component = positions[3 * j + k]! - positions[3 * i + k]! + pairs.offsets[3 * p + k]!;
      graph.vectors[3 * at + k] = sign * component;
      square += component * component;
    }
    graph.distances[at] = Math.sqrt(square);
    graph.starts[graph.receiver[at]! + 1]!++;
  });
  for (let i = 0; i < beads; i++) graph.starts[i + 1]! += graph.starts[i]!;
  return graph;
}
