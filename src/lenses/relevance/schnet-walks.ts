import { backward, forward, linear } from "../../models/potentials/dense.ts";
import type { Schnet } from "../../models/potentials/schnet.ts";
import type { SchnetState } from "../../models/potentials/schnet-forward.ts";
import { readoutRelevance } from "./readout-relevance.ts";
import { checkRules, conservative, type RelevanceRules } from "./rules.ts";
import { unitMap } from "./unit-map.ts";
import type { WalkLayer, WalkModel } from "./walk-model.ts";
import { withBirths } from "./with-births.ts";

/**
 * A SchNet on one frame, linear under `rules`: filters and cutoff are constants, so that the continuous-filter
 * convolution is linear in the states; the layer with the activation after the sum is explained unit by unit; the bias
 * of the layer after it is relevance born at the bead, or lost.
 */
export function schnetWalks(
  net: Schnet,
  state: SchnetState,
  rules: RelevanceRules = conservative,
): WalkModel {
  checkRules(rules);
  const { features, activation } = net;
  const { graph } = state;
  const births: (Float64Array | undefined)[] = [];
  const layers = net.layers.map((layer, t): WalkLayer => {
    const { filters, pooled, before } = state.layers[t]!;
    const [inner, outer] = layer.receive;
    const units = unitMap(rules.unit, inner, activation, pooled, before);
    if (rules.bias === "share") {
      births.push(forward(outer, units.born ?? new Float64Array(before.length), graph.beads));
    } else births.push(units.born && linear(outer, units.born, graph.beads));
    return {
      sent: features,
      received: features,
      send: {
        apply: (beads, rows) => linear(layer.send, rows, beads.length),
        transpose: (beads, rows) => backward(layer.send, rows, beads.length),
      },
      edge: {
        apply: (e, x, xAt, out, outAt) => addScaled(filters, e * features, x, xAt, out, outAt, features),
        transpose: (e, g, gAt, out, outAt) => addScaled(filters, e * features, g, gAt, out, outAt, features),
      },
      receive: {
        apply: (beads, rows) => linear(outer, units.apply(beads, rows), beads.length),
        transpose: (beads, rows) => units.transpose(beads, backward(outer, rows, beads.length)),
      },
    };
  });
  const { g, born, constant } = readoutRelevance(rules, net.readout, state.readout);
  const model = {
    graph,
    width: features,
    start: state.x[0]!,
    readout: g,
    layers,
    energy: state.energy,
    constant,
  };
  return withBirths(model, { states: births, readout: born });
}

function addScaled(
  scale: Float64Array,
  at: number,
  x: Float64Array,
  xAt: number,
  out: Float64Array,
  outAt: number,
  count: number,
): void {
  for (let f = 0; f < count; f++) out[outAt + f]! += scale[at + f]! * x[xAt + f]!;
}
