import { demand } from "../../core/errors.ts";

/** Gaussians e_k(d) = exp(−(d − o_k)²/(2 w_k²)) under a cosine cutoff. Lengths in Å. */
export interface RadialBasis {
  offsets: Float64Array;
  widths: Float64Array;
  cutoff: number;
}

/** `size` Gaussians centred evenly from 0 to the cutoff, as wide as they are apart. */
export function gaussianBasis(size: number, cutoff: number): RadialBasis {
  demand(
    Number.isInteger(size) && size >= 2 && cutoff > 0,
    () => `gaussianBasis: ${size} functions to ${cutoff} Å; expected two or more, and a cutoff above 0`,
  );
  const spacing = cutoff / (size - 1);
  return {
    offsets: Float64Array.from({ length: size }, (_, k) => k * spacing),
    widths: new Float64Array(size).fill(spacing),
    cutoff,
  };
}

/** What a network sees of the distances: rows of the basis, the cutoff, and their derivatives by d. */
export interface RadialValues {
  /** edges×size. */
  basis: Float64Array;
  basisSlope: Float64Array;
  /** c(d) = ½(cos(πd/r_c) + 1) within the cutoff, 0 beyond. */
  cutoff: Float64Array;
  cutoffSlope: Float64Array;
}

/** Basis and cutoff at every distance. */
export function radialValues(of: RadialBasis, distances: Float64Array): RadialValues {
  const { offsets, widths, cutoff } = of;
  const size = offsets.length;
  const out: RadialValues = {
    basis: new Float64Array(distances.length * size),
    basisSlope: new Float64Array(distances.length * size),
    cutoff: new Float64Array(distances.length),
    cutoffSlope: new Float64Array(distances.length),
  };
  distances.forEach((d, e) => {
    for (let k = 0; k < size; k++) {
      const inverse = 1 / widths[k]! ** 2;
      const from = d - offsets[k]!;
      const value = Math.exp(-0.5 * inverse * from * from);
      out.basis[e * size + k] = value;
      out.basisSlope[e * size + k] = -inverse * from * value;
    }
    if (d >= cutoff) return;
    const angle = (Math.PI * d) / cutoff;
    out.cutoff[e] = 0.5 * (Math.cos(angle) + 1);
    out.cutoffSlope[e] = (-0.5 * Math.PI * Math.sin(angle)) / cutoff;
  });
  return out;
}
