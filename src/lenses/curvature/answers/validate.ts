import { UserError } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { columnOf, rowOf } from "../../../linalg/rows.ts";
import { pearson, spearman } from "../../../stats/correlation.ts";
import { mean } from "../../../stats/describe.ts";
import { rowProducts } from "./rows.ts";

/** How predicted changes compare with those that retraining gave. */
export interface ChangeComparison {
  count: number;
  pearson: number;
  spearman: number;
  /** Of the line actual = intercept + slope·predicted, least squares: 1 where the prediction has the right size. */
  slope: number;
  intercept: number;
  /** √(mean (actual − predicted)²), in the quantity's unit. */
  rmsError: number;
}

/**
 * Leave-one-out check: predicted against actual changes on removal, over the samples that were removed. Correlations
 * are NaN where one side does not vary. @throws UserError for lengths that differ, fewer than two, or no number
 */
export function compareChanges(predicted: ArrayLike<number>, actual: ArrayLike<number>): ChangeComparison {
  const where = "compareChanges";
  const count = predicted.length;
  if (actual.length !== count || count < 2) {
    throw new UserError(
      `${where}: ${count} predicted and ${actual.length} actual changes; expected the same, two or more`,
    );
  }
  let squares = 0;
  let sxy = 0;
  let sxx = 0;
  const [mx, my] = [mean(predicted), mean(actual)];
  for (let i = 0; i < count; i++) {
    const [x, y] = [predicted[i]!, actual[i]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      throw new UserError(`${where}: change ${i} is predicted as ${x} and was ${y}; expected numbers`);
    }
    squares += (y - x) ** 2;
    sxy += (x - mx) * (y - my);
    sxx += (x - mx) ** 2;
  }
  const slope = sxx === 0 ? Number.NaN : sxy / sxx;
  return {
    count,
    pearson: pearson(predicted, actual),
    spearman: spearman(predicted, actual),
    slope,
    intercept: my - slope * mx,
    rmsError: Math.sqrt(squares / count),
  };
}

export interface DatamodellingInput {
  /** s × n: 1 where the sample was in that training subset, else 0. */
  subsets: Matrix;
  /** s × t: the test quantities of the models trained on the subsets. */
  outputs: Matrix;
  /** t × n: change of the quantity when a sample is taken out, as {@link influence} gives it. */
  influences: Matrix;
}

/**
 * Linear datamodelling score: for every test point Spearman's correlation, over training subsets S, of the outcome after
 * training on S with the prediction Σ_{i∉S} IF_i; and their mean. For networks where leaving one sample out drowns in
 * the noise of training. Source: Park et al., ICML 2023 (TRAK), definition 2.2.
 * @returns `scores` NaN for a test point whose outcome or prediction does not vary; `mean` is over the others
 * @throws UserError for shapes that do not fit, fewer than three subsets, or an entry that is not 0 or 1
 */
export function datamodellingScore({ subsets, outputs, influences }: DatamodellingInput): {
  scores: Float64Array;
  mean: number;
  defined: number;
} {
  const where = "datamodellingScore";
  if (subsets.rows !== outputs.rows || subsets.rows < 3) {
    throw new UserError(
      `${where}: ${subsets.rows} subsets and outputs of ${outputs.rows}; expected the same, three or more`,
    );
  }
  if (subsets.cols !== influences.cols || outputs.cols !== influences.rows) {
    throw new UserError(
      `${where}: influences of ${influences.rows}×${influences.cols} for ${outputs.cols} test points and ${subsets.cols} samples`,
    );
  }
  const bad = subsets.data.findIndex((value) => value !== 0 && value !== 1);
  if (bad >= 0) {
    throw new UserError(
      `${where}: subset ${Math.floor(bad / subsets.cols)} holds ${subsets.data[bad]} for sample ${bad % subsets.cols}; expected 0 or 1`,
    );
  }
  const left = matrix(
    subsets.rows,
    subsets.cols,
    subsets.data.map((value) => 1 - value),
  );
  const predicted = rowProducts(influences, left);
  const scores = Float64Array.from({ length: outputs.cols }, (_, t) =>
    spearman(rowOf(predicted, t), columnOf(outputs, t)),
  );
  const known = scores.filter((score) => !Number.isNaN(score));
  return { scores, mean: mean(known), defined: known.length };
}
