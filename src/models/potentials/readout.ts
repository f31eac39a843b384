import { demand } from "../../core/errors.ts";
import type { Activation } from "./activations.ts";
import { backward, type Dense, forward } from "./dense.ts";
import type { NamedWeights, WeightReader } from "./weights.ts";

/** E = Σ_i W_n φ(… φ(W_1 x_i + b_1) …) + b_n: a perceptron on every bead, summed. Inner layers have the activation. */
export interface Readout {
  layers: readonly Dense[];
  activation: Activation;
}

/** What the readout did: inputs of every layer and values before the activation, both beads×width. */
export interface ReadoutState {
  inputs: readonly Float64Array[];
  before: readonly Float64Array[];
  /** kcal/mol, one a bead. */
  energies: Float64Array;
}

/** The readout of SchNetPack's Atomwise: `output_modules.0.outnet.k`. */
export function readReadout(
  reader: WeightReader,
  weights: NamedWeights,
  features: number,
  activation: Activation,
): Readout {
  const layers: Dense[] = [];
  let inputs = features;
  for (let k = 0; weights.has(`output_modules.0.outnet.${k}.weight`); k++) {
    const outputs = reader.shape(`output_modules.0.outnet.${k}.weight`)[0]!;
    const bias = reader.has(`output_modules.0.outnet.${k}.bias`);
    layers.push(reader.dense(`output_modules.0.outnet.${k}`, outputs, inputs, { bias }));
    inputs = outputs;
  }
  demand(
    layers.length > 0 && inputs === 1,
    () =>
      `readReadout: ${layers.length} layers that end in ${inputs} numbers; expected output_modules.0.outnet.0 … that end in one`,
  );
  return { layers, activation };
}

/** Energies of all beads from rows of features. */
export function runReadout({ layers, activation }: Readout, x: Float64Array, beads: number): ReadoutState {
  const inputs: Float64Array[] = [];
  const before: Float64Array[] = [];
  let row = x;
  layers.forEach((layer, k) => {
    inputs.push(row);
    const z = forward(layer, row, beads);
    before.push(z);
    row = k < layers.length - 1 ? z.map(activation.value) : z;
  });
  return { inputs, before, energies: row };
}

/** ∂E/∂x of every bead: beads×features. */
export function readoutGradient({ layers, activation }: Readout, state: ReadoutState): Float64Array {
  const beads = state.energies.length;
  let g: Float64Array = new Float64Array(beads).fill(1);
  for (let k = layers.length - 1; k >= 0; k--) {
    if (k < layers.length - 1) {
      const z = state.before[k]!;
      g = g.map((value, i) => value * activation.slope(z[i]!));
    }
    g = backward(layers[k]!, g, beads);
  }
  return g;
}
