import { degreeOf } from "./clebsch-gordan.ts";
import { addProduct, addProductBack } from "./couple.ts";
import { backward, linear } from "./dense.ts";
import type { So3net } from "./so3net.ts";
import type { So3netState } from "./so3net-forward.ts";
import { scalars, spread } from "./so3net-forward.ts";

/**
 * How an SO3net layer is made linear at its cached activations. The true derivative is
 * {productShare: 1, gateSlope: true, scalarOnly: false}.
 */
export interface So3netLinearisation {
  /** Share of the derivative of the on-site product that each factor keeps: ½ so that product = Σ shares. */
  productShare: number;
  /** Whether the gate lets its derivative through, or is a constant. */
  gateSlope: boolean;
  /** Whether only the components s = 0 leave the layer. */
  scalarOnly: boolean;
}

/**
 * What one bead's layer makes of tangents of its pooled messages: δa (rows×components×F, one row a bead of `beads`)
 * to δ(x^t − x^{t−1}) (rows×components×F, or rows×F for scalarOnly).
 */
export function so3netNode(
  net: So3net,
  state: So3netState,
  t: number,
  how: So3netLinearisation,
  beads: Int32Array,
  tangents: Float64Array,
): Float64Array {
  const { features, couplings } = net;
  const layer = net.layers[t]!;
  const { pooled, partner, mixed, gate } = state.layers[t]!;
  const components = how.scalarOnly ? 1 : net.components;
  const width = net.components * features;
  const rows = beads.length;
  const q = linear(layer.product, tangents, rows * net.components);
  const b = how.scalarOnly ? scalars(tangents, rows, features, net.components) : tangents.slice();
  beads.forEach((bead, r) => {
    const [at, from, to] = [r * width, bead * width, r * components * features];
    addProduct(couplings, features, components, how.productShare, tangents, at, partner, from, b, to);
    addProduct(couplings, features, components, how.productShare, pooled, from, q, at, b, to);
  });
  const c = linear(layer.mix, b, rows * components);
  const slopes = how.gateSlope ? linear(layer.gate, scalars(c, rows, features, components), rows) : undefined;
  const degrees = net.lmax + 1;
  beads.forEach((bead, r) => {
    for (let s = 0; s < components; s++) {
      const at = (r * components + s) * features;
      const g = (bead * degrees + degreeOf(s)) * features;
      const m = (bead * net.components + s) * features;
      const d = (r * degrees + degreeOf(s)) * features;
      for (let f = 0; f < features; f++) {
        const open = gate[g + f]!;
        let value = open * c[at + f]!;
        if (slopes) value += mixed[m + f]! * open * (1 - open) * slopes[d + f]!;
        c[at + f] = value;
      }
    }
  });
  return linear(layer.out, c, rows * components);
}

/** The transpose of {@link so3netNode}: cotangents of the layer's output to cotangents of the pooled messages. */
export function so3netNodeBack(
  net: So3net,
  state: So3netState,
  t: number,
  how: So3netLinearisation,
  beads: Int32Array,
  cotangents: Float64Array,
): Float64Array {
  const { features, couplings } = net;
  const layer = net.layers[t]!;
  const { pooled, partner, mixed, gate } = state.layers[t]!;
  const components = how.scalarOnly ? 1 : net.components;
  const degrees = net.lmax + 1;
  const width = net.components * features;
  const rows = beads.length;
  const r = backward(layer.out, cotangents, rows * components);
  const slopes = how.gateSlope ? new Float64Array(rows * degrees * features) : undefined;
  beads.forEach((bead, row) => {
    for (let s = 0; s < components; s++) {
      const at = (row * components + s) * features;
      const g = (bead * degrees + degreeOf(s)) * features;
      const m = (bead * net.components + s) * features;
      const d = (row * degrees + degreeOf(s)) * features;
      for (let f = 0; f < features; f++) {
        const open = gate[g + f]!;
        if (slopes) slopes[d + f]! += mixed[m + f]! * open * (1 - open) * r[at + f]!;
        r[at + f]! *= open;
      }
    }
  });
  if (slopes) {
    const central = backward(layer.gate, slopes, rows);
    for (let row = 0; row < rows; row++) {
      for (let f = 0; f < features; f++) r[row * components * features + f]! += central[row * features + f]!;
    }
  }
  const b = backward(layer.mix, r, rows * components);
  const q = new Float64Array(rows * width);
  const out = how.scalarOnly ? spread(b, rows, features, net.components) : b.slice();
  beads.forEach((bead, row) => {
    const [at, from, g] = [row * width, bead * width, row * components * features];
    addProductBack(
      couplings,
      features,
      components,
      how.productShare,
      pooled,
      from,
      partner,
      from,
      b,
      g,
      out,
      at,
      q,
      at,
    );
  });
  const direct = backward(layer.product, q, rows * net.components);
  for (let k = 0; k < out.length; k++) out[k]! += direct[k]!;
  return out;
}
