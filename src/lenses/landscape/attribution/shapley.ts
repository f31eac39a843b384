import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/** Up to so many features all 2^I coalitions are taken. */
export const exactUpTo = 12;

/** Shapley values of each row. */
export interface ShapleyValues {
  /** rows × features; each row sums to f(x) − f(background). */
  values: Matrix;
  /** Orders of features that were drawn; "exact" where all coalitions were taken. */
  orders: number | "exact";
}

/**
 * Shapley values φ_k = Σ_S |S|!(I − |S| − 1)!/I! (v(S ∪ k) − v(S)) with v(S) = f at a row whose features outside of S
 * have the background's values: over all 2^I coalitions up to {@link exactUpTo} features, else over `orders` random
 * orders and their reverses, which keeps the sum exact.
 * Source: Shapley (1953); Lundberg & Lee, NeurIPS 2017; Castro, Gómez & Tejada, Comput. Oper. Res. 36, 1726 (2009).
 * @param value f of each row @param background one value a feature: the means over the training data
 * @throws UserError for a background of another length, and where orders are needed and none or no stream is given.
 */
export function shapleyValues(
  value: (features: Matrix) => ArrayLike<number>,
  features: Matrix,
  background: ArrayLike<number>,
  options: { orders?: number; random?: Random; exactUpTo?: number } = {},
): ShapleyValues {
  const { cols } = features;
  demand(
    background.length === cols,
    () => `shapleyValues: a background of ${background.length} values for ${cols} features`,
  );
  if (cols <= (options.exactUpTo ?? exactUpTo)) {
    return { values: allCoalitions(value, features, background), orders: "exact" };
  }
  const { orders = 200, random } = options;
  demand(
    random && orders >= 1,
    () =>
      `shapleyValues: ${cols} features need random orders; give a stream and at least 1 order, got ${orders}`,
  );
  return { values: sampledOrders(value, features, background, orders, random), orders: 2 * orders };
}

function allCoalitions(
  value: (features: Matrix) => ArrayLike<number>,
  features: Matrix,
  background: ArrayLike<number>,
): Matrix {
  const { rows, cols } = features;
  const size = 2 ** cols;
  const worth = Array.from({ length: size }, (_, mask) =>
    value(coalition(features, background, (k) => ((mask >> k) & 1) === 1)),
  );
  const weight = coalitionWeights(cols);
  const out = matrix(rows, cols);
  for (let mask = 0; mask < size; mask++) {
    let members = 0;
    for (let k = 0; k < cols; k++) members += (mask >> k) & 1;
    for (let k = 0; k < cols; k++) {
      if ((mask >> k) & 1) continue;
      const [without, withIt] = [worth[mask]!, worth[mask | (1 << k)]!];
      for (let i = 0; i < rows; i++) out.data[i * cols + k]! += weight[members]! * (withIt[i]! - without[i]!);
    }
  }
  return out;
}

/** |S|!(I − |S| − 1)!/I! for |S| = 0 … I − 1, each from the one before. */
function coalitionWeights(features: number): Float64Array {
  const out = new Float64Array(features);
  out[0] = 1 / features;
  for (let s = 1; s < features; s++) out[s] = (out[s - 1]! * s) / (features - s);
  return out;
}

function sampledOrders(
  value: (features: Matrix) => ArrayLike<number>,
  features: Matrix,
  background: ArrayLike<number>,
  orders: number,
  random: Random,
): Matrix {
  const { rows, cols } = features;
  const out = matrix(rows, cols);
  for (let o = 0; o < orders; o++) {
    const order = random.permutation(cols);
    for (const walk of [order, order.toReversed()]) {
      const inside = new Set<number>();
      let before = value(coalition(features, background, () => false));
      for (const k of walk) {
        inside.add(k);
        const after = value(coalition(features, background, (j) => inside.has(j)));
        for (let i = 0; i < rows; i++) out.data[i * cols + k]! += (after[i]! - before[i]!) / (2 * orders);
        before = after;
      }
    }
  }
  return out;
}

/** The rows with the background's values for the features that are not in the coalition. */
function coalition(
  { rows, cols, data }: Matrix,
  background: ArrayLike<number>,
  inside: (feature: number) => boolean,
): Matrix {
  const keep = Array.from({ length: cols }, (_, k) => inside(k));
  return matrix(
    rows,
    cols,
    data.map((x, i) => (keep[i % cols] ? x : background[i % cols]!)),
  );
}
