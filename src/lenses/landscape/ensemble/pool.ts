import { demand } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { type ClassifierShape, probabilities } from "../../../models/classifier/index.ts";

/** A minimum that takes part in a superposition. */
export interface PoolMember {
  /** Its number in the network. */
  minimum: number;
  weights: Float64Array;
  /** The regularised loss on what it was trained on. */
  value: number;
}

/**
 * The `count` lowest minima of a network, lowest first. A network keeps one minimum of every set of symmetric copies,
 * so that none of these is another one in disguise. @throws UserError for a count below 2 or a network of fewer minima.
 */
export function lowestMinima(
  network: { minima: readonly { x: Float64Array; value: number }[] },
  count: number,
): PoolMember[] {
  demand(
    Number.isInteger(count) && count >= 2,
    () => `lowestMinima: count ${count}; a superposition needs at least 2`,
  );
  demand(
    network.minima.length >= 2,
    () =>
      `lowestMinima: the network has ${network.minima.length} minima; explore further, or take fewer rows or a smaller λ`,
  );
  return network.minima
    .map(({ x, value }, minimum) => ({ minimum, weights: x, value }))
    .sort((a, b) => a.value - b.value || a.minimum - b.minimum)
    .slice(0, count);
}

/** What every member of a pool says of some items: rows × classes, one a member. */
export function memberProbabilities(
  shape: ClassifierShape,
  pool: readonly { weights: Float64Array }[],
  features: Matrix,
): Matrix[] {
  return pool.map(({ weights }) => probabilities(shape, weights, features));
}

/** The cross-entropy −ln p of each item's class by each member: items × members. */
export function itemLosses(members: readonly Matrix[], labels: ArrayLike<number>): Matrix {
  const out = matrix(labels.length, members.length);
  members.forEach((p, a) => {
    for (let i = 0; i < out.rows; i++) {
      out.data[i * out.cols + a] = -Math.log(Math.max(p.data[i * p.cols + labels[i]!]!, Number.MIN_VALUE));
    }
  });
  return out;
}
