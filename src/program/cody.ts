/** Polynomials over and under the fraction line, from the leading coefficient down. */
export interface Rational {
  readonly over: readonly number[];
  readonly under: readonly number[];
}

/**
 * W. J. Cody's rational Chebyshev approximations of the error function (Math. Comp. 23 (1969) 631), relative error below
 * 1e-15: `small` is erf(x)/x in x² for |x| < 0.46875, `middle` e^{x²} erfc(x) in x up to 4, and `large` in t = 1/x² the
 * difference of 1/√π and x e^{x²} erfc(x), over t.
 */
export const cody: Readonly<Record<"small" | "middle" | "large", Rational>> = {
  small: {
    over: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
    under: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
  },
  middle: {
    over: [
      2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
      881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
    ],
    under: [
      1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
      4362.619090143247, 3439.3676741437216, 1230.3393548037495,
    ],
  },
  large: {
    over: [
      0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926,
      0.016083785148742275, 0.0006587491615298378,
    ],
    under: [
      1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132,
      0.0023352049762686918,
    ],
  },
};
