import { type ClassifierShape, weightCount } from "../../../models/classifier/index.ts";

/**
 * The classifier of two hidden layers whose number of weights is closest to that of a given one of one layer, so that
 * depth can be compared at equal size; of equally close ones that whose layers are most alike, then the wider first.
 */
export function twoLayersLike(shape: ClassifierShape): ClassifierShape {
  const target = weightCount(shape);
  let best: { shape: ClassifierShape; off: number; unlike: number } | undefined;
  for (let first = 1; first <= target; first++) {
    for (let second = 1; second <= target; second++) {
      const candidate = { ...shape, hidden: [first, second] };
      const count = weightCount(candidate);
      if (count > 2 * target) break;
      const [off, unlike] = [Math.abs(count - target), Math.abs(first - second)];
      if (!best || off < best.off || (off === best.off && unlike < best.unlike)) {
        best = { shape: candidate, off, unlike };
      }
    }
  }
  return best!.shape;
}
