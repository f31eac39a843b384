import { demand } from "../../core/errors.ts";
import { adjacency, countWalks } from "./adjacency.ts";
import { dot, hop, hopBack, type WalkModel } from "./walk-model.ts";

/** Prefixes or suffixes of walks: paths (count×length) with a state or cotangent each (count×width). */
interface Branches {
  length: number;
  paths: Int32Array;
  rows: Float64Array;
}

/**
 * Relevance of given walks (count×(T + 1) beads, i₀ first), one chain of layers each:
 * R = x⁰_{i₀} J₁ᵀ … J_Tᵀ g. The reference for what shares work. @throws UserError for a step between strangers.
 */
export function walkRelevances(model: WalkModel, walks: ArrayLike<number>): Float64Array {
  const { width, graph } = model;
  const length = model.layers.length + 1;
  const count = walks.length / length;
  demand(
    Number.isInteger(count),
    () => `walkRelevances: ${walks.length} beads; expected ${length} a walk, the layers and one`,
  );
  const { edge } = adjacency(graph);
  const at = (t: number) => Int32Array.from({ length: count }, (_, w) => walks[w * length + t]!);
  let rows: Float64Array = new Float64Array(count * width);
  at(0).forEach((i, w) => {
    demand(i >= 0 && i < graph.beads, () => `walkRelevances: bead ${i}; there are 0 to ${graph.beads - 1}`);
    rows.set(model.start.subarray(i * width, (i + 1) * width), w * width);
  });
  for (let t = 1; t < length; t++) {
    const [from, to] = [at(t - 1), at(t)];
    const edges = to.map((i, w) => edge(i, from[w]!));
    const stranger = edges.indexOf(-2);
    demand(
      stranger < 0,
      () =>
        `walkRelevances: walk ${stranger} goes from bead ${from[stranger]} to ${to[stranger]}, which are no neighbours`,
    );
    rows = hop(model, t, edges, to, rows);
  }
  return Float64Array.from(at(length - 1), (i, w) => dot(rows, w * width, model.readout, i * width, width));
}

/**
 * Visits all walks with their relevance: beads i₀ … i_T (the array is used again) and R. Walks meet in the middle:
 * every prefix is taken forward and every suffix back once, and one layer between them is a scalar product a walk.
 * Their number is Σ (A + 1)^T. @param options.limit most numbers that may be held at once.
 * @throws UserError where more would have to be held: use subset sums there.
 */
export function enumerateWalks(
  model: WalkModel,
  visit: (beads: Int32Array, relevance: number) => void,
  options: { limit?: number } = {},
): void {
  const { limit = 2e8 } = options;
  const { graph, width } = model;
  const layers = model.layers.length;
  const before = Math.floor((layers - 1) / 2);
  const middle = before + 1;
  const layer = model.layers[before]!;
  const held = Math.max(countWalks(graph, before), countWalks(graph, layers - middle));
  const size = held * Math.max(width, layer.received, layer.sent);
  demand(
    size <= limit,
    () =>
      `enumerateWalks: ${countWalks(graph, layers)} walks need ${Math.round(size)} numbers at once, more than ${limit}; sum over subsets instead (bodyRelevances)`,
  );
  const prefixes = growPrefixes(model, before);
  const suffixes = growSuffixes(model, layers - middle);
  const ends = prefixes.paths.filter((_, k) => k % prefixes.length === prefixes.length - 1);
  const heads = suffixes.paths.filter((_, k) => k % suffixes.length === 0);
  const sent = layer.send ? layer.send.apply(ends, prefixes.rows) : prefixes.rows;
  const received = inParts(heads, suffixes.rows, width, layer.received, layer.receive.transpose);
  const kept = layer.keep ? inParts(heads, suffixes.rows, width, width, layer.keep.transpose) : suffixes.rows;
  const prefixesOf = byBead(ends, graph.beads);
  const suffixesOf = byBead(heads, graph.beads);
  const walk = new Int32Array(layers + 1);
  const message = new Float64Array(layer.received);
  const join = (p: number, s: number, relevance: number) => {
    for (let k = 0; k < prefixes.length; k++) walk[k] = prefixes.paths[p * prefixes.length + k]!;
    for (let k = 0; k < suffixes.length; k++) {
      walk[prefixes.length + k] = suffixes.paths[s * suffixes.length + k]!;
    }
    visit(walk, relevance);
  };
  for (let q = 0; q < graph.beads; q++) {
    for (const p of prefixesOf[q]!) {
      for (const s of suffixesOf[q]!) join(p, s, dot(prefixes.rows, p * width, kept, s * width, width));
    }
    for (let e = graph.starts[q]!; e < graph.starts[q + 1]!; e++) {
      for (const p of prefixesOf[graph.sender[e]!]!) {
        message.fill(0);
        layer.edge.apply(e, sent, p * layer.sent, message, 0);
        for (const s of suffixesOf[q]!) {
          join(p, s, dot(message, 0, received, s * layer.received, layer.received));
        }
      }
    }
  }
}

function growPrefixes(model: WalkModel, hops: number): Branches {
  const { graph, width } = model;
  let paths = Int32Array.from({ length: graph.beads }, (_, i) => i);
  let rows: Float64Array = model.start.slice();
  const { reverse } = adjacency(graph);
  for (let t = 1; t <= hops; t++) {
    const grown = branch(graph, paths, t, t - 1, reverse);
    rows = hop(model, t, grown.edges, grown.beads, copyRows(rows, grown.parents, width));
    const longer = new Int32Array(grown.parents.length * (t + 1));
    grown.parents.forEach((parent, k) => {
      const path = longer.subarray(k * (t + 1), (k + 1) * (t + 1));
      path.set(paths.subarray(parent * t, (parent + 1) * t));
      path[t] = grown.beads[k]!;
    });
    paths = longer;
  }
  return { length: hops + 1, paths, rows };
}

function growSuffixes(model: WalkModel, hops: number): Branches {
  const { graph, width } = model;
  const layers = model.layers.length;
  let paths = Int32Array.from({ length: graph.beads }, (_, i) => i);
  let rows: Float64Array = model.readout.slice();
  for (let h = 1; h <= hops; h++) {
    const t = layers - h + 1;
    // Edges of the receiver that the suffix starts at: row r goes back along them to the senders.
    const grown = branch(graph, paths, h, 0);
    rows = hopBack(model, t, grown.edges, grown.beads, copyRows(rows, grown.parents, width));
    const longer = new Int32Array(grown.parents.length * (h + 1));
    grown.parents.forEach((parent, k) => {
      longer[k * (h + 1)] = grown.beads[k]!;
      longer.set(paths.subarray(parent * h, (parent + 1) * h), k * (h + 1) + 1);
    });
    paths = longer;
  }
  return { length: hops + 1, paths, rows };
}

/** Every path stays where it is or takes an edge of the bead at position `at`; `turn` gives the edges' way back. */
function branch(
  graph: WalkModel["graph"],
  paths: Int32Array,
  length: number,
  at: number,
  turn?: Int32Array,
): { parents: Int32Array; edges: Int32Array; beads: Int32Array } {
  const [parents, edges, beads]: number[][] = [[], [], []];
  for (let p = 0; p * length < paths.length; p++) {
    const bead = paths[p * length + at]!;
    parents!.push(p);
    edges!.push(-1);
    beads!.push(bead);
    for (let e = graph.starts[bead]!; e < graph.starts[bead + 1]!; e++) {
      parents!.push(p);
      edges!.push(turn ? turn[e]! : e);
      beads!.push(graph.sender[e]!);
    }
  }
  return {
    parents: Int32Array.from(parents!),
    edges: Int32Array.from(edges!),
    beads: Int32Array.from(beads!),
  };
}

function copyRows(rows: Float64Array, which: Int32Array, width: number): Float64Array {
  const out = new Float64Array(which.length * width);
  which.forEach((r, k) => {
    out.set(rows.subarray(r * width, (r + 1) * width), k * width);
  });
  return out;
}

/** A bead map on many rows, a part at a time so that what lies between its steps stays small. */
export function inParts(
  beads: Int32Array,
  rows: Float64Array,
  from: number,
  to: number,
  map: (beads: Int32Array, rows: Float64Array) => Float64Array,
): Float64Array {
  const out = new Float64Array(beads.length * to);
  for (let at = 0; at < beads.length; at += 512) {
    const part = beads.subarray(at, at + 512);
    out.set(map(part, rows.subarray(at * from, (at + part.length) * from)), at * to);
  }
  return out;
}

function byBead(beads: Int32Array, count: number): number[][] {
  const out: number[][] = Array.from({ length: count }, () => []);
  beads.forEach((i, k) => {
    out[i]!.push(k);
  });
  return out;
}
