import type { BeadRows } from "./bead-rows.ts";
import { backward, linear } from "./dense.ts";
import type { Painn } from "./painn.ts";
import { type PainnState, scalarsOf, vectorsOf } from "./painn-forward.ts";

/**
 * How the mixing of a PaiNN is made linear. The true derivative is {share: false} with the derivative of the units;
 * with {share: true} every product is divided evenly among its factors and |Vμ| = Σ V·(V/|Vμ|) is linear in
 * V, so that what goes in is what comes out, apart from biases and ε.
 */
export interface PainnLinearisation {
  /** Whether products of m factors give each 1/m of their derivative. */
  share: boolean;
  /** The layer with the activation: tangents of [q ‖ n] to tangents of what it gives. */
  units: BeadRows;
}

/** Tangents of the state that the messages left (rows×4F) to tangents of the state after mixing (rows×4F). */
export function painnMix(
  net: Painn,
  state: PainnState,
  t: number,
  how: PainnLinearisation,
  beads: Int32Array,
  rows: Float64Array,
): Float64Array {
  const { features: F } = net;
  const layer = net.layers[t]!;
  const { vw, context, mixed } = state.layers[t]!;
  const count = beads.length;
  const [two, three] = how.share ? [1 / 2, 1 / 3] : [1, 1];
  const dvw = linear(layer.vectors, vectorsOf(rows, count, F), 3 * count);
  const dc = new Float64Array(2 * count * F);
  beads.forEach((i, r) => {
    for (let f = 0; f < F; f++) {
      dc[2 * r * F + f] = rows[4 * r * F + f]!;
      let sum = 0;
      for (let c = 0; c < 3; c++) sum += vw[(3 * i + c) * 2 * F + f]! * dvw[(3 * r + c) * 2 * F + f]!;
      dc[(2 * r + 1) * F + f] = sum / context[(2 * i + 1) * F + f]!;
    }
  });
  const da = linear(layer.mix[1], how.units.apply(beads, dc), count);
  const out = rows.slice();
  beads.forEach((i, r) => {
    for (let f = 0; f < F; f++) {
      let product = 0;
      let change = 0;
      for (let c = 0; c < 3; c++) {
        const at = (3 * i + c) * 2 * F + f;
        const dt = (3 * r + c) * 2 * F + f;
        product += vw[at]! * vw[at + F]!;
        change += vw[at]! * dvw[dt + F]! + dvw[dt]! * vw[at + F]!;
        out[(4 * r + 1 + c) * F + f]! +=
          two * (mixed[(3 * i + 1) * F + f]! * dvw[dt + F]! + da[(3 * r + 1) * F + f]! * vw[at + F]!);
      }
      out[4 * r * F + f]! +=
        da[3 * r * F + f]! +
        three * (mixed[(3 * i + 2) * F + f]! * change + da[(3 * r + 2) * F + f]! * product);
    }
  });
  return out;
}

/** The transpose of {@link painnMix}. */
export function painnMixBack(
  net: Painn,
  state: PainnState,
  t: number,
  how: PainnLinearisation,
  beads: Int32Array,
  rows: Float64Array,
): Float64Array {
  const { features: F } = net;
  const layer = net.layers[t]!;
  const { vw, context, mixed } = state.layers[t]!;
  const count = beads.length;
  const [two, three] = how.share ? [1 / 2, 1 / 3] : [1, 1];
  const ga = new Float64Array(3 * count * F);
  const gvw = new Float64Array(6 * count * F);
  beads.forEach((i, r) => {
    for (let f = 0; f < F; f++) {
      const g = rows[4 * r * F + f]!;
      const pull = three * mixed[(3 * i + 2) * F + f]! * g;
      let product = 0;
      let along = 0;
      for (let c = 0; c < 3; c++) {
        const at = (3 * i + c) * 2 * F + f;
        const gt = (3 * r + c) * 2 * F + f;
        const gm = rows[(4 * r + 1 + c) * F + f]!;
        product += vw[at]! * vw[at + F]!;
        along += gm * vw[at + F]!;
        gvw[gt] = pull * vw[at + F]!;
        gvw[gt + F] = pull * vw[at]! + two * mixed[(3 * i + 1) * F + f]! * gm;
      }
      ga[3 * r * F + f] = g;
      ga[(3 * r + 1) * F + f] = two * along;
      ga[(3 * r + 2) * F + f] = three * product * g;
    }
  });
  const gc = how.units.transpose(beads, backward(layer.mix[1], ga, count));
  const out = rows.slice();
  beads.forEach((i, r) => {
    for (let f = 0; f < F; f++) {
      out[4 * r * F + f]! += gc[2 * r * F + f]!;
      const scale = gc[(2 * r + 1) * F + f]! / context[(2 * i + 1) * F + f]!;
      for (let c = 0; c < 3; c++) {
        gvw[(3 * r + c) * 2 * F + f]! += scale * vw[(3 * i + c) * 2 * F + f]!;
      }
    }
  });
  const gmu = backward(layer.vectors, gvw, 3 * count);
  for (let r = 0; r < count; r++) {
    for (let k = 0; k < 3 * F; k++) out[(4 * r + 1) * F + k]! += gmu[3 * r * F + k]!;
  }
  return out;
}

/** Tangents of a state (rows×4F) to those of what it sends: 3F of φ, then 3F of μ. */
export function painnSend(
  net: Painn,
  t: number,
  units: BeadRows,
  beads: Int32Array,
  rows: Float64Array,
): Float64Array {
  const { features: F } = net;
  const count = beads.length;
  const phi = linear(net.layers[t]!.send[1], units.apply(beads, scalarsOf(rows, count, F)), count);
  const out = new Float64Array(6 * count * F);
  for (let r = 0; r < count; r++) {
    out.set(phi.subarray(3 * r * F, 3 * (r + 1) * F), 6 * r * F);
    out.set(rows.subarray((4 * r + 1) * F, (4 * r + 4) * F), (6 * r + 3) * F);
  }
  return out;
}

/** The transpose of {@link painnSend}. */
export function painnSendBack(
  net: Painn,
  t: number,
  units: BeadRows,
  beads: Int32Array,
  rows: Float64Array,
): Float64Array {
  const { features: F } = net;
  const count = beads.length;
  const phi = new Float64Array(3 * count * F);
  for (let r = 0; r < count; r++) phi.set(rows.subarray(6 * r * F, (6 * r + 3) * F), 3 * r * F);
  const q = units.transpose(beads, backward(net.layers[t]!.send[1], phi, count));
  const out = new Float64Array(4 * count * F);
  for (let r = 0; r < count; r++) {
    out.set(q.subarray(r * F, (r + 1) * F), 4 * r * F);
    out.set(rows.subarray((6 * r + 3) * F, (6 * r + 6) * F), (4 * r + 1) * F);
  }
  return out;
}
