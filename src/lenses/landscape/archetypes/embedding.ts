import { demand } from "../../../core/errors.ts";
import { type ClassifierShape, layersOf, weightCount } from "../../../models/classifier/index.ts";

/**
 * Weights of a classifier of one hidden layer with one more unit, all of whose weights are 0: the new unit answers
 * tanh(0) = 0, so that the network computes the same, and a stationary point stays one.
 * Source: Mehta, Zhao, Bernal & Wales, arXiv:1804.02411 (2018). @throws UserError for more than one hidden layer.
 */
export function withIdleUnit(
  shape: ClassifierShape,
  weights: Float64Array,
): { shape: ClassifierShape; weights: Float64Array } {
  const [units, ...more] = shape.hidden;
  demand(
    units !== undefined && more.length === 0,
    () => `withIdleUnit: hidden layers of [${shape.hidden.join(", ")}] units; expected one hidden layer`,
  );
  const wider: ClassifierShape = { ...shape, hidden: [units + 1] };
  const out = new Float64Array(weightCount(wider));
  const [first, second] = layersOf(wider, out);
  const [low, high] = layersOf(shape, weights);
  first!.weights.data.set(low!.weights.data);
  first!.bias.set(low!.bias);
  for (let c = 0; c < shape.classes; c++) {
    second!.weights.data.set(high!.weights.data.subarray(c * units, (c + 1) * units), c * (units + 1));
  }
  second!.bias.set(high!.bias);
  return { shape: wider, weights: out };
}
