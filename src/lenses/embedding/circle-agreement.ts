import { detrended } from "./helix-statistic.ts";

/** Two score columns that may circle together: the second and third principal component of a window. */
export interface Plane {
  second: ArrayLike<number>;
  third: ArrayLike<number>;
}

/**
 * How alike two curves in a plane run, whatever their phase, direction and orientation. With w = z₁ + i·z₂ of the
 * detrended, standardised columns: max of |⟨w_a·w̄_b⟩| and |⟨w_a·w_b⟩|, over ⟨|w_a|²⟩^½⟨|w_b|²⟩^½. 1 for the same curve
 * rotated or mirrored; two circles of different frequency have little.
 */
export function circleAgreement(a: Plane, b: Plane, t: ArrayLike<number>): number {
  const [ax, ay, bx, by] = [a.second, a.third, b.second, b.third].map((column) => detrended(column, t)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let [xx, yy, xy, yx, sizeA, sizeB] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < ax.length; i++) {
    xx += ax[i]! * bx[i]!;
    yy += ay[i]! * by[i]!;
    xy += ax[i]! * by[i]!;
    yx += ay[i]! * bx[i]!;
    sizeA += ax[i]! ** 2 + ay[i]! ** 2;
    sizeB += bx[i]! ** 2 + by[i]! ** 2;
  }
  const size = Math.sqrt(sizeA * sizeB);
  return size > 0 ? Math.max(Math.hypot(xx + yy, yx - xy), Math.hypot(xx - yy, xy + yx)) / size : 0;
}
