/**
 * The share of places at which two series have the same sign, among those where at least one of them is not zero.
 * NaN where both are zero throughout.
 * @throws RangeError if the lengths differ or a value is NaN.
 */
export function signAgreement(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) {
    throw new RangeError(`signAgreement: needs series of equal length, got ${x.length} and ${y.length}`);
  }
  let asked = 0;
  let same = 0;
  for (let i = 0; i < x.length; i++) {
    const a = Math.sign(x[i]!);
    const b = Math.sign(y[i]!);
    if (Number.isNaN(a) || Number.isNaN(b)) throw new RangeError(`signAgreement: value ${i} is NaN`);
    if (a === 0 && b === 0) continue;
    asked++;
    if (a === b) same++;
  }
  return asked === 0 ? Number.NaN : same / asked;
}
