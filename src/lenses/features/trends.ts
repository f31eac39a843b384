/**
 * An orthonormal basis of a constant and the given series, by Gram–Schmidt, each column twice. A series that depends on
 * the ones before it (what is left is below 1e-7 of its deviation) is dropped.
 */
export function trendBasis(count: number, series: readonly ArrayLike<number>[]): Float64Array[] {
  const basis = [new Float64Array(count).fill(1 / Math.sqrt(count))];
  for (const values of series) {
    const column = withoutTrends(values, basis.slice(0, 1));
    const before = Math.sqrt(dot(column, column));
    const rest = withoutTrends(column, basis);
    const norm = Math.sqrt(dot(rest, rest));
    if (norm > 1e-7 * before) basis.push(rest.map((value) => value / norm));
  }
  return basis;
}

/** What is left of `values` once their projection on an orthonormal basis is taken off: residuals of least squares. */
export function withoutTrends(
  values: ArrayLike<number>,
  basis: readonly Float64Array[],
): Float64Array<ArrayBuffer> {
  const out = Float64Array.from(values);
  // The second pass takes off what rounding left of large trends.
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) {
      const along = dot(direction, out);
      for (let i = 0; i < out.length; i++) out[i]! -= along * direction[i]!;
    }
  }
  return out;
}

/** Σ xᵢyᵢ */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
