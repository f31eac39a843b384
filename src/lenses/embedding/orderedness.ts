/** The share of neighbouring pairs that rise, and that fall. */
function steps(values: readonly number[]): { rising: number; falling: number } {
  let rising = 0;
  let falling = 0;
  for (let i = 0; i + 1 < values.length; i++) {
    if (values[i]! < values[i + 1]!) rising++;
    else if (values[i]! > values[i + 1]!) falling++;
  }
  const pairs = Math.max(1, values.length - 1);
  return { rising: rising / pairs, falling: falling / pairs };
}

/**
 * Orderedness of tokens along a principal component: (1/M)·Σ 1(s_i < s_{i+1}) over the M neighbouring pairs, or the
 * same for falling pairs, whichever is larger. 1 is perfect order; a random order has ½ and a little more.
 * Source: Kitouni et al. 2024, section 4. `scores` are in the order of the tokens.
 */
export function orderedness(scores: ArrayLike<number>): number {
  const { rising, falling } = steps(Array.from(scores));
  return Math.max(rising, falling);
}

/**
 * Orderedness within the even and within the odd tokens, averaged, in the better of the two directions. An offset
 * between even and odd tokens (pairing) makes a zigzag that plain orderedness counts against the model; this does not.
 * Source: the computation behind Fig. 9 of Kitouni et al. 2024, which differs from the printed formula.
 */
export function orderednessEvenOdd(scores: ArrayLike<number>, tokens: readonly number[]): number {
  const halves = [0, 1].map((parity) =>
    steps(tokens.flatMap((token, i) => (Math.abs(token % 2) === parity ? [scores[i]!] : []))),
  );
  const rising = (halves[0]!.rising + halves[1]!.rising) / 2;
  const falling = (halves[0]!.falling + halves[1]!.falling) / 2;
  return Math.max(rising, falling);
}
