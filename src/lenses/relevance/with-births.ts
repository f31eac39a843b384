import type { WalkLayer, WalkModel } from "./walk-model.ts";

/** Constants inside a network that are relevance of their own. All are beads×width of what they are added to. */
export interface Births {
  /** Added to the states by layer t = 1 … T, at index t − 1. */
  states: readonly (Float64Array | undefined)[];
  /** Added to what the beads send in layer t. */
  sent?: readonly (Float64Array | undefined)[];
  /** In the readout, one a bead. */
  readout: Float64Array;
}

/**
 * A walk model in which biases carry relevance: every bead's state gets one more number, 1 at first, that stays where it
 * is and feeds the biases. A walk that is born at a bias is then one that stood still with it before; all that is
 * computed from walks holds for these too. The model itself where nothing is born.
 */
export function withBirths(model: WalkModel, births: Births): WalkModel {
  const { width, graph } = model;
  const { states, sent = [], readout } = births;
  const some = [...states, ...sent, readout].some((part) => part?.some((value) => value !== 0));
  if (!some) return model;
  const wide = width + 1;
  const start = new Float64Array(graph.beads * wide);
  const end = new Float64Array(graph.beads * wide);
  for (let i = 0; i < graph.beads; i++) {
    start.set(model.start.subarray(i * width, (i + 1) * width), i * wide);
    start[i * wide + width] = 1;
    end.set(model.readout.subarray(i * width, (i + 1) * width), i * wide);
    end[i * wide + width] = readout[i]!;
  }
  return {
    ...model,
    width: wide,
    start,
    readout: end,
    layers: model.layers.map((layer, t) => widened(layer, width, states[t], sent[t])),
  };
}

function widened(
  layer: WalkLayer,
  width: number,
  born: Float64Array | undefined,
  bornSent: Float64Array | undefined,
): WalkLayer {
  const wide = width + 1;
  const narrow = (rows: Float64Array, count: number) => {
    const out = new Float64Array(count * width);
    for (let r = 0; r < count; r++) out.set(rows.subarray(r * wide, r * wide + width), r * width);
    return out;
  };
  const broaden = (rows: Float64Array, count: number) => {
    const out = new Float64Array(count * wide);
    for (let r = 0; r < count; r++) out.set(rows.subarray(r * width, (r + 1) * width), r * wide);
    return out;
  };
  /** out[r·stride …] += rows' constant times the constants of the beads. */
  const feed = (
    from: Float64Array | undefined,
    beads: Int32Array,
    rows: Float64Array,
    out: Float64Array,
    count: number,
    stride: number,
  ) => {
    if (!from) return;
    beads.forEach((i, r) => {
      const one = rows[r * wide + width]!;
      for (let k = 0; k < count; k++) out[r * stride + k]! += one * from[i * count + k]!;
    });
  };
  /** The transpose of `feed`. */
  const collect = (
    from: Float64Array | undefined,
    beads: Int32Array,
    g: Float64Array,
    out: Float64Array,
    count: number,
    stride: number,
  ) => {
    if (!from) return;
    beads.forEach((i, r) => {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += g[r * stride + k]! * from[i * count + k]!;
      out[r * wide + width]! += sum;
    });
  };
  return {
    sent: layer.sent,
    received: layer.received,
    edge: layer.edge,
    send: {
      apply(beads, rows) {
        const inner = narrow(rows, beads.length);
        const out = layer.send ? layer.send.apply(beads, inner) : inner;
        feed(bornSent, beads, rows, out, layer.sent, layer.sent);
        return out;
      },
      transpose(beads, g) {
        const out = broaden(layer.send ? layer.send.transpose(beads, g) : g, beads.length);
        collect(bornSent, beads, g, out, layer.sent, layer.sent);
        return out;
      },
    },
    receive: {
      apply: (beads, rows) => broaden(layer.receive.apply(beads, rows), beads.length),
      transpose: (beads, g) => layer.receive.transpose(beads, narrow(g, beads.length)),
    },
    keep: {
      apply(beads, rows) {
        const inner = narrow(rows, beads.length);
        const out = broaden(layer.keep ? layer.keep.apply(beads, inner) : inner, beads.length);
        beads.forEach((_i, r) => {
          out[r * wide + width] = rows[r * wide + width]!;
        });
        feed(born, beads, rows, out, width, wide);
        return out;
      },
      transpose(beads, g) {
        const inner = narrow(g, beads.length);
        const out = broaden(layer.keep ? layer.keep.transpose(beads, inner) : inner, beads.length);
        beads.forEach((_i, r) => {
          out[r * wide + width] = g[r * wide + width]!;
        });
        collect(born, beads, inner, out, width, width);
        return out;
      },
    },
  };
}
