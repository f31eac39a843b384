import { UserError } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { auc } from "../../../stats/auc.ts";
import { quantile } from "../../../stats/quantile.ts";

/** How well a score tells flagged points from the others. */
export interface Separation {
  /** The chance that a flagged point scores above another one; 0.5 is chance. */
  auc: number;
  /** Percentile bootstrap interval, flagged and other points resampled each among themselves. */
  low: number;
  high: number;
  flagged: number;
  others: number;
}

/**
 * Does a score (extrapolation, uncertainty, 1 − confidence) flag the points it should, such as those out of the
 * training distribution? Area under the ROC curve with a stratified percentile bootstrap interval.
 * @param scores one a point, higher meaning more suspicious @param flagged is the point one that should be flagged?
 * @param options.rounds default 1000 @param options.level default 0.95
 * @throws UserError for lengths that differ, a score that is NaN, and where no or every point is flagged
 */
export function separation(
  scores: ArrayLike<number>,
  flagged: ArrayLike<boolean>,
  { rounds = 1000, level = 0.95, random }: { rounds?: number; level?: number; random: Random },
): Separation {
  if (scores.length !== flagged.length) {
    throw new UserError(`separation: ${scores.length} scores for ${flagged.length} flags`);
  }
  const yes: number[] = [];
  const no: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) throw new UserError(`separation: the score of point ${i} is NaN`);
    (flagged[i] ? yes : no).push(scores[i]!);
  }
  if (yes.length === 0 || no.length === 0) {
    throw new UserError(
      `separation: ${yes.length} of ${scores.length} points are flagged; expected some and not all`,
    );
  }
  const flags = [...yes.map(() => true), ...no.map(() => false)];
  const again = (items: number[]) => items.map(() => items[random.int(items.length)]!);
  const areas = Float64Array.from({ length: rounds }, () => auc([...again(yes), ...again(no)], flags));
  const tail = (1 - level) / 2;
  return {
    auc: auc([...yes, ...no], flags),
    low: quantile(areas, tail),
    high: quantile(areas, 1 - tail),
    flagged: yes.length,
    others: no.length,
  };
}
