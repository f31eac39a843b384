import type { BeadRows } from "../../models/potentials/bead-rows.ts";
import type { NeighbourGraph } from "../../physics/fluids/graph.ts";

/** A linear map along every edge of the graph, added to `out`. */
export interface EdgeMap {
  apply(edge: number, x: Float64Array, xAt: number, out: Float64Array, outAt: number): void;
  transpose(edge: number, g: Float64Array, gAt: number, out: Float64Array, outAt: number): void;
}

/**
 * One layer as relevance sees it: linear in the state of the beads, at the activations of one frame,
 * δx^t_i = keep_i δx^{t−1}_i + receive_i Σ_{j ∈ neighbours} edge_ij send_j δx^{t−1}_j.
 */
export interface WalkLayer {
  /** Width of what an edge takes from its sender. */
  sent: number;
  /** Width of what an edge gives to its receiver. */
  received: number;
  /** Absent: the identity. */
  send?: BeadRows;
  edge: EdgeMap;
  receive: BeadRows;
  /** Absent: the identity. */
  keep?: BeadRows;
}

/**
 * A network, linear in its layers under the rules of relevance, on one frame. With J_t[i,j] the block of layer t, the
 * relevance of a walk i₀ … i_T is R = x⁰_{i₀} J₁[i₁,i₀]ᵀ … J_T[i_T,i_{T−1}]ᵀ g_{i_T}. (Biases
 * that carry relevance: `withBirths`.)
 * Source: Schnake et al., IEEE TPAMI 44 (2022) 7581.
 */
export interface WalkModel {
  graph: NeighbourGraph;
  /** Width of a bead's state. */
  width: number;
  /** x⁰, beads×width. */
  start: Float64Array;
  /** g, beads×width: relevance of a bead's last state x^T is x^T·g. */
  readout: Float64Array;
  layers: readonly WalkLayer[];
  /** Energy of the network, kcal/mol. */
  energy: number;
  /** Part of the energy that is a constant of the readout (its last bias) and no bead's relevance. */
  constant: number;
}

/** δx = J_t on single rows: `to` = receivers, `from` = senders (equal: the bead stays). rows×width in and out. */
export function hop(
  model: WalkModel,
  t: number,
  edges: Int32Array,
  beads: Int32Array,
  rows: Float64Array,
): Float64Array {
  return moved(model, t, edges, beads, rows, false);
}

/** The transpose of {@link hop}: rows are cotangents at the receivers, results cotangents at the senders. */
export function hopBack(
  model: WalkModel,
  t: number,
  edges: Int32Array,
  beads: Int32Array,
  rows: Float64Array,
): Float64Array {
  return moved(model, t, edges, beads, rows, true);
}

/**
 * Row r goes along edge `edges[r]`, or stays at bead `beads[r]` where `edges[r]` is −1. (For an edge, `beads[r]` is not
 * read: its ends are known.)
 */
function moved(
  model: WalkModel,
  t: number,
  edges: Int32Array,
  beads: Int32Array,
  rows: Float64Array,
  back: boolean,
): Float64Array {
  const { width, graph } = model;
  const layer = model.layers[t - 1]!;
  const out = new Float64Array(rows.length);
  const chunk = 512;
  const going = pick(edges, (e) => e >= 0);
  const staying = pick(edges, (e) => e < 0);
  for (let from = 0; from < staying.length; from += chunk) {
    const part = staying.subarray(from, from + chunk);
    const taken = gather(rows, part, width);
    const at = part.map((r) => beads[r]!);
    const kept = layer.keep ? (back ? layer.keep.transpose(at, taken) : layer.keep.apply(at, taken)) : taken;
    scatter(kept, part, width, out);
  }
  for (let from = 0; from < going.length; from += chunk) {
    const part = going.subarray(from, from + chunk);
    const taken = gather(rows, part, width);
    const senders = part.map((r) => graph.sender[edges[r]!]!);
    const receivers = part.map((r) => graph.receiver[edges[r]!]!);
    if (back) {
      const received = layer.receive.transpose(receivers, taken);
      const sent = new Float64Array(part.length * layer.sent);
      part.forEach((r, k) => {
        layer.edge.transpose(edges[r]!, received, k * layer.received, sent, k * layer.sent);
      });
      scatter(layer.send ? layer.send.transpose(senders, sent) : sent, part, width, out);
    } else {
      const sent = layer.send ? layer.send.apply(senders, taken) : taken;
      const received = new Float64Array(part.length * layer.received);
      part.forEach((r, k) => {
        layer.edge.apply(edges[r]!, sent, k * layer.sent, received, k * layer.received);
      });
      scatter(layer.receive.apply(receivers, received), part, width, out);
    }
  }
  return out;
}

function pick(edges: Int32Array, keep: (edge: number) => boolean): Int32Array {
  return Int32Array.from({ length: edges.length }, (_, r) => r).filter((r) => keep(edges[r]!));
}

function gather(rows: Float64Array, which: Int32Array, width: number): Float64Array {
  const out = new Float64Array(which.length * width);
  which.forEach((r, k) => {
    out.set(rows.subarray(r * width, (r + 1) * width), k * width);
  });
  return out;
}

function scatter(values: Float64Array, which: Int32Array, width: number, out: Float64Array): void {
  which.forEach((r, k) => {
    out.set(values.subarray(k * width, (k + 1) * width), r * width);
  });
}

/** The scalar product of two rows. */
export function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += a[aAt + k]! * b[bAt + k]!;
  return sum;
}
