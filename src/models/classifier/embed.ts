import { demand } from "../../core/errors.ts";
import { type ClassifierShape, layersOf, layoutFor, weightCount } from "./shape.ts";

/**
 * The same function with one more hidden unit in layer `l` (from 0), all of whose weights are zero. A stationary point of
 * the smaller network becomes a stationary point of the larger one, of the same loss (Mehta, Zhao, Bernal & Wales,
 * arXiv:1804.02411).
 */
export function withEmptyUnit(
  shape: ClassifierShape,
  w: Float64Array,
  l = 0,
): { shape: ClassifierShape; weights: Float64Array } {
  layoutFor(shape, w, "withEmptyUnit");
  demand(
    l in shape.hidden,
    () => `withEmptyUnit: hidden layer ${l} of a classifier that has ${shape.hidden.length}`,
  );
  const larger = { ...shape, hidden: shape.hidden.map((units, i) => (i === l ? units + 1 : units)) };
  const weights = new Float64Array(weightCount(larger));
  const after = layersOf(larger, weights);
  layersOf(shape, w).forEach(({ weights: old, bias }, layer) => {
    const place = after[layer]!;
    place.bias.set(bias);
    for (let j = 0; j < old.rows; j++) {
      place.weights.data.set(old.data.subarray(j * old.cols, (j + 1) * old.cols), j * place.weights.cols);
    }
  });
  return { shape: larger, weights };
}
