import { addMessageBack, addMessageGeometry } from "./couple.ts";
import { linear } from "./dense.ts";
import { type EnergyAndForces, forcesOfEdges } from "./graph-gradient.ts";
import { readoutGradient } from "./readout.ts";
import type { So3net } from "./so3net.ts";
import { type So3netState, spread } from "./so3net-forward.ts";
import { so3netNodeBack } from "./so3net-node.ts";
import { addHarmonicsGradient } from "./spherical-harmonics.ts";

const derivative = { productShare: 1, gateSlope: true, scalarOnly: false };

/** Energy, forces and virial of an SO3net from its cached activations, by reverse differentiation. */
export function so3netForces(net: So3net, state: So3netState): EnergyAndForces {
  const { features, components, couplings, lmax } = net;
  const { graph, harmonics: y, radial } = state;
  const width = components * features;
  const filterWidth = (lmax + 1) * features;
  const everyBead = Int32Array.from({ length: graph.beads }, (_, i) => i);
  const g = spread(readoutGradient(net.readout, state.readout), graph.beads, features, components);
  const gradient = new Float64Array(3 * graph.edges);
  const gy = new Float64Array(components);
  const gw = new Float64Array(filterWidth);
  for (let t = net.layers.length - 1; t >= 0; t--) {
    const { filters } = state.layers[t]!;
    const { filter } = net.layers[t]!;
    const bare = linear(filter, radial.basis, graph.edges);
    const slopes = linear(filter, radial.basisSlope, graph.edges);
    const h = so3netNodeBack(net, state, t, derivative, everyBead, g);
    const entries = t === 0 ? couplings.scalarSender : couplings.all;
    for (let e = 0; e < graph.edges; e++) {
      const [to, from] = [graph.receiver[e]! * width, graph.sender[e]! * width];
      const [yAt, wAt] = [e * components, e * filterWidth];
      gy.fill(0);
      gw.fill(0);
      addMessageGeometry(
        couplings,
        entries,
        features,
        y,
        yAt,
        filters,
        wAt,
        state.x[t]!,
        from,
        h,
        to,
        gy,
        gw,
      );
      let radialSlope = 0;
      for (let f = 0; f < filterWidth; f++) {
        const wanted = bare[wAt + f]! + filter.bias![f]!;
        radialSlope += gw[f]! * (slopes[wAt + f]! * radial.cutoff[e]! + wanted * radial.cutoffSlope[e]!);
      }
      const vector = graph.vectors.subarray(3 * e, 3 * e + 3);
      const out: [number, number, number] = [0, 0, 0];
      addHarmonicsGradient(vector, graph.distances[e]!, lmax, net.prefactors, gy, out);
      for (let k = 0; k < 3; k++) {
        gradient[3 * e + k]! += out[k]! + (radialSlope * vector[k]!) / graph.distances[e]!;
      }
      if (t > 0) addMessageBack(couplings, entries, features, y, yAt, filters, wAt, h, to, g, from);
    }
  }
  return forcesOfEdges(graph, state.energy, gradient);
}
