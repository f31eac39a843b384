import type { Activation } from "./activations.ts";
import type { BeadRows } from "./bead-rows.ts";
import { backward, type Dense, linear } from "./dense.ts";

/** The derivative of φ(W a + b) at every bead, from its values before the activation (beads×outputs). */
export function slopeUnits(layer: Dense, activation: Activation, before: Float64Array): BeadRows {
  const { outputs } = layer;
  const bent = (beads: Int32Array, rows: Float64Array) => {
    const out = new Float64Array(rows.length);
    beads.forEach((i, r) => {
      for (let u = 0; u < outputs; u++) {
        out[r * outputs + u] = rows[r * outputs + u]! * activation.slope(before[i * outputs + u]!);
      }
    });
    return out;
  };
  return {
    apply: (beads, rows) => bent(beads, linear(layer, rows, beads.length)),
    transpose: (beads, rows) => backward(layer, bent(beads, rows), beads.length),
  };
}
