import { addMessage, addProduct } from "../../models/potentials/couple.ts";
import { linear } from "../../models/potentials/dense.ts";
import type { So3net } from "../../models/potentials/so3net.ts";
import { gateRows, type So3netState } from "../../models/potentials/so3net-forward.ts";
import { adjacency } from "./adjacency.ts";
import { readoutRelevance } from "./readout-relevance.ts";
import { checkRules, conservative, type RelevanceRules } from "./rules.ts";
import type { SubsetSums } from "./subsets.ts";
import { dot } from "./walk-model.ts";

/**
 * Subset sums of the branching variant for an SO3net: a product of two messages formed at one bead belongs to both
 * senders, where a walk follows one of them and takes the other for a constant. S(set) runs the layers on the beads of
 * the set alone, with the on-site product of what they send each other, and keeps gates and readout as they are in the
 * frame: for the whole frame it is Σ R of the conservative walks. Trees of messages reach more beads than walks: up to
 * 2^{T+1} − 1 with T layers, and three with one.
 * @param rules.product, rules.gate and rules.channels are "share", "constant" and "all" here, whatever they say.
 */
export function so3netBranches(
  net: So3net,
  state: So3netState,
  rules: RelevanceRules = conservative,
): SubsetSums {
  checkRules(rules);
  const { features, components, couplings, lmax } = net;
  const { graph, harmonics } = state;
  const { edge } = adjacency(graph);
  const { g, born } = readoutRelevance(rules, net.readout, state.readout);
  const width = components * features;
  const degrees = lmax + 1;
  return {
    of(set) {
      const size = set.length;
      const rowsOf = (values: Float64Array, count: number) => {
        const out = new Float64Array(size * count);
        for (let k = 0; k < size; k++)
          out.set(values.subarray(set[k]! * count, (set[k]! + 1) * count), k * count);
        return out;
      };
      let x = rowsOf(state.x[0]!, width);
      net.layers.forEach((layer, t) => {
        const { filters, gate } = state.layers[t]!;
        const entries = t === 0 ? couplings.scalarSender : couplings.all;
        const a = new Float64Array(size * width);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            const e = edge(set[i]!, set[j]!);
            if (e < 0) continue;
            const [y, w] = [e * components, e * degrees * features];
            addMessage(couplings, entries, features, harmonics, y, filters, w, x, j * width, a, i * width);
          }
        }
        const p = linear(layer.product, a, size * components);
        const b = a.slice();
        for (let i = 0; i < size; i++) {
          addProduct(couplings, features, components, 1, a, i * width, p, i * width, b, i * width);
        }
        const c = linear(layer.mix, b, size * components);
        const open = gateRows(c, rowsOf(gate, degrees * features), size, features, components);
        x = linear(layer.out, open, size * components).map((value, k) => value + x[k]!);
      });
      let sum = 0;
      for (let k = 0; k < size; k++) {
        sum += dot(x, k * width, g, set[k]! * features, features) + born[set[k]!]!;
      }
      return sum;
    },
  };
}
