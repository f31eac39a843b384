import { UserError } from "../../../core/errors.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { applyQTransposed, qr, solveUpper } from "../../../linalg/qr.ts";

/** Rows [from, to) of each trajectory; `numbers` holds the trajectory of each row, all of one standing together. */
export function trajectoryRanges(numbers: ArrayLike<number> | undefined, rows: number): [number, number][] {
  const ranges: [number, number][] = [];
  let from = 0;
  for (let i = 1; i <= rows; i++) {
    if (i < rows && (numbers === undefined || numbers[i] === numbers[from])) continue;
    ranges.push([from, i]);
    from = i;
  }
  return ranges;
}

/**
 * Derivatives by differences, of second order also for uneven times: the slope of the parabola through each point and
 * its neighbours, at the ends through the first and last three.
 * @throws UserError for fewer than three points or times that do not ascend.
 */
export function differences(values: ArrayLike<number>, times: ArrayLike<number>): Float64Array {
  const n = values.length;
  if (n < 3) throw new UserError(`differences: ${n} points; expected at least 3 in each trajectory`);
  checkTimes(times, "differences");
  return Float64Array.from({ length: n }, (_, i) => {
    const m = Math.min(n - 2, Math.max(1, i));
    const [a, b] = [times[m]! - times[m - 1]!, times[m + 1]! - times[m]!];
    const [left, right] = [(values[m]! - values[m - 1]!) / a, (values[m + 1]! - values[m]!) / b];
    const curvature = (right - left) / (a + b);
    return left + curvature * (2 * times[i]! - times[m - 1]! - times[m]!);
  });
}

/**
 * Values and derivatives from least-squares polynomials over `window` neighbouring points (Savitzky & Golay, Anal. Chem.
 * 36, 1627 (1964)); times may be uneven, and at the ends the window stays inside.
 * @param options.window an odd number of points, more than `degree`. @param options.degree default 3.
 * @throws UserError for a window that is even, too small or larger than the trajectory.
 */
export function savitzkyGolay(
  values: ArrayLike<number>,
  times: ArrayLike<number>,
  options: { window: number; degree?: number },
): { values: Float64Array; derivatives: Float64Array } {
  const { window, degree = 3 } = options;
  const n = values.length;
  if (!Number.isInteger(window) || window % 2 === 0 || window <= degree || window > n) {
    throw new UserError(
      `savitzkyGolay: a window of ${window} for ${n} points and degree ${degree}; expected an odd number above the degree and up to the number of points`,
    );
  }
  checkTimes(times, "savitzkyGolay");
  const smooth = new Float64Array(n);
  const slopes = new Float64Array(n);
  const half = (window - 1) / 2;
  let factors: ReturnType<typeof qr> | undefined;
  let spacing: number[] = [];
  for (let i = 0; i < n; i++) {
    const from = Math.min(n - window, Math.max(0, i - half));
    const scale = times[from + window - 1]! - times[from]!;
    const own = Array.from({ length: window }, (_, k) => (times[from + k]! - times[i]!) / scale);
    if (!factors || own.some((value, k) => Math.abs(value - spacing[k]!) > 1e-12)) {
      spacing = own;
      factors = qr(
        matrix(
          window,
          degree + 1,
          own.flatMap((s) => Array.from({ length: degree + 1 }, (_, d) => s ** d)),
        ),
      );
    }
    const part = Array.from({ length: window }, (_, k) => values[from + k]!);
    const coefficients = solveUpper(factors.r, applyQTransposed(factors, part));
    smooth[i] = coefficients[0]!;
    slopes[i] = coefficients[1]! / scale;
  }
  return { values: smooth, derivatives: slopes };
}

function checkTimes(times: ArrayLike<number>, who: string): void {
  for (let i = 1; i < times.length; i++) {
    if (!(times[i]! > times[i - 1]!)) {
      throw new UserError(
        `${who}: time ${times[i]} follows ${times[i - 1]} at point ${i}; expected ascending times within a trajectory`,
      );
    }
  }
}
