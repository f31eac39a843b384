import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { mean, variance } from "../../../stats/describe.ts";

/** The fall of a score when one feature's values are dealt out anew, one number for each feature. */
export interface PermutationImportance {
  mean: Float64Array;
  /** Over the repeats. */
  sd: Float64Array;
}

/**
 * Permutation importance: score(X) − score(X with column k shuffled), mean over `repeats` shuffles.
 * Source: Breiman, Machine Learning 45, 5 (2001); Fisher, Rudin & Dominici, JMLR 20 (177) (2019).
 * @param score of a whole set, larger is better: the AUC
 */
export function permutationImportance(
  score: (features: Matrix) => number,
  features: Matrix,
  options: { repeats?: number; random: Random },
): PermutationImportance {
  const { repeats = 30, random } = options;
  demand(repeats >= 2, () => `permutationImportance: ${repeats} repeats; expected at least 2`);
  const { rows, cols, data } = features;
  const base = score(features);
  const falls = Array.from({ length: cols }, (_, k) =>
    Float64Array.from({ length: repeats }, (_, r) => {
      const shuffled = matrix(rows, cols, data.slice());
      random
        .fork("column", k, r)
        .permutation(rows)
        .forEach((from, to) => {
          shuffled.data[to * cols + k] = data[from * cols + k]!;
        });
      return base - score(shuffled);
    }),
  );
  return {
    mean: Float64Array.from(falls, mean),
    sd: Float64Array.from(falls, (values) => Math.sqrt(variance(values))),
  };
}
