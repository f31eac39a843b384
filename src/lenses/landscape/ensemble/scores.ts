import { demand } from "../../../core/errors.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { columnOf, rowOf } from "../../../linalg/rows.ts";
import { auc } from "../../../stats/auc.ts";

/** How well probabilities of classes tell the items apart. */
export interface Scores {
  /** Of two classes the AUC of the second; of more the mean over the classes of one against all others. */
  auc: number;
  /** Share of items whose likeliest class is theirs; of equally likely ones the first counts. */
  accuracy: number;
}

/** @param p items × classes @throws UserError for labels that are not one an item, or a class that has no item. */
export function scoresOf(p: Matrix, labels: ArrayLike<number>): Scores {
  demand(
    p.rows === labels.length,
    () => `scoresOf: probabilities of ${p.rows} items and ${labels.length} labels`,
  );
  const classes = p.cols === 2 ? [1] : Array.from({ length: p.cols }, (_, c) => c);
  const of = (c: number) => Array.from(labels, (label) => label === c);
  for (const c of classes) {
    demand(
      of(c).includes(true) && of(c).includes(false),
      () => `scoresOf: no item of class ${c}, or all are; take more items`,
    );
  }
  let right = 0;
  for (let i = 0; i < p.rows; i++) if (likeliest(rowOf(p, i)) === labels[i]) right++;
  return {
    auc: classes.reduce((sum, c) => sum + auc(columnOf(p, c), of(c)), 0) / classes.length,
    accuracy: right / p.rows,
  };
}

/** The place of the largest value, of equal ones the first. */
export function likeliest(values: ArrayLike<number>): number {
  let best = 0;
  for (let c = 1; c < values.length; c++) if (values[c]! > values[best]!) best = c;
  return best;
}
