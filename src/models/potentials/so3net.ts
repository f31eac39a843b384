import { demand } from "../../core/errors.ts";
import { silu } from "./activations.ts";
import { exactCouplings, publishedCouplings } from "./clebsch-gordan.ts";
import { type CouplingTable, couplingTable } from "./couple.ts";
import type { Dense } from "./dense.ts";
import type { RadialBasis } from "./radial.ts";
import { type Readout, readReadout } from "./readout.ts";
import { exactHarmonics, type HarmonicPrefactors, publishedHarmonics } from "./spherical-harmonics.ts";
import { countLayers, type NamedWeights, readBasis, weightReader } from "./weights.ts";

/** One interaction of SO3net. */
export interface So3netLayer {
  /** Basis → (lmax + 1)·F. */
  filter: Dense;
  product: Dense;
  mix: Dense;
  /** F → (lmax + 1)·F, with bias, before the logistic function. */
  gate: Dense;
  out: Dense;
}

/** An SO3net: F features in (lmax + 1)² components a bead. Energies in kcal/mol, lengths in Å. */
export interface So3net {
  architecture: "so3net";
  features: number;
  lmax: number;
  /** (lmax + 1)². */
  components: number;
  basis: RadialBasis;
  cutoff: number;
  /** species×F. */
  embedding: Float64Array;
  species: number;
  layers: readonly So3netLayer[];
  readout: Readout;
  couplings: CouplingTable;
  prefactors: HarmonicPrefactors;
}

/**
 * An SO3net from its weights under the names of SchNetPack (`representation.so3convs.t.filternet`, `mixings1…3.t`,
 * `gatings.t.scaling`, `output_modules.0.outnet.k`). Features, layers and lmax follow from the shapes.
 * @param options.basis where the weights do not hold `representation.radial_basis.*`.
 * @param options.tables "exact" harmonics and couplings (rotations leave the energy as it is to rounding), or
 * "published" ones with their float32 rounding (published energies to rounding).
 * @throws UserError naming a tensor that is missing, has another shape, is not finite or has no place.
 * Source: Schütt, Hessmann, Gebauer, Lederer & Gastegger, J. Chem. Phys. 158 (2023) 144801 (SchNetPack 2.0).
 */
export function so3net(
  weights: NamedWeights,
  options: { source?: string; basis?: RadialBasis; tables?: "exact" | "published" } = {},
): So3net {
  const { source = "so3net", tables = "exact" } = options;
  const reader = weightReader(weights, source);
  const [species = 0, features = 0] = reader.shape("representation.embedding.weight");
  const embedding = reader.array("representation.embedding.weight", [species, features]);
  const basis = readBasis(reader, options.basis);
  const count = countLayers(weights, "representation.so3convs");
  demand(count > 0, () => `${source}: no representation.so3convs.0; expected at least one layer`);
  const degrees = reader.shape("representation.so3convs.0.filternet.weight")[0]! / features;
  demand(
    degrees === 1 || degrees === 2 || degrees === 3,
    () => `${source}: filters of ${degrees}·F numbers; expected 1 to 3 (lmax 0 to 2)`,
  );
  const lmax = degrees - 1;
  const layers = Array.from({ length: count }, (_, t): So3netLayer => {
    const at = "representation";
    const mixing = (k: number) => reader.dense(`${at}.mixings${k}.${t}`, features, features, { bias: false });
    return {
      filter: reader.dense(`${at}.so3convs.${t}.filternet`, degrees * features, basis.offsets.length),
      product: mixing(1),
      mix: mixing(2),
      gate: reader.dense(`${at}.gatings.${t}.scaling`, degrees * features, features),
      out: mixing(3),
    };
  });
  const readout = readReadout(reader, weights, features, silu);
  reader.finish();
  return {
    architecture: "so3net",
    features,
    lmax,
    components: degrees * degrees,
    basis,
    cutoff: basis.cutoff,
    embedding,
    species,
    layers,
    readout,
    couplings: couplingTable(tables === "exact" ? exactCouplings(lmax) : publishedCouplings(lmax)),
    prefactors: tables === "exact" ? exactHarmonics : publishedHarmonics,
  };
}
