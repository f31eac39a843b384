/** Polynomials and constants of the elementary functions in one width. Polynomials go from the lowest power up. */
export interface Coefficients {
  /** (eʳ − 1 − r)/r² for |r| ≤ ln 2/2. */
  exp: readonly number[];
  /** (2·artanh(s)/s − 2)/s² in s², for |s| ≤ (√2 − 1)/(√2 + 1). */
  log: readonly number[];
  /** (sin(r)/r − 1)/r² in r², for |r| ≤ π/4. */
  sin: readonly number[];
  /** (cos(r) − 1 + r²/2)/r⁴ in r², for |r| ≤ π/4. */
  cos: readonly number[];
  /** (tanh(x)/x − 1)/x² in x², for |x| ≤ 0.625. */
  tanh: readonly number[];
  /** ln 2 as a sum; the first part has so many trailing zeros that its multiples by exponents are exact. */
  ln2: readonly [number, number];
  /** exp is 0 below, and infinite above. */
  expRange: readonly [number, number];
}

/**
 * Chebyshev interpolants computed with 60 digits. Errors relative to the function: exp 2^-56, log 2^-57, sin 2^-56,
 * cos 2^-60, tanh 2^-59 in f64; 2^-26 or less in f32.
 */
export const coefficients: Record<"f64" | "f32", Coefficients> = {
  f64: {
    exp: [
      0.5000000000000001, 0.16666666666666669, 0.04166666666662394, 0.008333333333330048,
      0.0013888888917307917, 0.0001984126986312606, 2.4801521149665677e-5, 2.7557268347499137e-6,
      2.762015799025116e-7, 2.510043897623718e-8,
    ],
    log: [
      0.666666666666667, 0.39999999999899033, 0.28571428626190487, 0.22222211099711295, 0.18182891680439733,
      0.15331636699545695, 0.1461749869387011,
    ],
    sin: [
      -0.16666666666666666, 0.008333333333330943, -0.0001984126983674956, 2.755731609787775e-6,
      -2.5051130870968297e-8, 1.591805913698281e-10,
    ],
    cos: [
      0.041666666666666664, -0.0013888888888887393, 2.4801587298760048e-5, -2.755731726880539e-7,
      2.0876145659059344e-9, -1.1382588535352522e-11,
    ],
    tanh: [
      -0.3333333333333333, 0.1333333333333304, -0.05396825396789384, 0.021869488518873555,
      -0.008863235100297065, 0.003592121713787555, -0.00145577511739838, 0.0005896591704308033,
      -0.00023758584039791723, 9.256153036516744e-5, -3.1190227437815513e-5, 6.479872918951109e-6,
    ],
    ln2: [0.6931471803691238, 1.9082149292705877e-10],
    expRange: [-746, 710],
  },
  f32: {
    exp: [0.5, 0.16666576790880372, 0.04166655436883705, 0.008363212139853768, 0.0013926224919029522],
    log: [0.6666668508272797, 0.3998876291059419, 0.2958075040128507],
    sin: [-0.16666664659314784, 0.00833274768779104, -0.00019587764989177688],
    cos: [0.041666664656496995, -0.0013888302451873107, 2.454781592843413e-5],
    tanh: [
      -0.33333333171275803, 0.1333330342585789, -0.05395922855611955, 0.021768666325116613,
      -0.008343119638547832, 0.0022918094207610654,
    ],
    ln2: [0.693115234375, 3.194618329871446e-5],
    expRange: [-104, 89],
  },
};

/** (2·artanh(s)/s − 2 − ⅔s²)/s⁴ in s², on the interval of `log`; error 2^-62 relative to artanh. For pow. */
export const logTail: readonly number[] = [
  0.40000000000000024, 0.28571428571338137, 0.2222222227127006, 0.1818180822017762, 0.15385576789535485,
  0.13285891214025877, 0.12914435843703156,
];

/** Parts of ln 2 (the first of 42 bits) and of ⅔ for sums of two f64. */
export const longLn2 = [0.6931471805598903, 5.497923018708371e-14] as const;
export const twoThirds = [0.6666666666666666, 3.700743415417188e-17] as const;

/** π/2 as a sum of f64; multiples of the first two by whole numbers below 2²⁰ are exact. */
export const halfPi = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;

/** Sines of larger arguments are left to the host. */
export const largestAngle = { f64: 1.6e6, f32: 1e5 } as const;
