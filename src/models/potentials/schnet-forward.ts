import type { NeighbourGraph } from "../../physics/fluids/graph.ts";
import { forward, linear } from "./dense.ts";
import { embed } from "./embed.ts";
import { type RadialValues, radialValues } from "./radial.ts";
import { type ReadoutState, runReadout } from "./readout.ts";
import type { Schnet } from "./schnet.ts";

/** What one interaction did. */
export interface SchnetLayerState {
  /** edges×F, before the activation of the filter network. */
  filterBefore: Float64Array;
  /** edges×F: the filter, times the cutoff. */
  filters: Float64Array;
  /** beads×F: W_in x. */
  sent: Float64Array;
  /** beads×F: m. */
  pooled: Float64Array;
  /** beads×F: before the activation of the receiving network. */
  before: Float64Array;
}

/** Cached activations of a SchNet on one graph. */
export interface SchnetState {
  graph: NeighbourGraph;
  species: Int32Array;
  radial: RadialValues;
  /** x⁰ … x^T, beads×F. */
  x: readonly Float64Array[];
  layers: readonly SchnetLayerState[];
  readout: ReadoutState;
  /** kcal/mol. */
  energy: number;
}

/** Runs a SchNet on a neighbour graph and keeps what it did. @throws UserError for an unknown species. */
export function runSchnet(net: Schnet, graph: NeighbourGraph, species: Int32Array): SchnetState {
  const { features, activation } = net;
  const radial = radialValues(net.basis, graph.distances);
  const x = [embed("runSchnet", net, species, graph.beads)];
  const layers: SchnetLayerState[] = [];
  for (const layer of net.layers) {
    const filterBefore = forward(layer.filter[0], radial.basis, graph.edges);
    const filters = forward(layer.filter[1], filterBefore.map(activation.value), graph.edges);
    const sent = linear(layer.send, x.at(-1)!, graph.beads);
    const pooled = new Float64Array(graph.beads * features);
    for (let e = 0, at = 0; e < graph.edges; e++) {
      let [to, from] = [graph.receiver[e]! * features, graph.sender[e]! * features];
      for (let f = 0; f < features; f++, at++, to++, from++) {
        filters[at]! *= radial.cutoff[e]!;
        pooled[to]! += filters[at]! * sent[from]!;
      }
    }
    const before = forward(layer.receive[0], pooled, graph.beads);
    const update = forward(layer.receive[1], before.map(activation.value), graph.beads);
    const last = x.at(-1)!;
    x.push(update.map((value, k) => value + last[k]!));
    layers.push({ filterBefore, filters, sent, pooled, before });
  }
  const readout = runReadout(net.readout, x.at(-1)!, graph.beads);
  const energy = readout.energies.reduce((sum, e) => sum + e, 0);
  return { graph, species, radial, x, layers, readout, energy };
}
