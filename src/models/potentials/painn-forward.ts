import type { NeighbourGraph } from "../../physics/fluids/graph.ts";
import { forward, linear } from "./dense.ts";
import { embed } from "./embed.ts";
import type { Painn, PainnLayer } from "./painn.ts";
import { type RadialValues, radialValues } from "./radial.ts";
import { type ReadoutState, runReadout } from "./readout.ts";

/**
 * What one layer did. States of a bead are 4F numbers: F scalars q, then the F x-, y- and z-components of its vectors μ.
 */
export interface PainnLayerState {
  /** edges×3F, times the cutoff. */
  filters: Float64Array;
  /** beads×F: the sending network before its activation. */
  sendBefore: Float64Array;
  /** beads×3F: φ. */
  sent: Float64Array;
  /** beads×4F: q and μ after the messages. */
  met: Float64Array;
  /** beads×3×2F: U μ, with V in the first half of each row and W in the second. */
  vw: Float64Array;
  /** beads×2F: q and |Vμ|. */
  context: Float64Array;
  /** beads×F: the mixing network before its activation. */
  mixBefore: Float64Array;
  /** beads×3F: a_q, a_μ, a_qμ. */
  mixed: Float64Array;
}

/** Cached activations of a PaiNN on one graph. */
export interface PainnState {
  graph: NeighbourGraph;
  species: Int32Array;
  radial: RadialValues;
  /** edges×3. */
  directions: Float64Array;
  /** States before the first and after every layer, beads×4F. */
  x: readonly Float64Array[];
  layers: readonly PainnLayerState[];
  readout: ReadoutState;
  /** kcal/mol. */
  energy: number;
}

/** Runs a PaiNN on a neighbour graph and keeps what it did. @throws UserError for an unknown species. */
export function runPainn(net: Painn, graph: NeighbourGraph, species: Int32Array): PainnState {
  const { features } = net;
  const { beads } = graph;
  const radial = radialValues(net.basis, graph.distances);
  const directions = graph.vectors.map((v, k) => v / graph.distances[Math.floor(k / 3)]!);
  const q = embed("runPainn", net, species, beads);
  const start = new Float64Array(beads * 4 * features);
  for (let i = 0; i < beads; i++) start.set(q.subarray(i * features, (i + 1) * features), 4 * i * features);
  const x: Float64Array[] = [start];
  const layers: PainnLayerState[] = [];
  for (const layer of net.layers) {
    const { state, next } = runLayer(net, layer, graph, radial, directions, x.at(-1)!);
    layers.push(state);
    x.push(next);
  }
  const readout = runReadout(net.readout, scalarsOf(x.at(-1)!, beads, features), beads);
  const energy = readout.energies.reduce((sum, e) => sum + e, 0);
  return { graph, species, radial, directions, x, layers, readout, energy };
}

function runLayer(
  net: Painn,
  layer: PainnLayer,
  graph: NeighbourGraph,
  radial: RadialValues,
  directions: Float64Array,
  x: Float64Array,
): { state: PainnLayerState; next: Float64Array } {
  const { features: F, activation, epsilon } = net;
  const { beads } = graph;
  const sendBefore = forward(layer.send[0], scalarsOf(x, beads, F), beads);
  const sent = forward(layer.send[1], sendBefore.map(activation.value), beads);
  const filters = forward(layer.filter, radial.basis, graph.edges);
  const met = x.slice();
  for (let e = 0; e < graph.edges; e++) {
    const [i, j] = [graph.receiver[e]!, graph.sender[e]!];
    for (let k = 0; k < 3 * F; k++) filters[3 * e * F + k]! *= radial.cutoff[e]!;
    for (let f = 0; f < F; f++) {
      const w = 3 * e * F + f;
      const p = 3 * j * F + f;
      met[4 * i * F + f]! += filters[w]! * sent[p]!;
      const radialPart = filters[w + F]! * sent[p + F]!;
      const carried = filters[w + 2 * F]! * sent[p + 2 * F]!;
      for (let c = 0; c < 3; c++) {
        met[(4 * i + 1 + c) * F + f]! +=
          radialPart * directions[3 * e + c]! + carried * x[(4 * j + 1 + c) * F + f]!;
      }
    }
  }
  const vw = linear(layer.vectors, vectorsOf(met, beads, F), 3 * beads);
  const context = new Float64Array(2 * beads * F);
  for (let i = 0; i < beads; i++) {
    for (let f = 0; f < F; f++) {
      let square = epsilon;
      for (let c = 0; c < 3; c++) square += vw[(3 * i + c) * 2 * F + f]! ** 2;
      context[2 * i * F + f] = met[4 * i * F + f]!;
      context[(2 * i + 1) * F + f] = Math.sqrt(square);
    }
  }
  const mixBefore = forward(layer.mix[0], context, beads);
  const mixed = forward(layer.mix[1], mixBefore.map(activation.value), beads);
  const next = met.slice();
  for (let i = 0; i < beads; i++) {
    for (let f = 0; f < F; f++) {
      let product = 0;
      for (let c = 0; c < 3; c++) {
        const v = (3 * i + c) * 2 * F + f;
        product += vw[v]! * vw[v + F]!;
        next[(4 * i + 1 + c) * F + f]! += mixed[(3 * i + 1) * F + f]! * vw[v + F]!;
      }
      next[4 * i * F + f]! += mixed[3 * i * F + f]! + mixed[(3 * i + 2) * F + f]! * product;
    }
  }
  return { state: { filters, sendBefore, sent, met, vw, context, mixBefore, mixed }, next };
}

/** The scalars: beads×F out of beads×4F. */
export function scalarsOf(x: Float64Array, beads: number, features: number): Float64Array {
  const out = new Float64Array(beads * features);
  for (let i = 0; i < beads; i++) {
    out.set(x.subarray(4 * i * features, (4 * i + 1) * features), i * features);
  }
  return out;
}

/** The vectors: 3·beads rows of F out of beads×4F. */
export function vectorsOf(x: Float64Array, beads: number, features: number): Float64Array {
  const out = new Float64Array(3 * beads * features);
  for (let i = 0; i < beads; i++) {
    out.set(x.subarray((4 * i + 1) * features, (4 * i + 4) * features), 3 * i * features);
  }
  return out;
}
