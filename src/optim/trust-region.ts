import type { SymmetricEigen } from "../linalg/eigen-symmetric.ts";
import { addScaled, dot } from "./vector.ts";

/**
 * The step s that minimises gᵀs + ½sᵀHs inside ‖s‖ ≤ Δ, exactly, from the eigenvalues λ and eigenvectors v of H:
 *
 *     s = −Σ (v·g)/(λ + μ) v    with the smallest μ ≥ max(0, −λ_min) for which ‖s‖ ≤ Δ
 *
 * found by bisection in μ. Where no such μ reaches the border (the hard case: g has no part along the lowest
 * eigenvector, as at a saddle), that eigenvector is added up to the border, in the direction that does not ascend.
 * Eigenvalues below 1e-10 of the largest count as 0: directions that change nothing are left alone.
 * Source: Moré & Sorensen, SIAM J. Sci. Stat. Comput. 4, 553 (1983); Nocedal & Wright, Numerical Optimization, 4.3.
 * @returns s and the decrease that the model promises.
 */
export function trustRegionStep(
  { values, vectors }: SymmetricEigen,
  gradient: Float64Array,
  radius: number,
): { step: Float64Array; promised: number } {
  const n = gradient.length;
  const vector = (k: number) => vectors.data.subarray(k * n, (k + 1) * n);
  const along = Float64Array.from({ length: n }, (_, k) => dot(vector(k), gradient));
  const lowest = values[n - 1]!;
  const tiny = 1e-10 * Math.max(Math.abs(values[0]!), Math.abs(lowest), Number.MIN_VALUE);
  const coefficients = new Float64Array(n);
  const length = (shift: number) => {
    let square = 0;
    for (let k = 0; k < n; k++) {
      const below = values[k]! + shift;
      const value = Math.abs(below) <= tiny ? 0 : -along[k]! / below;
      const negligible = Math.abs(below) <= tiny && Math.abs(along[k]!) <= tiny * radius;
      if (Math.abs(below) <= tiny && !negligible) return Number.POSITIVE_INFINITY;
      coefficients[k] = value;
      square += value * value;
    }
    return Math.sqrt(square);
  };
  let low = lowest > -tiny ? 0 : -lowest;
  const size = length(low);
  if (size > radius) {
    let high = low + Math.sqrt(dot(gradient, gradient)) / radius;
    for (let turn = 0; turn < 200 && high - low > 1e-15 * high; turn++) {
      const middle = low + (high - low) / 2;
      if (length(middle) > radius) low = middle;
      else high = middle;
    }
    length(high);
  } else if (lowest < -tiny) {
    const rest = Math.sqrt(Math.max(0, radius * radius - size * size));
    coefficients[n - 1]! += along[n - 1]! > 0 ? -rest : rest;
  }
  const step = new Float64Array(n);
  let promised = 0;
  for (let k = 0; k < n; k++) {
    const c = coefficients[k]!;
    addScaled(step, vector(k), c);
    promised -= c * along[k]! + 0.5 * values[k]! * c * c;
  }
  return { step, promised };
}
