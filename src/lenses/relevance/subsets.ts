import { type Adjacency, adjacency } from "./adjacency.ts";
import { dot, hop, hopBack, type WalkModel } from "./walk-model.ts";
import { inParts } from "./walks.ts";

/** Sums over the walks inside a set of beads. */
export interface SubsetSums {
  /** S of one set: Σ R over the walks that never leave it. */
  of(set: ArrayLike<number>): number;
}

/**
 * Makes ready to sum over the walks inside sets of beads: S = Σ_{w ⊆ set} R_w is one forward pass with the beads of the
 * set alone, linear in the layers and not in the walks. What the first and last hop do does not depend on the set: it is
 * worked out once a bead and an edge, so that three layers leave a scalar product an edge.
 * Source: Xiong et al., ICML 2022 (subgraph relevance).
 */
export function subsetSums(model: WalkModel): SubsetSums {
  const { graph, width } = model;
  const { beads, edges } = graph;
  const near = adjacency(graph);
  const layers = model.layers.length;
  // Row i < beads: bead i stays; row beads + e: along edge e.
  const along = Int32Array.from({ length: beads + edges }, (_, r) => (r < beads ? -1 : r - beads));
  const receivers = along.map((e, r) => (e < 0 ? r : graph.receiver[e]!));
  const senders = along.map((e, r) => (e < 0 ? r : graph.sender[e]!));
  const rowsOf = (values: Float64Array, at: Int32Array) => {
    const out = new Float64Array(at.length * width);
    at.forEach((i, r) => {
      out.set(values.subarray(i * width, (i + 1) * width), r * width);
    });
    return out;
  };
  const last = hopBack(model, layers, along, receivers, rowsOf(model.readout, receivers));
  const first = layers > 1 ? hop(model, 1, along, receivers, rowsOf(model.start, senders)) : undefined;
  const finale = layers > 2 ? model.layers[layers - 2]! : undefined;
  const lastReceived = finale && inParts(senders, last, width, finale.received, finale.receive.transpose);
  const lastKept = finale?.keep ? inParts(senders, last, width, width, finale.keep.transpose) : last;
  return {
    of: (set) => {
      const size = set.length;
      const pairs = pairsOf(near, set);
      let f = new Float64Array(size * width);
      for (let k = 0; k < size; k++) {
        const from = set[k]! * width;
        if (first) add(first, from, f, k * width, width);
        else add(model.start, from, f, k * width, width);
      }
      if (first) {
        for (const { edge, to } of pairs) add(first, (beads + edge) * width, f, to * width, width);
      }
      for (let t = 2; t < layers - 1; t++) f = step(model, t, set, pairs, f);
      const gather = (rows: Float64Array, wide: number) => {
        const out = new Float64Array(size * wide);
        for (let k = 0; k < size; k++) add(rows, set[k]! * wide, out, k * wide, wide);
        for (const { edge, from } of pairs) add(rows, (beads + edge) * wide, out, from * wide, wide);
        return out;
      };
      const b = gather(last, width);
      if (!finale) return dot(f, 0, b, 0, size * width);
      const stayed = dot(f, 0, finale.keep ? gather(lastKept, width) : b, 0, size * width);
      const received = gather(lastReceived!, finale.received);
      const sent = finale.send ? finale.send.apply(Int32Array.from(set), f) : f;
      const message = new Float64Array(size * finale.received);
      for (const { edge, from, to } of pairs) {
        finale.edge.apply(edge, sent, from * finale.sent, message, to * finale.received);
      }
      return stayed + dot(message, 0, received, 0, message.length);
    },
  };
}

/** Σ R over all walks: one pass through the layers. */
export function totalRelevance(model: WalkModel): number {
  const { graph, width } = model;
  const every = Int32Array.from({ length: graph.beads }, (_, i) => i);
  const pairs = Array.from({ length: graph.edges }, (_, edge) => ({
    edge,
    from: graph.sender[edge]!,
    to: graph.receiver[edge]!,
  }));
  let f: Float64Array = model.start;
  for (let t = 1; t <= model.layers.length; t++) f = step(model, t, every, pairs, f);
  return dot(f, 0, model.readout, 0, graph.beads * width);
}

interface Pair {
  edge: number;
  /** Places in the set. */
  from: number;
  to: number;
}

function pairsOf({ edge }: Adjacency, set: ArrayLike<number>): Pair[] {
  const out: Pair[] = [];
  for (let to = 0; to < set.length; to++) {
    for (let from = 0; from < set.length; from++) {
      const found = edge(set[to]!, set[from]!);
      if (found >= 0) out.push({ edge: found, from, to });
    }
  }
  return out;
}

/** One layer on the beads of a set alone. */
function step(
  model: WalkModel,
  t: number,
  set: ArrayLike<number>,
  pairs: readonly Pair[],
  f: Float64Array,
): Float64Array<ArrayBuffer> {
  const layer = model.layers[t - 1]!;
  const beads = Int32Array.from(set);
  const sent = layer.send ? layer.send.apply(beads, f) : f;
  const message = new Float64Array(beads.length * layer.received);
  for (const { edge, from, to } of pairs) {
    layer.edge.apply(edge, sent, from * layer.sent, message, to * layer.received);
  }
  const out = Float64Array.from(layer.receive.apply(beads, message));
  add(layer.keep ? layer.keep.apply(beads, f) : f, 0, out, 0, out.length);
  return out;
}

function add(from: Float64Array, fromAt: number, to: Float64Array, toAt: number, length: number): void {
  for (let k = 0; k < length; k++) to[toAt + k]! += from[fromAt + k]!;
}
