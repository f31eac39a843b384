import { demand } from "../../core/errors.ts";
import * as o from "../../program/ops/index.ts";
import { type Layout, layout, type Shapes } from "../../program/parameters.ts";
import { site } from "../../program/sites.ts";

/** Hyper-parameters of a SchNet. Plain data: it crosses threads and stands in files. */
export interface SchNetConfig {
  /** F, numbers a bead; even, for the read-out halves it. */
  features: number;
  /** T, interaction layers; beads up to T + 1 can meet in one walk. */
  layers: number;
  /** Gaussians of the distance, centres evenly spaced from 0 to the cutoff. */
  radialBasis: number;
  /** Å. */
  cutoff: number;
  /** Words for the kinds of beads, in the order of the embedding's rows. */
  species: readonly string[];
}

/** A SchNet with its parameters laid out in one vector, under the names of SchNetPack 2. */
export interface SchNet {
  config: SchNetConfig;
  layout: Layout;
}

/** The pairs of a batch of frames. Every frame has the same number of pairs; those that fill up have weight 0. */
export interface PairValues {
  /** frames×pairs×3, Å: from the first bead to the second. */
  vectors: o.Value;
  /** frames×pairs: 1, or 0 for padding. */
  weights: o.Value;
  /** frames×pairs, int32: bead within its frame. */
  first: o.Value;
  second: o.Value;
}

/**
 * The network of `config`. Weights of dense layers are [out, in].
 * @throws UserError for a hyper-parameter out of range.
 */
export function schnet(config: SchNetConfig): SchNet {
  const { features, layers, radialBasis, cutoff, species } = config;
  for (const [name, value, least] of [
    ["features", features, 2],
    ["layers", layers, 1],
    ["radialBasis", radialBasis, 2],
  ] as const) {
    demand(
      Number.isInteger(value) && value >= least,
      () => `schnet: ${name} is ${value}; expected a whole number from ${least}`,
    );
  }
  demand(features % 2 === 0, () => `schnet: ${features} features; expected an even number`);
  demand(cutoff > 0 && cutoff < Infinity, () => `schnet: cutoff ${cutoff}; expected a length in Å above 0`);
  demand(
    species.length > 0 && new Set(species).size === species.length,
    () => `schnet: species [${species.join(", ")}]; expected at least one, each once`,
  );
  const shapes: Record<string, number[]> = { "representation.embedding.weight": [species.length, features] };
  const dense = (name: string, out: number, inputs: number) => {
    shapes[`${name}.weight`] = [out, inputs];
    shapes[`${name}.bias`] = [out];
  };
  for (let t = 0; t < layers; t++) {
    const layer = `representation.interactions.${t}`;
    shapes[`${layer}.in2f.weight`] = [features, features];
    dense(`${layer}.f2out.0`, features, features);
    dense(`${layer}.f2out.1`, features, features);
    dense(`${layer}.filter_network.0`, features, radialBasis);
    dense(`${layer}.filter_network.1`, features, features);
  }
  dense("output_modules.0.outnet.0", features / 2, features);
  dense("output_modules.0.outnet.1", 1, features / 2);
  return { config, layout: layout(shapes as Shapes) };
}

/** Centres and width of the Gaussians, Å: evenly from 0 to the cutoff, as wide as they are apart. */
export function radialBasisOf(config: Pick<SchNetConfig, "cutoff" | "radialBasis">): {
  centres: Float64Array;
  width: number;
} {
  const width = config.cutoff / (config.radialBasis - 1);
  return { centres: Float64Array.from({ length: config.radialBasis }, (_, k) => k * width), width };
}

/**
 * Energy of each frame of a batch, kcal/mol, shape [frames]. With ssp(x) = ln(1 + eˣ) − ln 2, Gaussians e(r) of the
 * distance, c(r) = ½(1 + cos(πr/r_c)) and x⁰ the embedding of the species:
 *
 *     W_ij = [A₂ ssp(A₁ e(r_ij))]·c(r_ij)    m_i = Σ_j (W_in x_j) ⊙ W_ij    x_i ← x_i + B₂ ssp(B₁ m_i)
 *     E = Σ_i w₂ silu(W₁ x_i + b₁) + b₂
 *
 * (A, B, W₁ with biases). The output of each dense layer, before its activation, is a site with the layer's name. A pair is listed once and its filter, which is the same both ways, computed once. Padding must
 * have weight 0 and a vector of length r_c (any other length that is not 0 would do).
 * @param flat parameters. @param kinds row of the embedding for each bead of a frame.
 * Source: Schütt et al., J. Chem. Phys. 148 (2018) 241722; names and read-out as in SchNetPack 2 (2023).
 */
export function schnetEnergies(model: SchNet, flat: o.Value, pairs: PairValues, kinds: Int32Array): o.Value {
  const { features, layers, cutoff } = model.config;
  const [frames, count] = pairs.weights.shape as [number, number];
  const beads = kinds.length;
  const p = model.layout.views(flat) as Record<string, o.Value>;
  const dense = (x: o.Value, name: string) =>
    site(name, o.add(o.matmul(x, o.transpose(p[`${name}.weight`]!)), p[`${name}.bias`]!));
  const ends = pairEnds(pairs, beads);
  const dtype = o.dtypeOf(flat) as "float32" | "float64";
  const r = o.sqrt(o.sum(o.square(o.reshape(pairs.vectors, [-1, 3])), { axis: 1, keepdims: true }));
  const { centres, width } = radialBasisOf(model.config);
  const offsets = o.sub(r, o.constant([...centres], [centres.length], dtype));
  const basis = o.exp(o.mul(o.square(offsets), -0.5 / width ** 2));
  const fading = o.mul(o.add(o.cos(o.mul(r, Math.PI / cutoff)), 1), 0.5);
  const weight = o.mul(fading, o.reshape(pairs.weights, [frames * count, 1]));
  let x = embedded(p["representation.embedding.weight"]!, kinds, frames);
  for (let t = 0; t < layers; t++) {
    const layer = `representation.interactions.${t}`;
    const hidden = o.shiftedSoftplus(dense(basis, `${layer}.filter_network.0`));
    const filters = o.mul(dense(hidden, `${layer}.filter_network.1`), weight);
    const sent = o.matmul(x, o.transpose(p[`${layer}.in2f.weight`]!));
    const received = o.add(
      ends.toFirst(o.mul(filters, ends.ofSecond(sent))),
      ends.toSecond(o.mul(filters, ends.ofFirst(sent))),
    );
    const mixed = o.shiftedSoftplus(dense(received, `${layer}.f2out.0`));
    x = o.add(x, dense(mixed, `${layer}.f2out.1`));
  }
  const half = o.silu(dense(x, "output_modules.0.outnet.0"));
  const each = dense(half, "output_modules.0.outnet.1");
  demand(x.shape[1] === features, () => `schnetEnergies: ${x.shape[1]} features; expected ${features}`);
  return o.sum(o.reshape(each, [frames, beads]), { axis: 1 });
}

/** What goes between the beads (frames·beads rows) and the pairs (frames·pairs rows) of a batch, along either end. */
export interface PairEnds {
  ofFirst(perBead: o.Value): o.Value;
  ofSecond(perBead: o.Value): o.Value;
  toFirst(perPair: o.Value): o.Value;
  toSecond(perPair: o.Value): o.Value;
}

/** Frames of at most this many beads select and sum by products with zeros and ones, faster there than by index. */
const denseLimit = 128;

/** Rows of beads for pairs, and sums over pairs for beads; each is the other's transpose, and differentiated so. */
export function pairEnds({ first, second, weights }: PairValues, beads: number): PairEnds {
  const [frames, count] = weights.shape as [number, number];
  if (beads <= denseLimit) {
    const dtype = o.dtypeOf(weights) as "float32" | "float64";
    const ends = [first, second].map((index) => o.oneHot(index, beads, dtype));
    const of = (end: o.Value) => (x: o.Value) =>
      o.reshape(o.matmul(end, o.reshape(x, [frames, beads, -1])), [frames * count, -1]);
    const to = (end: o.Value) => (x: o.Value) =>
      o.reshape(o.matmul(o.swapaxes(end), o.reshape(x, [frames, count, -1])), [frames * beads, -1]);
    return { ofFirst: of(ends[0]!), ofSecond: of(ends[1]!), toFirst: to(ends[0]!), toSecond: to(ends[1]!) };
  }
  const shift = o.mul(o.reshape(o.arange(frames, "int32"), [frames, 1]), beads);
  const [a, b] = [first, second].map((index) => o.reshape(o.add(index, shift), [frames * count])) as [
    o.Value,
    o.Value,
  ];
  return {
    ofFirst: (x) => o.take(x, a),
    ofSecond: (x) => o.take(x, b),
    toFirst: (x) => o.segmentSum(x, a, frames * beads),
    toSecond: (x) => o.segmentSum(x, b, frames * beads),
  };
}

function embedded(rows: o.Value, kinds: Int32Array, frames: number): o.Value {
  const beads = kinds.length;
  if (rows.shape[0] === 1) return o.broadcastTo(rows, [frames * beads, rows.shape[1]!]);
  return o.take(
    rows,
    Int32Array.from({ length: frames * beads }, (_, i) => kinds[i % beads]!),
  );
}
