import type { NeighbourGraph } from "../../physics/fluids/graph.ts";
import { logistic } from "./activations.ts";
import { degreeOf } from "./clebsch-gordan.ts";
import { addMessage, addProduct } from "./couple.ts";
import { dense, forward, linear } from "./dense.ts";
import { embed } from "./embed.ts";
import { type RadialValues, radialValues } from "./radial.ts";
import { type ReadoutState, runReadout } from "./readout.ts";
import type { So3net, So3netLayer } from "./so3net.ts";
import { harmonics } from "./spherical-harmonics.ts";

/** What one interaction did. Arrays are beads×components×F unless they say otherwise. */
export interface So3netLayerState {
  /** edges×degrees×F: (filter of the distance)·cutoff. */
  filters: Float64Array;
  /** The pooled messages a. */
  pooled: Float64Array;
  /** p = a M₁ᵀ. */
  partner: Float64Array;
  /** c = (a + C(a, p)) M₂ᵀ. */
  mixed: Float64Array;
  /** beads×degrees×F: σ of the gate. */
  gate: Float64Array;
}

/** Cached activations of an SO3net on one graph. */
export interface So3netState {
  graph: NeighbourGraph;
  species: Int32Array;
  radial: RadialValues;
  /** edges×components. */
  harmonics: Float64Array;
  /** x⁰ … x^T, beads×components×F. */
  x: readonly Float64Array[];
  layers: readonly So3netLayerState[];
  readout: ReadoutState;
  /** kcal/mol. */
  energy: number;
}

/** Runs an SO3net on a neighbour graph and keeps what it did. @throws UserError for an unknown species. */
export function runSo3net(net: So3net, graph: NeighbourGraph, species: Int32Array): So3netState {
  const { features, components } = net;
  const radial = radialValues(net.basis, graph.distances);
  const y = harmonics(graph.vectors, graph.distances, net.lmax, net.prefactors);
  const scalar = embed("runSo3net", net, species, graph.beads);
  const x = [spread(scalar, graph.beads, features, components)];
  const layers: So3netLayerState[] = [];
  for (const layer of net.layers) {
    const state = runLayer(net, layer, graph, radial, y, x.at(-1)!, layers.length === 0);
    layers.push(state);
    x.push(update(net, layer, state, x.at(-1)!, graph.beads));
  }
  const readout = runReadout(net.readout, scalars(x.at(-1)!, graph.beads, features, components), graph.beads);
  return {
    graph,
    species,
    radial,
    harmonics: y,
    x,
    layers,
    readout,
    energy: readout.energies.reduce((sum, e) => sum + e, 0),
  };
}

function runLayer(
  net: So3net,
  layer: So3netLayer,
  graph: NeighbourGraph,
  radial: RadialValues,
  y: Float64Array,
  x: Float64Array,
  scalarSenders: boolean,
): So3netLayerState {
  const { features, components, couplings, lmax } = net;
  const width = components * features;
  const filterWidth = (lmax + 1) * features;
  const filters = forward(layer.filter, radial.basis, graph.edges);
  for (let e = 0, at = 0; e < graph.edges; e++) {
    for (let f = 0; f < filterWidth; f++, at++) filters[at]! *= radial.cutoff[e]!;
  }
  const pooled = new Float64Array(graph.beads * width);
  const entries = scalarSenders ? couplings.scalarSender : couplings.all;
  for (let e = 0; e < graph.edges; e++) {
    const [to, from] = [graph.receiver[e]! * width, graph.sender[e]! * width];
    addMessage(
      couplings,
      entries,
      features,
      y,
      e * components,
      filters,
      e * filterWidth,
      x,
      from,
      pooled,
      to,
    );
  }
  const rows = graph.beads * components;
  const partner = linear(layer.product, pooled, rows);
  const sum = pooled.slice();
  for (let i = 0; i < graph.beads; i++) {
    addProduct(couplings, features, components, 1, pooled, i * width, partner, i * width, sum, i * width);
  }
  const mixed = linear(layer.mix, sum, rows);
  const gate = forward(layer.gate, scalars(mixed, graph.beads, features, components), graph.beads);
  for (let k = 0; k < gate.length; k++) gate[k] = logistic(gate[k]!);
  return { filters, pooled, partner, mixed, gate };
}

/** x + (gate ⊙ c) M₃ᵀ. */
function update(
  net: So3net,
  layer: So3netLayer,
  state: So3netLayerState,
  x: Float64Array,
  beads: number,
): Float64Array {
  const { features, components } = net;
  const rows = beads * components;
  const gated = gateRows(state.mixed, state.gate, beads, features, components);
  const out = dense(gated, rows, layer.out.w, features, features);
  for (let k = 0; k < out.length; k++) out[k]! += x[k]!;
  return out;
}

/** Rows (beads×components×F) times the gate of their degree (beads×degrees×F). */
export function gateRows(
  rows: Float64Array,
  gate: Float64Array,
  beads: number,
  features: number,
  components: number,
): Float64Array {
  const degrees = degreeOf(components - 1) + 1;
  const out = new Float64Array(rows.length);
  for (let i = 0; i < beads; i++) {
    for (let s = 0; s < components; s++) {
      let at = (i * components + s) * features;
      let g = (i * degrees + degreeOf(s)) * features;
      for (const end = at + features; at < end; at++, g++) out[at] = rows[at]! * gate[g]!;
    }
  }
  return out;
}

/** The components s = 0: beads×F out of beads×components×F. */
export function scalars(x: Float64Array, beads: number, features: number, components: number): Float64Array {
  const out = new Float64Array(beads * features);
  for (let i = 0; i < beads; i++) {
    const at = i * components * features;
    out.set(x.subarray(at, at + features), i * features);
  }
  return out;
}

/** The inverse of {@link scalars}: other components are 0. */
export function spread(x: Float64Array, beads: number, features: number, components: number): Float64Array {
  const out = new Float64Array(beads * features * components);
  for (let i = 0; i < beads; i++) {
    out.set(x.subarray(i * features, (i + 1) * features), i * components * features);
  }
  return out;
}
