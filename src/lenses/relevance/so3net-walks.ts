import { addMessage, addMessageBack } from "../../models/potentials/couple.ts";
import type { So3net } from "../../models/potentials/so3net.ts";
import { type So3netState, scalars, spread } from "../../models/potentials/so3net-forward.ts";
import { so3netNode, so3netNodeBack } from "../../models/potentials/so3net-node.ts";
import { readoutRelevance } from "./readout-relevance.ts";
import { checkRules, conservative, type RelevanceRules } from "./rules.ts";
import type { WalkLayer, WalkModel } from "./walk-model.ts";
import { withBirths } from "./with-births.ts";

/**
 * An SO3net on one frame, linear under `rules`: harmonics, filters and cutoff are constants, the on-site product and the
 * gate are as the rules say, and the readout is explained unit by unit. Relevance of a bead's state is carried by all
 * components or by the scalars alone.
 */
export function so3netWalks(
  net: So3net,
  state: So3netState,
  rules: RelevanceRules = conservative,
): WalkModel {
  checkRules(rules);
  const { features, couplings, components, lmax } = net;
  const { graph, harmonics } = state;
  const scalarOnly = rules.channels === "scalar";
  const width = scalarOnly ? features : components * features;
  const filterWidth = (lmax + 1) * features;
  const how = {
    productShare: rules.product === "share" ? 0.5 : 1,
    gateSlope: rules.gate === "gradient",
    scalarOnly,
  };
  const layers = net.layers.map((_layer, t): WalkLayer => {
    const { filters } = state.layers[t]!;
    const entries = t === 0 || scalarOnly ? couplings.scalarSender : couplings.all;
    return {
      sent: width,
      received: components * features,
      edge: {
        apply: (e, x, xAt, out, outAt) =>
          addMessage(
            couplings,
            entries,
            features,
            harmonics,
            e * components,
            filters,
            e * filterWidth,
            x,
            xAt,
            out,
            outAt,
          ),
        transpose: (e, g, gAt, out, outAt) =>
          addMessageBack(
            couplings,
            entries,
            features,
            harmonics,
            e * components,
            filters,
            e * filterWidth,
            g,
            gAt,
            out,
            outAt,
          ),
      },
      receive: {
        apply: (beads, rows) => so3netNode(net, state, t, how, beads, rows),
        transpose: (beads, rows) => so3netNodeBack(net, state, t, how, beads, rows),
      },
    };
  });
  const { g, born, constant } = readoutRelevance(rules, net.readout, state.readout);
  const wide = (x: Float64Array) => (scalarOnly ? x : spread(x, graph.beads, features, components));
  const model = {
    graph,
    width,
    start: scalarOnly ? scalars(state.x[0]!, graph.beads, features, components) : state.x[0]!,
    readout: wide(g),
    layers,
    energy: state.energy,
    constant,
  };
  return withBirths(model, { states: [], readout: born });
}
