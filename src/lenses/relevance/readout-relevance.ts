import { backward } from "../../models/potentials/dense.ts";
import type { Readout, ReadoutState } from "../../models/potentials/readout.ts";
import { type RelevanceRules, selected, unitShare } from "./rules.ts";

/** What the readout says of the last states. */
export interface ReadoutRelevance {
  /** beads×F: R of a bead's state is x·g. */
  g: Float64Array;
  /** Relevance of biases inside the readout, one a bead. */
  born: Float64Array;
  /** beads·(last bias): in the energy, and nobody's relevance. */
  constant: number;
  /** The energy of the published modified forward pass (units times N/D), with the last bias. */
  modified: number;
}

/** Relevance of all beads' energies, taken back to the states that the readout reads. */
export function readoutRelevance(
  rules: RelevanceRules,
  readout: Readout,
  state: ReadoutState,
): ReadoutRelevance {
  const { layers, activation } = readout;
  const beads = state.energies.length;
  const born = new Float64Array(beads);
  const last = layers.at(-1)!;
  const constant = beads * (last.bias?.[0] ?? 0);
  let modified = layers.length === 1 ? state.energies.reduce((sum, e) => sum + e, 0) : Number.NaN;
  let g: Float64Array = new Float64Array(beads).fill(1);
  g = backward(last, g, beads);
  for (let k = layers.length - 2; k >= 0; k--) {
    const { inputs, outputs, w, bias } = layers[k]!;
    const a = state.inputs[k]!;
    const before = state.before[k]!;
    if (rules.unit === "gradient") {
      g = backward(
        layers[k]!,
        g.map((value, at) => value * activation.slope(before[at]!)),
        beads,
      );
      continue;
    }
    const rule = rules.unit;
    const next = new Float64Array(beads * inputs);
    let value = constant;
    for (let i = 0; i < beads; i++) {
      for (let u = 0; u < outputs; u++) {
        const at = i * outputs + u;
        const y = activation.value(before[at]!);
        const share = unitShare(rule, a, i * inputs, w, u * inputs, inputs, bias?.[u] ?? 0, y);
        born[i]! += share.bias * g[at]!;
        value += share.modified * g[at]!;
        const scale = share.scale * g[at]!;
        if (scale === 0) continue;
        for (let j = 0; j < inputs; j++) {
          const weight = w[u * inputs + j]!;
          const boost = selected(rule, y, a[i * inputs + j]!, weight) ? 1 + rule.gamma : 1;
          next[i * inputs + j]! += scale * boost * weight;
        }
      }
    }
    if (k === 0 && layers.length === 2) modified = value;
    g = next;
  }
  return { g, born, constant, modified };
}
