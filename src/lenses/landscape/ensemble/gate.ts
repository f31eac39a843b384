import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { rowOf } from "../../../linalg/rows.ts";
import {
  type ClassifierShape,
  classifierLandscape,
  probabilities,
} from "../../../models/classifier/index.ts";
import { lbfgs } from "../../../optim/lbfgs.ts";
import { likeliest } from "./scores.ts";

/** A meta-network: which member of a pool to ask about an item. */
export interface Gate {
  shape: ClassifierShape;
  weights: Float64Array;
  /** Its own regularised loss where it was trained. */
  value: number;
  /** The probability with which it asks each member: items × members. */
  shares(features: Matrix): Matrix;
}

export interface GateOptions {
  /** Hidden units; default 8. */
  hidden?: number;
  /** λ; default 1e-3. */
  lambda?: number;
  /** Starts of which the lowest end is kept; default 5. */
  starts?: number;
  /** Of each start; default 2000. */
  maxIterations?: number;
  random: Random;
}

/**
 * Trains a gate: a classifier of one hidden layer on the items' features whose classes are the members of the pool and
 * whose target is the member with the least loss for the item, argmin_a −ln p_a(c|x).
 * Source: after Niroomand, Morgan, Cafolla & Wales, Mach. Learn.: Sci. Technol. 3, 025004 (2022); the layout of the
 * meta-network is this library's own.
 * @param losses items × members, on items that no member was trained on
 * @throws UserError for fewer than two members; where one member is best for all items.
 */
export function trainGate(features: Matrix, losses: Matrix, options: GateOptions): Gate {
  const { hidden = 8, lambda = 1e-3, starts = 5, random } = options;
  demand(
    features.rows === losses.rows,
    () => `trainGate: features of ${features.rows} items and losses of ${losses.rows}`,
  );
  const labels = Int32Array.from({ length: losses.rows }, (_, i) =>
    likeliest(rowOf(losses, i).map((x) => -x)),
  );
  demand(
    labels.some((label) => label !== labels[0]),
    () =>
      `trainGate: member ${labels[0]} is the best for all ${labels.length} items; there is nothing to choose`,
  );
  const shape: ClassifierShape = { inputs: features.cols, hidden: [hidden], classes: losses.cols };
  const fitted = fitClassifier(shape, { features, labels, lambda, starts, random, ...limit(options) });
  return { shape, ...fitted, shares: (x) => probabilities(shape, fitted.weights, x) };
}

/** The lowest end of several L-BFGS runs on a classifier's loss. */
export function fitClassifier(
  shape: ClassifierShape,
  options: {
    features: Matrix;
    labels: Int32Array;
    lambda: number;
    starts: number;
    maxIterations?: number;
    random: Random;
  },
): { weights: Float64Array; value: number } {
  const { features, labels, lambda, starts, random, maxIterations = 2000 } = options;
  const data = { features: features.data, labels, rows: features.rows };
  const landscape = classifierLandscape({ shape, data, lambda });
  let best: { weights: Float64Array; value: number } | undefined;
  for (let k = 0; k < starts; k++) {
    const from = random.fork("start", k);
    const start = Float64Array.from({ length: landscape.n }, () => from.normal());
    const { x, value } = lbfgs(landscape, start, { tolerance: 1e-6, maxIterations, memory: 20 });
    if (!best || value < best.value) best = { weights: x, value };
  }
  demand(best, () => `fitClassifier: ${starts} starts; expected at least 1`);
  return best;
}

function limit({ maxIterations }: GateOptions): { maxIterations?: number } {
  return maxIterations === undefined ? {} : { maxIterations };
}
