import type { Random } from "../../../core/random.ts";
import { moveUnits } from "../../../models/classifier/align.ts";
import type { ClassifierShape } from "../../../models/classifier/shape.ts";

/**
 * Weights under a random operation of the symmetry group: in each hidden layer the units permuted and their signs turned
 * at random. The same function of the inputs; what an independent training run might as well have ended in.
 */
export function randomCopy(shape: ClassifierShape, weights: Float64Array, random: Random): Float64Array {
  return shape.hidden.reduce((w, units, l) => {
    const from = random.permutation(units);
    const sign = Float64Array.from({ length: units }, () => (random.int(2) === 0 ? 1 : -1));
    return moveUnits(shape, w, l, { from, sign });
  }, weights);
}
