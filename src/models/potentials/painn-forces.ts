import { linear } from "./dense.ts";
import { type EnergyAndForces, forcesOfEdges } from "./graph-gradient.ts";
import type { Painn } from "./painn.ts";
import type { PainnState } from "./painn-forward.ts";
import { painnMixBack, painnSendBack } from "./painn-node.ts";
import { readoutGradient } from "./readout.ts";
import { slopeUnits } from "./slope-units.ts";

/** Energy, forces and virial of a PaiNN from its cached activations, by reverse differentiation. */
export function painnForces(net: Painn, state: PainnState): EnergyAndForces {
  const { features: F, activation } = net;
  const { graph, radial, directions } = state;
  const { beads } = graph;
  const every = Int32Array.from({ length: beads }, (_, i) => i);
  const last = readoutGradient(net.readout, state.readout);
  let g: Float64Array = new Float64Array(4 * beads * F);
  for (let i = 0; i < beads; i++) g.set(last.subarray(i * F, (i + 1) * F), 4 * i * F);
  const gradient = new Float64Array(3 * graph.edges);
  for (let t = net.layers.length - 1; t >= 0; t--) {
    const layer = net.layers[t]!;
    const { filters, sent, sendBefore, mixBefore } = state.layers[t]!;
    const x = state.x[t]!;
    const how = { share: false, units: slopeUnits(layer.mix[0], activation, mixBefore) };
    const h = painnMixBack(net, state, t, how, every, g);
    const bare = linear(layer.filter, radial.basis, graph.edges);
    const slopes = linear(layer.filter, radial.basisSlope, graph.edges);
    const gs = new Float64Array(6 * beads * F);
    for (let e = 0; e < graph.edges; e++) {
      const [i, j] = [graph.receiver[e]!, graph.sender[e]!];
      const direction = directions.subarray(3 * e, 3 * e + 3);
      const turn = [0, 0, 0];
      let slope = 0;
      for (let f = 0; f < F; f++) {
        const w = 3 * e * F + f;
        const p = 3 * j * F + f;
        const hq = h[4 * i * F + f]!;
        let along = 0;
        let carried = 0;
        const push = filters[w + F]! * sent[p + F]!;
        const hold = filters[w + 2 * F]! * sent[p + 2 * F]!;
        for (let c = 0; c < 3; c++) {
          const hm = h[(4 * i + 1 + c) * F + f]!;
          along += hm * direction[c]!;
          carried += hm * x[(4 * j + 1 + c) * F + f]!;
          turn[c]! += push * hm;
          gs[(6 * j + 3 + c) * F + f]! += hold * hm;
        }
        const pulls = [hq, along, carried];
        for (let part = 0; part < 3; part++) {
          const at = w + part * F;
          const raw = bare[at]! + layer.filter.bias![part * F + f]!;
          const pull = pulls[part]!;
          slope +=
            pull * sent[p + part * F]! * (slopes[at]! * radial.cutoff[e]! + raw * radial.cutoffSlope[e]!);
          gs[(6 * j + part) * F + f]! += pull * filters[at]!;
        }
      }
      const inward = turn[0]! * direction[0]! + turn[1]! * direction[1]! + turn[2]! * direction[2]!;
      for (let c = 0; c < 3; c++) {
        gradient[3 * e + c]! +=
          slope * direction[c]! + (turn[c]! - inward * direction[c]!) / graph.distances[e]!;
      }
    }
    const units = slopeUnits(layer.send[0], activation, sendBefore);
    const through = painnSendBack(net, t, units, every, gs);
    g = h.map((value, k) => value + through[k]!);
  }
  return forcesOfEdges(graph, state.energy, gradient);
}
