import { demand } from "../../core/errors.ts";
import * as o from "../../program/ops/index.ts";
import { type Layout, layout } from "../../program/parameters.ts";
import { site } from "../../program/sites.ts";
import { gaussianBasis, type RadialBasis } from "./radial.ts";
import { networkShapes } from "./shapes.ts";

/** Hyper-parameters that all networks share. */
export interface NetworkConfig {
  architecture: "schnet" | "painn" | "so3net";
  /** F, numbers a bead (and component); even, for the read-out halves it. */
  features: number;
  /** T, interaction layers; up to T + 1 beads can meet in one walk. */
  layers: number;
  /** Gaussians of the distance. */
  radialBasis: number;
  /** Their centres and widths, Å; by default evenly from 0 to the cutoff, and as wide as they are apart. */
  basis?: { readonly offsets: readonly number[]; readonly widths: readonly number[] };
  /** Å. */
  cutoff: number;
  /** Words for the kinds of beads, in the order of the embedding's rows. */
  species: readonly string[];
}

/** The pairs of a batch of frames. Every frame has the same number of pairs; those that fill up have weight 0. */
export interface PairValues {
  /** frames×pairs, int32: bead within its frame. */
  first: o.Value;
  second: o.Value;
  /** frames×pairs×3, Å: from the first bead to the second. */
  vectors: o.Value;
  /** frames×pairs: 1, or 0 for padding. */
  weights: o.Value;
}

/** How a layer is scaled before training, from what leaves it. */
export interface Calibration {
  /** The layer whose weights (and bias) change. */
  dense: string;
  /** The site that is measured. */
  site: string;
  /** "units": mean 0 and variance 1, unit by unit; "scale": RMS 1 over all, no mean taken out. */
  how: "units" | "scale";
}

/** A network of beads as a traced program: parameters in one vector, under the names of SchNetPack 2. */
export interface TracedPotential {
  config: NetworkConfig;
  layout: Layout;
  /** Steps in the order of the layers. */
  calibration: readonly (readonly Calibration[])[];
  /**
   * Energy of each frame, kcal/mol, shape [frames]. Padding must have weight 0 and a vector of length r_c (any length
   * but 0 would do). @param kinds row of the embedding for each bead of a frame.
   */
  energies(flat: o.Value, pairs: PairValues, kinds: Int32Array): o.Value;
}

/**
 * The parameters' places: names and shapes of SchNetPack, in the order of `networkShapes`.
 * @throws UserError naming a hyper-parameter out of range.
 */
export function potentialLayout(config: NetworkConfig & { lmax?: number }): Layout {
  const { species, basis } = config;
  demand(
    species.length > 0 && new Set(species).size === species.length,
    () => `tracedPotential: species [${species.join(", ")}]; expected at least one, each once`,
  );
  demand(
    basis === undefined ||
      (basis.offsets.length === config.radialBasis && basis.widths.length === config.radialBasis),
    () =>
      `tracedPotential: ${basis!.offsets.length} centres and ${basis!.widths.length} widths; expected ${config.radialBasis} of each`,
  );
  return layout(networkShapes({ ...config, species: species.length }));
}

/** The basis of a network. */
export function basisOf({ basis, radialBasis, cutoff }: NetworkConfig): RadialBasis {
  if (basis === undefined) return gaussianBasis(radialBasis, cutoff);
  return { offsets: Float64Array.from(basis.offsets), widths: Float64Array.from(basis.widths), cutoff };
}

/**
 * What networks see of the lengths of the pairs: Gaussians e_k(r) = exp(−(r − r_k)²/2w_k²) [rows, basis], the cosine cutoff
 * ½(1 + cos(πr/r_c)) times the weight [rows, 1], and r itself [rows, 1].
 */
export function radial(
  config: NetworkConfig,
  { vectors, weights }: PairValues,
): { basis: o.Value; weight: o.Value; distances: o.Value } {
  const dtype = o.dtypeOf(vectors) as "float32" | "float64";
  const distances = o.sqrt(o.sum(o.square(o.reshape(vectors, [-1, 3])), { axis: 1, keepdims: true }));
  const { offsets, widths } = basisOf(config);
  const row = (values: Float64Array) => o.constant([...values], [values.length], dtype);
  const from = o.sub(distances, row(offsets));
  const basis = o.exp(o.mul(o.square(from), row(widths.map((w) => -0.5 / w ** 2))));
  const fading = o.mul(o.add(o.cos(o.mul(distances, Math.PI / config.cutoff)), 1), 0.5);
  return { basis, weight: o.mul(fading, o.reshape(weights, [-1, 1])), distances };
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
    const [a, b] = [o.oneHot(first, beads, dtype), o.oneHot(second, beads, dtype)];
    const of = (end: o.Value) => (x: o.Value) =>
      o.reshape(o.matmul(end, o.reshape(x, [frames, beads, -1])), [frames * count, -1]);
    const to = (end: o.Value) => (x: o.Value) =>
      o.reshape(o.matmul(o.swapaxes(end), o.reshape(x, [frames, count, -1])), [frames * beads, -1]);
    return { ofFirst: of(a), ofSecond: of(b), toFirst: to(a), toSecond: to(b) };
  }
  const shift = o.mul(o.reshape(o.arange(frames, "int32"), [frames, 1]), beads);
  const rows = (index: o.Value) => o.reshape(o.add(index, shift), [frames * count]);
  const [a, b] = [rows(first), rows(second)];
  return {
    ofFirst: (x) => o.take(x, a),
    ofSecond: (x) => o.take(x, b),
    toFirst: (x) => o.segmentSum(x, a, frames * beads),
    toSecond: (x) => o.segmentSum(x, b, frames * beads),
  };
}

/** x⁰: the embedding's row of each bead, [frames·beads, F]. */
export function embedded(rows: o.Value, kinds: Int32Array, frames: number): o.Value {
  const beads = kinds.length;
  if (rows.shape[0] === 1) return o.broadcastTo(rows, [frames * beads, rows.shape[1]!]);
  return o.take(
    rows,
    Int32Array.from({ length: frames * beads }, (_, i) => kinds[i % beads]!),
  );
}

/** E = Σ_i w₂ silu(W₁ x_i + b₁) + b₂ of each frame, [frames]. */
export function readout(p: Readonly<Record<string, o.Value>>, x: o.Value, frames: number): o.Value {
  const dense = (value: o.Value, k: number) =>
    o.add(
      o.matmul(value, o.transpose(p[`output_modules.0.outnet.${k}.weight`]!)),
      p[`output_modules.0.outnet.${k}.bias`]!,
    );
  const half = o.silu(site("output_modules.0.outnet.0", dense(x, 0)));
  return o.sum(o.reshape(dense(half, 1), [frames, -1]), { axis: 1 });
}
