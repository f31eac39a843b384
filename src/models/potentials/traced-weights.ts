import { demand, UserError } from "../../core/errors.ts";
import type { NumericArray } from "../../data/array.ts";
import { readSafetensors, writeSafetensors } from "../../data/safetensors.ts";
import type { FlatVector } from "../../optim/adamw.ts";
import { basisOf, potentialLayout } from "./traced.ts";
import type { PotentialConfig } from "./traced-model.ts";
import { countLayers, type NamedWeights } from "./weights.ts";

const offsetsName = "representation.radial_basis.offsets";
const widthsName = "representation.radial_basis.widths";
const cutoffName = "representation.cutoff_fn.cutoff";
const embeddingName = "representation.embedding.weight";

/** Parameters under the names of SchNetPack, with the radial basis and the cutoff: what `graphNetwork` reads. */
export function namedWeights(config: PotentialConfig, parameters: FlatVector): Map<string, NumericArray> {
  const places = potentialLayout(config);
  const parts = places.unpack(parameters as Float64Array);
  const weights = new Map<string, NumericArray>();
  for (const name of places.names) {
    weights.set(name, { shape: [...places.shapes[name]!], data: parts[name]!.slice() });
  }
  const { offsets, widths } = basisOf(config);
  weights.set(offsetsName, { shape: [offsets.length], data: offsets });
  weights.set(widthsName, { shape: [widths.length], data: widths });
  weights.set(cutoffName, { shape: [1], data: Float64Array.of(config.cutoff) });
  return weights;
}

/** A trained network as safetensors bytes: {@link namedWeights}, the species in the order of the embedding's rows, units. */
export function writePotential(config: PotentialConfig, parameters: FlatVector): Uint8Array {
  return writeSafetensors(namedWeights(config, parameters), {
    architecture: config.architecture,
    species: JSON.stringify(config.species),
    units: "kcal/mol, Å",
  });
}

/** A trained network from safetensors bytes. @param options as {@link potentialFromWeights}. */
export function readPotential(
  bytes: Uint8Array,
  options: { source?: string; species?: Readonly<Record<string, number>> } = {},
): { config: PotentialConfig; parameters: FlatVector } {
  const { source = "potential" } = options;
  const { tensors, metadata } = readSafetensors(bytes, source);
  const words = metadata["species"] === undefined ? undefined : (JSON.parse(metadata["species"]) as string[]);
  const species = options.species ?? (words && Object.fromEntries(words.map((word, row) => [word, row])));
  demand(
    species !== undefined,
    () => `${source}: the file does not name its species; pass the embedding's row of each, such as { C: 6 }`,
  );
  return potentialFromWeights(tensors, { source, species });
}

/**
 * Parameters for a traced network from named weights, such as published ones: features, layers, basis and lmax follow
 * from the shapes. The parameters have the precision of the embedding.
 * @param options.species the embedding's row of each species word: { C: 6 } for rows by atomic number.
 * @throws UserError naming a tensor that is missing or has another shape, and for weights of another architecture.
 */
export function potentialFromWeights(
  weights: NamedWeights,
  options: { source?: string; species: Readonly<Record<string, number>> },
): { config: PotentialConfig; parameters: FlatVector } {
  const { source = "potential", species } = options;
  const found = (name: string): NumericArray => {
    const tensor = weights.get(name);
    if (tensor) return tensor;
    throw new UserError(
      `${source}: there is no tensor '${name}'; there are ${[...weights.keys()].join(", ")}`,
    );
  };
  const numbers = (name: string) => Array.from(found(name).data as ArrayLike<number>, Number);
  const embedding = found(embeddingName);
  const [rows = 0, features = 0] = embedding.shape;
  const convolutions = countLayers(weights, "representation.so3convs");
  const interactions = countLayers(weights, "representation.interactions");
  const mixing = countLayers(weights, "representation.mixing");
  demand(
    convolutions > 0 || interactions > 0,
    () => `${source}: no SO3net, SchNet or PaiNN; expected representation.so3convs.0 or .interactions.0`,
  );
  const offsets = numbers(offsetsName);
  const shared = {
    features,
    radialBasis: offsets.length,
    basis: { offsets, widths: numbers(widthsName) },
    cutoff: numbers(cutoffName)[0]!,
    species: Object.keys(species),
  };
  const config: PotentialConfig =
    convolutions > 0
      ? {
          architecture: "so3net",
          layers: convolutions,
          lmax: found("representation.so3convs.0.filternet.weight").shape[0]! / features - 1,
          ...shared,
        }
      : { architecture: mixing > 0 ? "painn" : "schnet", layers: interactions, ...shared };
  const places = potentialLayout(config);
  const single = embedding.data instanceof Float32Array;
  const parameters = single ? new Float32Array(places.size) : new Float64Array(places.size);
  for (const name of places.names) {
    const { start } = places.slice(name);
    const shape = places.shapes[name]!;
    if (name === embeddingName) {
      Object.entries(species).forEach(([word, row], k) => {
        demand(
          Number.isInteger(row) && row >= 0 && row < rows,
          () => `${source}: species '${word}' has row ${row} of an embedding of ${rows}`,
        );
        const part = (embedding.data as Float64Array).subarray(row * features, (row + 1) * features);
        parameters.set(part, start + k * features);
      });
      continue;
    }
    const tensor = found(name);
    demand(
      tensor.shape.join() === shape.join(),
      () => `${source}: tensor '${name}' has the shape [${tensor.shape}]; expected [${shape}]`,
    );
    parameters.set(tensor.data as Float64Array, start);
  }
  return { config, parameters };
}
