import { UserError } from "../../core/errors.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import type { Leakage } from "../card.ts";

/** A leak of up to this share of the held-out items is tolerated. */
const toleratedShare = 0.01;

/**
 * The card's entry for a measured leak.
 * @param share of the held-out items, those whose target follows from the training data
 * @throws UserError for a share that is none.
 */
export function leakage(options: {
  split: string;
  measure: string;
  share: number;
  tolerated?: number;
}): Leakage {
  const { split, measure, share, tolerated = toleratedShare } = options;
  if (!(share >= 0 && share <= 1)) throw new UserError(`leakage: a share of ${share}; expected 0 to 1`);
  return { split, measure, share, tolerated, leaking: share > tolerated };
}

/**
 * The plainest leak, for data of any kind: the share of held-out rows that also stand in the training data, value for
 * value. Shapes: train n × d, heldOut m × d, the columns that identify an item or give its target away.
 */
export function twinLeak(train: Matrix, heldOut: Matrix, options: { split: string }): Leakage {
  if (train.cols !== heldOut.cols || heldOut.rows === 0) {
    throw new UserError(
      `twinLeak: ${train.rows}×${train.cols} training and ${heldOut.rows}×${heldOut.cols} held-out values; expected as many columns, and a row held out`,
    );
  }
  const known = new Set(Array.from({ length: train.rows }, (_, i) => rowOf(train, i).join()));
  let twins = 0;
  for (let i = 0; i < heldOut.rows; i++) if (known.has(rowOf(heldOut, i).join())) twins++;
  return leakage({
    split: options.split,
    measure: "held-out rows that also stand in the training data",
    share: twins / heldOut.rows,
  });
}
