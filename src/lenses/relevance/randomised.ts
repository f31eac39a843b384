import { randomWeights } from "../../claims/nulls/random-weights.ts";
import type { Random } from "../../core/random.ts";
import type { NumericArray } from "../../data/array.ts";
import type { NamedWeights } from "../../models/potentials/weights.ts";

/** Tensors that say what the architecture is, not what was learned. */
const fixed = /radial_basis|cutoff_fn/;

/** Weights that know nothing: every tensor in a random direction with its own length; basis and cutoff are kept. */
export function randomisedWeights(weights: NamedWeights, random: Random): NamedWeights {
  const out = new Map<string, NumericArray>();
  for (const [name, tensor] of weights) {
    if (fixed.test(name)) out.set(name, tensor);
    else {
      const data = Float64Array.from(tensor.data as ArrayLike<number>, Number);
      const block = [{ start: 0, end: data.length }];
      out.set(name, { shape: tensor.shape, data: randomWeights(data, block, random.fork(name)) });
    }
  }
  return out;
}
