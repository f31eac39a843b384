import type { Activation } from "../../models/potentials/activations.ts";
import type { BeadRows } from "../../models/potentials/bead-rows.ts";
import type { Dense } from "../../models/potentials/dense.ts";
import { type UnitRule, unitShare } from "./rules.ts";

/** A dense layer with its activation, made linear by a rule at every bead's activations. */
export interface UnitMap extends BeadRows {
  /** What the biases add at every bead, beads×outputs; undefined where the rule gives them nothing. */
  born: Float64Array | undefined;
}

/**
 * The map of y = φ(W a + b) at every bead: δy_u = y_u/D_u Σ_j (w_uj + γ w_uj^±) δa_j, or φ′(z_u) Σ_j w_uj δa_j for the
 * derivative. @param a inputs, beads×inputs. @param before W a + b, beads×outputs.
 */
export function unitMap(
  rule: UnitRule | "gradient",
  layer: Dense,
  activation: Activation,
  a: Float64Array,
  before: Float64Array,
): UnitMap {
  const { inputs, outputs, w, bias } = layer;
  const scale = new Float64Array(before.length);
  const born = rule !== "gradient" && rule.bias === "share" ? new Float64Array(before.length) : undefined;
  const sign = before.map((z) => Math.sign(activation.value(z)));
  for (let at = 0; at < before.length; at++) {
    if (rule === "gradient") {
      scale[at] = activation.slope(before[at]!);
      continue;
    }
    const u = at % outputs;
    const i = (at - u) / outputs;
    const y = activation.value(before[at]!);
    const share = unitShare(rule, a, i * inputs, w, u * inputs, inputs, bias?.[u] ?? 0, y);
    scale[at] = share.scale;
    if (born) born[at] = share.bias;
  }
  const gamma = rule === "gradient" ? 0 : rule.gamma;
  const positive = rule !== "gradient" && rule.split === "positive";
  /** Weights of unit u at bead i, as the rule has them, into `out`. */
  const weights = (i: number, u: number, out: Float64Array) => {
    const at = i * outputs + u;
    const s = scale[at]!;
    const direction = sign[at]!;
    for (let j = 0; j < inputs; j++) {
      const weight = w[u * inputs + j]!;
      const chosen = positive ? weight > 0 : a[i * inputs + j]! * weight * direction > 0;
      out[j] = s * (chosen ? weight + gamma * weight : weight);
    }
  };
  const row = new Float64Array(inputs);
  return {
    born,
    apply(beads, rows) {
      const out = new Float64Array(beads.length * outputs);
      beads.forEach((i, r) => {
        for (let u = 0; u < outputs; u++) {
          weights(i, u, row);
          let sum = 0;
          for (let j = 0; j < inputs; j++) sum += row[j]! * rows[r * inputs + j]!;
          out[r * outputs + u] = sum;
        }
      });
      return out;
    },
    transpose(beads, rows) {
      const out = new Float64Array(beads.length * inputs);
      beads.forEach((i, r) => {
        for (let u = 0; u < outputs; u++) {
          const g = rows[r * outputs + u]!;
          if (g === 0) continue;
          weights(i, u, row);
          for (let j = 0; j < inputs; j++) out[r * inputs + j]! += row[j]! * g;
        }
      });
      return out;
    },
  };
}
