import type { Matrix } from "../../linalg/matrix.ts";
import { rowOf, takeRows } from "../../linalg/rows.ts";

/**
 * The parity ratio R_P = 2·d(e,o)/(d(e,e) + d(o,o)), where d(a,b) is the mean Euclidean distance between the embeddings
 * of a token of kind a and another of kind b (even, odd), over all dimensions and all pairs of distinct tokens. 1 when
 * parity says nothing about where a token lies; above 1 when even and odd tokens sit apart.
 * Source: Kitouni et al. 2024, section 4. NaN with fewer than two tokens of either parity.
 */
export function parityRatio(rows: Matrix, tokens: readonly number[]): number {
  const of = (parity: number) =>
    takeRows(
      rows,
      tokens.flatMap((token, i) => (Math.abs(token % 2) === parity ? [i] : [])),
    );
  const even = of(0);
  const odd = of(1);
  if (even.rows < 2 || odd.rows < 2) return Number.NaN;
  return (2 * meanDistance(even, odd)) / (meanDistance(even) + meanDistance(odd));
}

/** Mean distance between rows of a and rows of b, or between distinct rows of a. */
function meanDistance(a: Matrix, b?: Matrix): number {
  const other = b ?? a;
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < a.rows; i++) {
    const x = rowOf(a, i);
    for (let j = b ? 0 : i + 1; j < other.rows; j++) {
      const y = rowOf(other, j);
      let square = 0;
      for (let k = 0; k < x.length; k++) square += (x[k]! - y[k]!) ** 2;
      sum += Math.sqrt(square);
      pairs++;
    }
  }
  return sum / pairs;
}
