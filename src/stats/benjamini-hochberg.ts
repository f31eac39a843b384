/**
 * P-values adjusted for the number of tests: p̃₍ᵢ₎ = min over k ≥ i of min(1, m·p₍ₖ₎/k), in the order of the input.
 * Calling every p̃ ≤ α a discovery keeps the expected share of false discoveries at or below α for independent (and
 * for positively dependent) tests (Benjamini & Hochberg, J. R. Stat. Soc. B 57 (1995) 289).
 * @throws RangeError naming a value that is not within 0 to 1.
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const m = pValues.length;
  for (let i = 0; i < m; i++) {
    if (!(pValues[i]! >= 0 && pValues[i]! <= 1)) {
      throw new RangeError(`benjaminiHochberg: value ${i} is ${pValues[i]}; expected 0 to 1`);
    }
  }
  const order = Array.from({ length: m }, (_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!);
  const adjusted = new Float64Array(m);
  let least = 1;
  for (let k = m; k >= 1; k--) {
    least = Math.min(least, (m * pValues[order[k - 1]!]!) / k);
    adjusted[order[k - 1]!] = least;
  }
  return adjusted;
}
