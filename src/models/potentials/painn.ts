import { demand } from "../../core/errors.ts";
import { type Activation, silu } from "./activations.ts";
import type { Dense } from "./dense.ts";
import type { RadialBasis } from "./radial.ts";
import { type Readout, readReadout } from "./readout.ts";
import { countLayers, type NamedWeights, readBasis, weightReader } from "./weights.ts";

/** One interaction and mixing of PaiNN. */
export interface PainnLayer {
  /** Filter of this layer: basis → 3F, with bias. */
  filter: Dense;
  /** F → F → 3F, the first with the activation. */
  send: readonly [Dense, Dense];
  /** U: F → 2F on vectors, without bias. */
  vectors: Dense;
  /** 2F → F → 3F, the first with the activation. */
  mix: readonly [Dense, Dense];
}

/** A PaiNN: F scalars and F vectors a bead. Energies in kcal/mol, lengths in Å. */
export interface Painn {
  architecture: "painn";
  features: number;
  basis: RadialBasis;
  cutoff: number;
  /** species×F. */
  embedding: Float64Array;
  species: number;
  layers: readonly PainnLayer[];
  activation: Activation;
  /** Under the root of |Vμ|² + ε. */
  epsilon: number;
  readout: Readout;
}

/**
 * A PaiNN from its weights under the names of SchNetPack (`representation.filter_net`,
 * `representation.interactions.t.interatomic_context_net.k`, `representation.mixing.t.mu_channel_mix`,
 * `representation.mixing.t.intraatomic_context_net.k`, `output_modules.0.outnet.k`). Features and layers follow from
 * the shapes. @param options.basis where the weights do not hold `representation.radial_basis.*`.
 * @throws UserError naming a tensor that is missing, has another shape, is not finite or has no place.
 * Source: Schütt, Unke & Gastegger, ICML 2021.
 */
export function painnPotential(
  weights: NamedWeights,
  options: { source?: string; basis?: RadialBasis; epsilon?: number } = {},
): Painn {
  const { source = "painn", epsilon = 1e-8 } = options;
  const reader = weightReader(weights, source);
  const [species = 0, features = 0] = reader.shape("representation.embedding.weight");
  const embedding = reader.array("representation.embedding.weight", [species, features]);
  const basis = readBasis(reader, options.basis);
  const count = countLayers(weights, "representation.interactions");
  demand(count > 0, () => `${source}: no representation.interactions.0; expected at least one layer`);
  const size = basis.offsets.length;
  const filters = reader.dense("representation.filter_net", 3 * features * count, size);
  const layers = Array.from({ length: count }, (_, t): PainnLayer => {
    const send = `representation.interactions.${t}.interatomic_context_net`;
    const mix = `representation.mixing.${t}.intraatomic_context_net`;
    return {
      filter: rowsOf(filters, 3 * features * t, 3 * features),
      send: [
        reader.dense(`${send}.0`, features, features),
        reader.dense(`${send}.1`, 3 * features, features),
      ],
      vectors: reader.dense(`representation.mixing.${t}.mu_channel_mix`, 2 * features, features, {
        bias: false,
      }),
      mix: [
        reader.dense(`${mix}.0`, features, 2 * features),
        reader.dense(`${mix}.1`, 3 * features, features),
      ],
    };
  });
  const readout = readReadout(reader, weights, features, silu);
  reader.finish();
  return {
    architecture: "painn",
    features,
    basis,
    cutoff: basis.cutoff,
    embedding,
    species,
    layers,
    activation: silu,
    epsilon,
    readout,
  };
}

/** Outputs `from` … `from + count` − 1 of a dense layer. The transpose, which filters do not need, is left out. */
function rowsOf(d: Dense, from: number, count: number): Dense {
  return {
    inputs: d.inputs,
    outputs: count,
    w: d.w.subarray(from * d.inputs, (from + count) * d.inputs),
    wt: new Float64Array(0),
    bias: d.bias!.subarray(from, from + count),
  };
}
