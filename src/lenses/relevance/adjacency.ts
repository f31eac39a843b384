import { demand, UserError } from "../../core/errors.ts";
import type { NeighbourGraph } from "../../physics/fluids/graph.ts";

/** Edges of a graph by their ends. */
export interface Adjacency {
  /** The edge that brings `sender` to `receiver`; −1 for a bead to itself; −2 for strangers. */
  edge(receiver: number, sender: number): number;
  /** The edge that runs the other way. */
  reverse: Int32Array;
}

/** Looks edges up. @throws UserError for a graph that lacks the way back of an edge. */
export function adjacency(graph: NeighbourGraph): Adjacency {
  const { starts, sender, receiver } = graph;
  const edge = (to: number, from: number): number => {
    if (to === from) return -1;
    let [low, high] = [starts[to]!, starts[to + 1]!];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sender[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low < starts[to + 1]! && sender[low] === from ? low : -2;
  };
  const reverse = Int32Array.from({ length: graph.edges }, (_, e) => {
    const back = edge(sender[e]!, receiver[e]!);
    if (back >= 0) return back;
    throw new UserError(
      `adjacency: bead ${receiver[e]} hears bead ${sender[e]}, but not the other way; expected a graph with both directions`,
    );
  });
  return { edge, reverse };
}

/** How many walks of `hops` hops there are: Σ_ij ((A + 1)^hops)_ij. */
export function countWalks(graph: NeighbourGraph, hops: number): number {
  let counts = new Float64Array(graph.beads).fill(1);
  for (let t = 0; t < hops; t++) {
    const next = counts.slice();
    for (let e = 0; e < graph.edges; e++) next[graph.receiver[e]!]! += counts[graph.sender[e]!]!;
    counts = next;
  }
  return counts.reduce((sum, n) => sum + n, 0);
}

/**
 * All sets of `size` beads that hang together in the graph, ascending inside and among themselves: count×size.
 * @throws UserError for a size that is not 1, 2, 3 ….
 */
export function connectedSets(graph: NeighbourGraph, size: number): Int32Array {
  demand(Number.isInteger(size) && size >= 1, () => `connectedSets: size ${size}; expected 1, 2, 3 …`);
  let sets: Int32Array[] = Array.from({ length: graph.beads }, (_, i) => Int32Array.of(i));
  for (let n = 2; n <= size; n++) {
    const found = new Map<number, Int32Array>();
    for (const set of sets) {
      for (const bead of set) {
        for (let e = graph.starts[bead]!; e < graph.starts[bead + 1]!; e++) {
          const other = graph.sender[e]!;
          if (set.includes(other)) continue;
          const larger = Int32Array.of(...set, other).sort();
          const key = setKey(larger, 0, n, graph.beads);
          if (!found.has(key)) found.set(key, larger);
        }
      }
    }
    sets = [...found.entries()].sort(([a], [b]) => a - b).map(([, set]) => set);
  }
  const out = new Int32Array(sets.length * size);
  sets.forEach((set, k) => {
    out.set(set, k * size);
  });
  return out;
}

/** A number for an ascending set of `size` beads of `beads`. @throws UserError if numbers cannot tell them apart. */
export function setKey(sets: ArrayLike<number>, at: number, size: number, beads: number): number {
  let key = 0;
  for (let k = 0; k < size; k++) key = key * beads + sets[at + k]!;
  demand(
    key <= Number.MAX_SAFE_INTEGER,
    () => `setKey: sets of ${size} beads of ${beads} are too many to number`,
  );
  return key;
}
