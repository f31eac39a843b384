import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { NumericArray } from "../../data/array.ts";
import { gaussianBasis } from "./radial.ts";

/** Hyper-parameters of a graph network. */
export interface NetworkSizes {
  architecture: "schnet" | "painn" | "so3net";
  /** F, even. */
  features: number;
  /** T. */
  layers: number;
  /** Gaussians of the distance. */
  radialBasis: number;
  /** Å. */
  cutoff: number;
  /** Rows of the embedding. */
  species: number;
  /** SO3net: 0, 1 or 2. */
  lmax?: number;
}

/**
 * Names and shapes of the weights, as SchNetPack has them (dense layers outputs×inputs), in the order of declaration.
 * @throws UserError for a hyper-parameter out of range.
 */
export function networkShapes(config: NetworkSizes): Record<string, readonly number[]> {
  const { architecture, features: F, layers, radialBasis, cutoff, species, lmax = 2 } = config;
  for (const [name, value, least] of [
    ["features", F, 2],
    ["layers", layers, 1],
    ["radialBasis", radialBasis, 2],
    ["species", species, 1],
    ["lmax", lmax, 0],
  ] as const) {
    demand(
      Number.isInteger(value) && value >= least,
      () => `networkShapes: ${name} is ${value}; expected a whole number from ${least}`,
    );
  }
  demand(F % 2 === 0, () => `networkShapes: ${F} features; expected an even number`);
  demand(lmax <= 2, () => `networkShapes: lmax is ${lmax}; expected 0, 1 or 2`);
  demand(cutoff > 0 && cutoff < Infinity, () => `networkShapes: cutoff ${cutoff}; expected Å above 0`);
  const shapes: Record<string, readonly number[]> = { "representation.embedding.weight": [species, F] };
  const dense = (name: string, outputs: number, inputs: number, bias = true) => {
    shapes[`${name}.weight`] = [outputs, inputs];
    if (bias) shapes[`${name}.bias`] = [outputs];
  };
  if (architecture === "painn") dense("representation.filter_net", 3 * F * layers, radialBasis);
  for (let t = 0; t < layers; t++) {
    const at = "representation";
    if (architecture === "schnet") {
      const layer = `${at}.interactions.${t}`;
      dense(`${layer}.in2f`, F, F, false);
      dense(`${layer}.filter_network.0`, F, radialBasis);
      dense(`${layer}.filter_network.1`, F, F);
      dense(`${layer}.f2out.0`, F, F);
      dense(`${layer}.f2out.1`, F, F);
    } else if (architecture === "painn") {
      dense(`${at}.interactions.${t}.interatomic_context_net.0`, F, F);
      dense(`${at}.interactions.${t}.interatomic_context_net.1`, 3 * F, F);
      dense(`${at}.mixing.${t}.mu_channel_mix`, 2 * F, F, false);
      dense(`${at}.mixing.${t}.intraatomic_context_net.0`, F, 2 * F);
      dense(`${at}.mixing.${t}.intraatomic_context_net.1`, 3 * F, F);
    } else {
      dense(`${at}.so3convs.${t}.filternet`, (lmax + 1) * F, radialBasis);
      for (const k of [1, 2, 3]) dense(`${at}.mixings${k}.${t}`, F, F, false);
      dense(`${at}.gatings.${t}.scaling`, (lmax + 1) * F, F);
    }
  }
  dense("output_modules.0.outnet.0", F / 2, F);
  dense("output_modules.0.outnet.1", 1, F / 2);
  return shapes;
}

/**
 * Weights to start from: embeddings standard normal, dense layers uniform within √(6/(inputs + outputs)) (Glorot &
 * Bengio 2010), biases normal with `options.bias` (0: none). With them the basis and cutoff, so that the set is
 * complete. Every tensor has a stream of its own: the same seed gives the same weights, whatever else there is.
 */
export function initialWeights(
  config: NetworkSizes,
  random: Random,
  options: { bias?: number } = {},
): Map<string, NumericArray> {
  const { bias = 0 } = options;
  const weights = new Map<string, NumericArray>();
  for (const [name, shape] of Object.entries(networkShapes(config))) {
    const draw = random.fork(name);
    const data = new Float64Array(shape.reduce((product, n) => product * n, 1));
    const [outputs = 1, inputs = 1] = shape;
    const limit = Math.sqrt(6 / (inputs + outputs));
    for (let k = 0; k < data.length; k++) {
      if (shape.length === 1) data[k] = bias === 0 ? 0 : bias * draw.normal();
      else if (name.endsWith("embedding.weight")) data[k] = draw.normal();
      else data[k] = limit * (2 * draw.uniform() - 1);
    }
    weights.set(name, { shape: [...shape], data });
  }
  const basis = gaussianBasis(config.radialBasis, config.cutoff);
  weights.set("representation.radial_basis.offsets", { shape: [config.radialBasis], data: basis.offsets });
  weights.set("representation.radial_basis.widths", { shape: [config.radialBasis], data: basis.widths });
  weights.set("representation.cutoff_fn.cutoff", { shape: [1], data: Float64Array.of(config.cutoff) });
  return weights;
}
