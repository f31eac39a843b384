import { UserError } from "../../../core/errors.ts";

/** A training sample and its influence. */
export interface Influential {
  index: number;
  value: number;
}

/**
 * The `count` most helpful (largest, positive) and most harmful (smallest, negative) training samples of one row of
 * influences, strongest first, equal values by index. A list is shorter where fewer samples have that sign: a sample
 * without influence is neither.
 * @throws UserError for a count that is not whole and positive, and for a value that is not a number.
 */
export function mostInfluential(
  values: ArrayLike<number>,
  count: number,
): { helpful: Influential[]; harmful: Influential[] } {
  if (!Number.isInteger(count) || count < 1) {
    throw new UserError(`mostInfluential: count ${count}; expected a whole number of at least 1`);
  }
  const all = Array.from(values, (value, index) => {
    if (Number.isNaN(value)) throw new UserError(`mostInfluential: the value of sample ${index} is NaN`);
    return { index, value };
  });
  const first = (sign: 1 | -1) =>
    all
      .filter(({ value }) => sign * value > 0)
      .sort((a, b) => sign * (b.value - a.value) || a.index - b.index)
      .slice(0, count);
  return { helpful: first(1), harmful: first(-1) };
}
