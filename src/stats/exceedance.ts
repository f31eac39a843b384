/**
 * The Monte-Carlo p-value (1 + #{null ≥ observed})/(B + 1): valid at any B and never zero; its floor is 1/(B + 1)
 * (Phipson & Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39).
 * @throws RangeError for an empty null or a NaN.
 */
export function exceedancePValue(observed: number, nulls: ArrayLike<number>): number {
  if (nulls.length === 0) throw new RangeError("exceedancePValue: the null distribution is empty");
  if (Number.isNaN(observed)) throw new RangeError("exceedancePValue: the observed statistic is NaN");
  let reached = 0;
  for (let b = 0; b < nulls.length; b++) {
    const value = nulls[b]!;
    if (Number.isNaN(value)) throw new RangeError(`exceedancePValue: null value ${b} is NaN`);
    if (value >= observed) reached++;
  }
  return (1 + reached) / (nulls.length + 1);
}
