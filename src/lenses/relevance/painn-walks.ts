import type { BeadRows } from "../../models/potentials/bead-rows.ts";
import { backward, forward, linear } from "../../models/potentials/dense.ts";
import type { Painn } from "../../models/potentials/painn.ts";
import { type PainnState, scalarsOf } from "../../models/potentials/painn-forward.ts";
import { painnMix, painnMixBack, painnSend, painnSendBack } from "../../models/potentials/painn-node.ts";
import { readoutRelevance } from "./readout-relevance.ts";
import { checkRules, conservative, type RelevanceRules } from "./rules.ts";
import { type UnitMap, unitMap } from "./unit-map.ts";
import type { WalkLayer, WalkModel } from "./walk-model.ts";
import { withBirths } from "./with-births.ts";

/**
 * A PaiNN on one frame, linear under `rules`. With channels "all", scalars and vectors carry relevance; products are
 * shared as the rules say (filters and directions are constants). With channels "scalar" the vectors are constants, as
 * are |Vμ| and ⟨Vμ, Wμ⟩: relevance flows through the scalars alone.
 * @param rules.gate has no meaning here: PaiNN has none.
 */
export function painnWalks(net: Painn, state: PainnState, rules: RelevanceRules = conservative): WalkModel {
  checkRules(rules);
  const { graph } = state;
  const scalar = rules.channels === "scalar";
  const { features: F } = net;
  const made = net.layers.map((_layer, t) => (scalar ? scalarLayer : fullLayer)(net, state, t, rules));
  const { g, born, constant } = readoutRelevance(rules, net.readout, state.readout);
  const model = {
    graph,
    width: scalar ? F : 4 * F,
    start: scalar ? scalarsOf(state.x[0]!, graph.beads, F) : state.x[0]!,
    readout: scalar ? g : widen(g, graph.beads, F),
    layers: made.map(({ layer }) => layer),
    energy: state.energy,
    constant,
  };
  return withBirths(model, {
    states: made.map(({ states }) => states),
    sent: made.map(({ sent }) => sent),
    readout: born,
  });
}

function widen(g: Float64Array, beads: number, features: number): Float64Array {
  const out = new Float64Array(4 * beads * features);
  for (let i = 0; i < beads; i++) {
    out.set(g.subarray(i * features, (i + 1) * features), 4 * i * features);
  }
  return out;
}

interface Made {
  layer: WalkLayer;
  states: Float64Array | undefined;
  sent: Float64Array | undefined;
}

/** The scalars alone: vectors, |Vμ| and ⟨Vμ, Wμ⟩ are constants. */
function scalarLayer(net: Painn, state: PainnState, t: number, rules: RelevanceRules): Made {
  const { features: F, activation } = net;
  const { graph } = state;
  const { beads } = graph;
  const { filters, sendBefore, vw, context, mixBefore } = state.layers[t]!;
  const { send, mix } = net.layers[t]!;
  const out = unitMap(rules.unit, send[0], activation, scalarsOf(state.x[t]!, beads, F), sendBefore);
  const units = unitMap(rules.unit, mix[0], activation, context, mixBefore);
  const product = new Float64Array(beads * F);
  for (let v = 0; v < 3 * beads; v++) {
    for (let f = 0; f < F; f++) {
      product[Math.floor(v / 3) * F + f]! += vw[2 * v * F + f]! * vw[(2 * v + 1) * F + f]!;
    }
  }
  /** 3F rows of φ or a, of which parts are kept: out = rows[0] + scale ⊙ rows[2]. */
  const fold = (rows: Float64Array, at: Int32Array, scale: Float64Array | undefined) => {
    const folded = new Float64Array(at.length * F);
    at.forEach((i, r) => {
      for (let f = 0; f < F; f++) {
        folded[r * F + f] =
          rows[3 * r * F + f]! + (scale ? scale[i * F + f]! * rows[(3 * r + 2) * F + f]! : 0);
      }
    });
    return folded;
  };
  const unfold = (g: Float64Array, at: Int32Array, scale: Float64Array | undefined) => {
    const rows = new Float64Array(3 * at.length * F);
    at.forEach((i, r) => {
      for (let f = 0; f < F; f++) {
        rows[3 * r * F + f] = g[r * F + f]!;
        if (scale) rows[(3 * r + 2) * F + f] = scale[i * F + f]! * g[r * F + f]!;
      }
    });
    return rows;
  };
  const mixing: BeadRows = {
    apply(at, rows) {
      const wide = new Float64Array(2 * at.length * F);
      at.forEach((_i, r) => {
        wide.set(rows.subarray(r * F, (r + 1) * F), 2 * r * F);
      });
      const a = linear(mix[1], units.apply(at, wide), at.length);
      return fold(a, at, product).map((value, k) => value + rows[k]!);
    },
    transpose(at, g) {
      const wide = units.transpose(at, backward(mix[1], unfold(g, at, product), at.length));
      const back = g.slice();
      at.forEach((_i, r) => {
        for (let f = 0; f < F; f++) back[r * F + f]! += wide[2 * r * F + f]!;
      });
      return back;
    },
  };
  const layer: WalkLayer = {
    sent: F,
    received: F,
    send: {
      apply: (at, rows) => fold(linear(send[1], out.apply(at, rows), at.length), at, undefined),
      transpose: (at, g) => out.transpose(at, backward(send[1], unfold(g, at, undefined), at.length)),
    },
    edge: {
      apply(e, from, at, to, toAt) {
        for (let f = 0; f < F; f++) to[toAt + f]! += filters[3 * e * F + f]! * from[at + f]!;
      },
      transpose(e, g, gAt, to, toAt) {
        for (let f = 0; f < F; f++) to[toAt + f]! += filters[3 * e * F + f]! * g[gAt + f]!;
      },
    },
    receive: mixing,
    keep: mixing,
  };
  const every = Int32Array.from({ length: beads }, (_, i) => i);
  const phi = biasRows(rules, send[1], out, beads);
  const a = biasRows(rules, mix[1], units, beads);
  return {
    layer,
    sent: phi && fold(phi, every, undefined),
    states: a && fold(a, every, product),
  };
}

function fullLayer(net: Painn, state: PainnState, t: number, rules: RelevanceRules): Made {
  const { features: F, activation } = net;
  const { graph, directions } = state;
  const { filters, sent, sendBefore, context, mixBefore } = state.layers[t]!;
  const { send, mix } = net.layers[t]!;
  const x = state.x[t]!;
  const share = rules.product === "share";
  const half = share ? 0.5 : 1;
  const out = unitMap(rules.unit, send[0], activation, scalarsOf(x, graph.beads, F), sendBefore);
  const how = { share, units: unitMap(rules.unit, mix[0], activation, context, mixBefore) };
  const mixing = {
    apply: (beads: Int32Array, rows: Float64Array) => painnMix(net, state, t, how, beads, rows),
    transpose: (beads: Int32Array, rows: Float64Array) => painnMixBack(net, state, t, how, beads, rows),
  };
  const layer: WalkLayer = {
    sent: 6 * F,
    received: 4 * F,
    send: {
      apply: (beads, rows) => painnSend(net, t, out, beads, rows),
      transpose: (beads, rows) => painnSendBack(net, t, out, beads, rows),
    },
    edge: {
      apply(e, from, at, to, toAt) {
        const j = graph.sender[e]!;
        for (let f = 0; f < F; f++) {
          const w = 3 * e * F + f;
          to[toAt + f]! += filters[w]! * from[at + f]!;
          const push = filters[w + F]! * from[at + F + f]!;
          const hold = half * filters[w + 2 * F]! * from[at + 2 * F + f]!;
          const held = half * filters[w + 2 * F]! * sent[(3 * j + 2) * F + f]!;
          for (let c = 0; c < 3; c++) {
            to[toAt + (1 + c) * F + f]! +=
              push * directions[3 * e + c]! +
              hold * x[(4 * j + 1 + c) * F + f]! +
              held * from[at + (3 + c) * F + f]!;
          }
        }
      },
      transpose(e, g, gAt, to, toAt) {
        const j = graph.sender[e]!;
        for (let f = 0; f < F; f++) {
          const w = 3 * e * F + f;
          to[toAt + f]! += filters[w]! * g[gAt + f]!;
          const held = half * filters[w + 2 * F]! * sent[(3 * j + 2) * F + f]!;
          let along = 0;
          let carried = 0;
          for (let c = 0; c < 3; c++) {
            const gm = g[gAt + (1 + c) * F + f]!;
            along += gm * directions[3 * e + c]!;
            carried += gm * x[(4 * j + 1 + c) * F + f]!;
            to[toAt + (3 + c) * F + f]! += held * gm;
          }
          to[toAt + F + f]! += filters[w + F]! * along;
          to[toAt + 2 * F + f]! += half * filters[w + 2 * F]! * carried;
        }
      },
    },
    receive: mixing,
    keep: mixing,
  };
  return { layer, ...fullBirths(net, state, t, rules, out, how.units) };
}

/** What biases add: to what the beads send, and (with the ε under the root of |Vμ|) to the states after mixing. */
function fullBirths(
  net: Painn,
  state: PainnState,
  t: number,
  rules: RelevanceRules,
  out: UnitMap,
  units: UnitMap,
): Pick<Made, "states" | "sent"> {
  const { features: F } = net;
  const { beads } = state.graph;
  const { vw, context } = state.layers[t]!;
  const { send, mix } = net.layers[t]!;
  const share = rules.product === "share";
  const phi = biasRows(rules, send[1], out, beads);
  const mixBias = biasRows(rules, mix[1], units, beads);
  if (!phi || !mixBias) return { states: undefined, sent: undefined };
  const sent = new Float64Array(6 * beads * F);
  const root = new Float64Array(2 * beads * F);
  for (let i = 0; i < beads; i++) {
    sent.set(phi.subarray(3 * i * F, 3 * (i + 1) * F), 6 * i * F);
    for (let f = 0; f < F; f++) {
      root[(2 * i + 1) * F + f] = net.epsilon / context[(2 * i + 1) * F + f]!;
    }
  }
  const every = Int32Array.from({ length: beads }, (_, i) => i);
  const a = linear(mix[1], units.apply(every, root), beads).map((value, k) => value + mixBias[k]!);
  const states = new Float64Array(4 * beads * F);
  for (let i = 0; i < beads; i++) {
    for (let f = 0; f < F; f++) {
      let product = 0;
      for (let c = 0; c < 3; c++) {
        const v = (3 * i + c) * 2 * F + f;
        product += vw[v]! * vw[v + F]!;
        states[(4 * i + 1 + c) * F + f] = (share ? 1 / 2 : 1) * a[(3 * i + 1) * F + f]! * vw[v + F]!;
      }
      states[4 * i * F + f] = a[3 * i * F + f]! + (share ? 1 / 3 : 1) * a[(3 * i + 2) * F + f]! * product;
    }
  }
  return { states, sent };
}

/** What the biases of a network of two layers add to its output, beads×outputs; undefined if they are given nothing. */
function biasRows(
  rules: RelevanceRules,
  last: Painn["layers"][number]["mix"][1],
  units: UnitMap,
  beads: number,
): Float64Array | undefined {
  if (rules.bias === "share") {
    return forward(last, units.born ?? new Float64Array(beads * last.inputs), beads);
  }
  if (units.born) return linear(last, units.born, beads);
  return undefined;
}
