import { UserError } from "../../../core/errors.ts";

/** Where a quantity changes sign along a control parameter. */
export interface SignFlip {
  /** Linear interpolation between the bracket's ends; their middle where the values do not say. */
  at: number;
  /** The last point before and the first after the flip. */
  bracket: readonly [number, number];
  /** Their positions in the arrays. */
  between: readonly [number, number];
  /** Does the value rise through zero? */
  rising: boolean;
}

/**
 * The sign changes of a quantity (an alignment with the top eigenvector, a logit margin) along a rising control
 * parameter: the decision boundary, to within a bracket of grid points. Exact zeros between two signs widen the
 * bracket; zeros without a change of sign are no flip.
 * @throws UserError for lengths that differ, a control that does not rise and a value that is not a number
 */
export function signFlips(control: ArrayLike<number>, values: ArrayLike<number>): SignFlip[] {
  const where = "signFlips";
  if (control.length !== values.length) {
    throw new UserError(
      `${where}: ${values.length} values for ${control.length} points of the control parameter`,
    );
  }
  const flips: SignFlip[] = [];
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) throw new UserError(`${where}: the value at position ${i} is NaN`);
    if (!(i === 0 || control[i]! > control[i - 1]!)) {
      throw new UserError(
        `${where}: the control parameter goes from ${control[i - 1]} to ${control[i]} at position ${i}; expected rising values`,
      );
    }
    if (value === 0) continue;
    if (last >= 0 && value > 0 !== values[last]! > 0) {
      const [a, b] = [control[last]!, control[i]!];
      const share = i === last + 1 ? values[last]! / (values[last]! - value) : 0.5;
      flips.push({ at: a + share * (b - a), bracket: [a, b], between: [last, i], rising: value > 0 });
    }
    last = i;
  }
  return flips;
}
