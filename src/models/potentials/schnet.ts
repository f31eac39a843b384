import { demand } from "../../core/errors.ts";
import { type Activation, shiftedSoftplus, silu } from "./activations.ts";
import type { Dense } from "./dense.ts";
import type { RadialBasis } from "./radial.ts";
import { type Readout, readReadout } from "./readout.ts";
import { countLayers, type NamedWeights, readBasis, weightReader } from "./weights.ts";

/** One interaction of SchNet. */
export interface SchnetLayer {
  /** W_in, without bias. */
  send: Dense;
  /** The filter network: two layers, the first with the activation. */
  filter: readonly [Dense, Dense];
  /** What becomes of the pooled messages: two layers, the first with the activation. */
  receive: readonly [Dense, Dense];
}

/** A SchNet: F features a bead. Energies in kcal/mol, lengths in Å. */
export interface Schnet {
  architecture: "schnet";
  features: number;
  basis: RadialBasis;
  cutoff: number;
  /** species×F. */
  embedding: Float64Array;
  species: number;
  layers: readonly SchnetLayer[];
  activation: Activation;
  readout: Readout;
}

/**
 * A SchNet from its weights under the names of SchNetPack (`representation.interactions.t.in2f`, `.filter_network.k`,
 * `.f2out.k`, `output_modules.0.outnet.k`). Features and layers follow from the shapes.
 * @param options.basis where the weights do not hold `representation.radial_basis.*`.
 * @param options.readout activation of the readout.
 * @throws UserError naming a tensor that is missing, has another shape, is not finite or has no place.
 * Source: Schütt et al., J. Chem. Phys. 148 (2018) 241722.
 */
export function schnetPotential(
  weights: NamedWeights,
  options: { source?: string; basis?: RadialBasis; readout?: Activation } = {},
): Schnet {
  const { source = "schnet", readout = silu } = options;
  const reader = weightReader(weights, source);
  const [species = 0, features = 0] = reader.shape("representation.embedding.weight");
  const embedding = reader.array("representation.embedding.weight", [species, features]);
  const basis = readBasis(reader, options.basis);
  const count = countLayers(weights, "representation.interactions");
  demand(count > 0, () => `${source}: no representation.interactions.0; expected at least one layer`);
  const layers = Array.from({ length: count }, (_, t): SchnetLayer => {
    const at = `representation.interactions.${t}`;
    return {
      send: reader.dense(`${at}.in2f`, features, features, { bias: false }),
      filter: [
        reader.dense(`${at}.filter_network.0`, features, basis.offsets.length),
        reader.dense(`${at}.filter_network.1`, features, features),
      ],
      receive: [
        reader.dense(`${at}.f2out.0`, features, features),
        reader.dense(`${at}.f2out.1`, features, features),
      ],
    };
  });
  const head = readReadout(reader, weights, features, readout);
  reader.finish();
  return {
    architecture: "schnet",
    features,
    basis,
    cutoff: basis.cutoff,
    embedding,
    species,
    layers,
    activation: shiftedSoftplus,
    readout: head,
  };
}
