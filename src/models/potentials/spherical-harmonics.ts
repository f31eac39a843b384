/**
 * Prefactors of the real spherical harmonics to l = 2 without Condon–Shortley phase, in the order
 * 1; y, z, x; xy, yz, z², xz, x² − y².
 */
export interface HarmonicPrefactors {
  one: number;
  first: number;
  xy: number;
  yz: number;
  /** Of (3z² − 1)/2. */
  zz: number;
  /** Of x² − y². */
  xx: number;
}

/** Exact: orthonormal on the sphere. */
export const exactHarmonics: HarmonicPrefactors = {
  one: Math.sqrt(1 / (4 * Math.PI)),
  first: Math.sqrt(3 / (4 * Math.PI)),
  xy: Math.sqrt(15 / (4 * Math.PI)),
  yz: Math.sqrt(15 / (4 * Math.PI)),
  zz: Math.sqrt(5 / (4 * Math.PI)),
  xx: Math.sqrt(15 / (16 * Math.PI)),
};

/** With the float32 rounding of SchNetPack's tables: what published SO3net weights were trained with. */
export const publishedHarmonics: HarmonicPrefactors = {
  one: 0.28209478694603146,
  first: 0.4886025035408441,
  xy: 1.0925484703518473,
  yz: 1.0925484703518473,
  zz: 0.6307831197096466,
  xx: 0.5462742351759237,
};

/** Y of the direction of every vector (count×3): count×(lmax + 1)². */
export function harmonics(
  vectors: Float64Array,
  distances: Float64Array,
  lmax: number,
  by: HarmonicPrefactors,
): Float64Array {
  const size = (lmax + 1) ** 2;
  const out = new Float64Array(distances.length * size);
  distances.forEach((d, e) => {
    const x = vectors[3 * e]! / d;
    const y = vectors[3 * e + 1]! / d;
    const z = vectors[3 * e + 2]! / d;
    const all = [
      by.one,
      by.first * y,
      by.first * z,
      by.first * x,
      by.xy * x * y,
      by.yz * y * z,
      by.zz * (1.5 * z * z - 0.5),
      by.yz * x * z,
      by.xx * (x * x - y * y),
    ];
    for (let s = 0; s < size; s++) out[e * size + s] = all[s]!;
  });
  return out;
}

/** Σ_s g_s ∂Y_s/∂r for one vector r of length d, added to `out`: the gradient of a function of the harmonics. */
export function addHarmonicsGradient(
  vector: ArrayLike<number>,
  d: number,
  lmax: number,
  by: HarmonicPrefactors,
  g: ArrayLike<number>,
  out: [number, number, number],
): void {
  if (lmax === 0) return;
  const [x, y, z] = [vector[0]! / d, vector[1]! / d, vector[2]! / d];
  let ux = by.first * g[3]!;
  let uy = by.first * g[1]!;
  let uz = by.first * g[2]!;
  if (lmax > 1) {
    ux += by.xy * y * g[4]! + by.yz * z * g[7]! + 2 * by.xx * x * g[8]!;
    uy += by.xy * x * g[4]! + by.yz * z * g[5]! - 2 * by.xx * y * g[8]!;
    uz += by.yz * y * g[5]! + 3 * by.zz * z * g[6]! + by.yz * x * g[7]!;
  }
  const radial = ux * x + uy * y + uz * z;
  out[0] += (ux - radial * x) / d;
  out[1] += (uy - radial * y) / d;
  out[2] += (uz - radial * z) / d;
}
