/** A density over a stretched eigenvalue axis u = arsinh(λ/linear): about linear near zero, logarithmic beyond. */
export interface StretchedDensity {
  /** Eigenvalues, rising. */
  at: Float64Array;
  /** Share of directions per unit of u there; its integral over u is 1. */
  density: Float64Array;
}

/**
 * Eigenvalues (with weights that add up to 1) as a smooth density over the stretched axis, by normal kernels of width
 * `width` in u. Both a full spectrum and the nodes of a Lanczos quadrature can be drawn so.
 */
export function stretchedDensity(
  values: ArrayLike<number>,
  options: { weights?: ArrayLike<number>; linear: number; width?: number; points?: number },
): StretchedDensity {
  const { weights, linear, width = 0.25, points = 240 } = options;
  const u = Float64Array.from(values, (value) => Math.asinh(value / linear));
  const low = Math.min(...u) - 4 * width;
  const high = Math.max(...u) + 4 * width;
  const at = new Float64Array(points);
  const density = new Float64Array(points);
  for (let p = 0; p < points; p++) {
    const here = low + ((high - low) * p) / (points - 1);
    at[p] = linear * Math.sinh(here);
    let sum = 0;
    for (let k = 0; k < u.length; k++) {
      const z = (here - u[k]!) / width;
      if (Math.abs(z) < 6) sum += (weights?.[k] ?? 1 / u.length) * Math.exp(-0.5 * z * z);
    }
    density[p] = sum / (width * Math.sqrt(2 * Math.PI));
  }
  return { at, density };
}
