import { matrix } from "../../linalg/matrix.ts";
import { leastSquares } from "../../stats/least-squares.ts";

/**
 * Downward curvature of a curve: −2c of the least-squares parabola y = a + b·x + c·x², in y's unit per x². Positive for
 * a curve with a top. NaN for fewer than four points.
 */
export function downwardCurvature(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  if (n < 4) return Number.NaN;
  let centre = 0;
  for (let i = 0; i < n; i++) centre += x[i]! / n;
  const design = matrix(n, 3);
  for (let i = 0; i < n; i++) design.data.set([1, x[i]! - centre, (x[i]! - centre) ** 2], 3 * i);
  return -2 * leastSquares(design, y).coefficients[2]!;
}

/** Points weighted ¼, ½, ¼ with their neighbours, the ends left out: takes an odd–even zigzag out entirely. */
export function smoothed(y: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: Math.max(0, y.length - 2) },
    (_, i) => (y[i]! + 2 * y[i + 1]! + y[i + 2]!) / 4,
  );
}

/**
 * How many tops a curve has: local maxima of the {@link smoothed} curve, ends not counted, whose prominence (the height
 * above the higher of the two lowest points that separate a maximum from higher ground or from the end) is at least
 * `share` of the smoothed curve's range. A flat top counts once.
 */
export function countMaxima(y: ArrayLike<number>, share: number): number {
  const curve = smoothed(y);
  const range = Math.max(...curve) - Math.min(...curve);
  if (!(range > 0)) return 0;
  let count = 0;
  for (let i = 1; i < curve.length - 1; i++) {
    if (!(curve[i]! > curve[i - 1]!)) continue;
    let after = i + 1;
    while (after < curve.length && curve[after] === curve[i]) after++;
    if (after === curve.length || curve[after]! > curve[i]!) continue;
    const base = Math.max(lowest(curve, i, -1), lowest(curve, i, 1));
    if (curve[i]! - base >= share * range) count++;
  }
  return count;
}

/** The lowest value from a top to higher ground or to the end. */
function lowest(curve: Float64Array, top: number, step: 1 | -1): number {
  let low = curve[top]!;
  for (let i = top + step; i >= 0 && i < curve.length && curve[i]! <= curve[top]!; i += step) {
    low = Math.min(low, curve[i]!);
  }
  return low;
}
