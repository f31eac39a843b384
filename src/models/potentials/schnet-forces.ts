import { backward, linear } from "./dense.ts";
import { type EnergyAndForces, forcesOfEdges } from "./graph-gradient.ts";
import { readoutGradient } from "./readout.ts";
import type { Schnet } from "./schnet.ts";
import type { SchnetState } from "./schnet-forward.ts";

/** Energy, forces and virial of a SchNet from its cached activations, by reverse differentiation. */
export function schnetForces(net: Schnet, state: SchnetState): EnergyAndForces {
  const { features, activation } = net;
  const { graph, radial } = state;
  let g = readoutGradient(net.readout, state.readout);
  const gradient = new Float64Array(3 * graph.edges);
  for (let t = net.layers.length - 1; t >= 0; t--) {
    const layer = net.layers[t]!;
    const { filterBefore, filters, sent, before } = state.layers[t]!;
    const hidden = backward(layer.receive[1], g, graph.beads);
    const gm = backward(
      layer.receive[0],
      hidden.map((h, k) => h * activation.slope(before[k]!)),
      graph.beads,
    );
    const steep = linear(layer.filter[0], radial.basisSlope, graph.edges);
    const bend = steep.map((s, k) => s * activation.slope(filterBefore[k]!));
    const slopes = linear(layer.filter[1], bend, graph.edges);
    const bare = linear(layer.filter[1], filterBefore.map(activation.value), graph.edges);
    const gs = new Float64Array(graph.beads * features);
    for (let e = 0, at = 0; e < graph.edges; e++) {
      const [to, from] = [graph.receiver[e]! * features, graph.sender[e]! * features];
      let slope = 0;
      for (let f = 0; f < features; f++, at++) {
        const raw = bare[at]! + layer.filter[1].bias![f]!;
        const gw = gm[to + f]! * sent[from + f]!;
        slope += gw * (slopes[at]! * radial.cutoff[e]! + raw * radial.cutoffSlope[e]!);
        gs[from + f]! += gm[to + f]! * filters[at]!;
      }
      for (let k = 0; k < 3; k++) {
        gradient[3 * e + k]! += (slope * graph.vectors[3 * e + k]!) / graph.distances[e]!;
      }
    }
    const through = backward(layer.send, gs, graph.beads);
    const here = g;
    g = through.map((value, k) => value + here[k]!);
  }
  return forcesOfEdges(graph, state.energy, gradient);
}
