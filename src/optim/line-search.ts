/** Value of a function along a line, and its slope there. */
export interface LinePoint {
  at: number;
  value: number;
  slope: number;
}

export interface LineSearchOptions {
  /** The first trial. */
  first: number;
  /** No trial is longer. */
  most: number;
  /** c₁ of the sufficient decrease; default 1e-4. */
  decrease?: number;
  /** c₂ of the curvature condition; default 0.9. */
  curvature?: number;
  /** Trials before giving up; default 40. */
  trials?: number;
}

/**
 * Looks along a descent direction for a step with the strong Wolfe conditions
 *
 *     φ(α) ≤ φ(0) + c₁αφ′(0)    |φ′(α)| ≤ c₂|φ′(0)|
 *
 * by bracketing and safeguarded cubic interpolation. Where the decrease is lost in the rounding of φ, the first is
 * replaced by its form in slopes, φ′(α) ≤ (2c₁ − 1)φ′(0) with φ(α) ≤ φ(0) + ε|φ(0)|: so minima are reached to the
 * accuracy of the gradient. A value that is not finite ends the bracket. A step at `most` needs the decrease only.
 * A generator: it yields the next α and is given φ and φ′ there, so that one search serves functions that are called
 * and functions that are awaited. Sources: Nocedal & Wright, Numerical Optimization, 3.5; Hager & Zhang, SIAM J. Optim.
 * 16, 170 (2005), eq. 4.1.
 * @returns the accepted point, or undefined where none was found.
 */
export function* lineSearch(
  start: { value: number; slope: number },
  options: LineSearchOptions,
): Generator<number, LinePoint | undefined, { value: number; slope: number }> {
  const { first, most, decrease = 1e-4, curvature = 0.9, trials = 40 } = options;
  const blur = 1e-14 * Math.abs(start.value);
  let low: LinePoint = { at: 0, ...start };
  let high: LinePoint | undefined;
  let at = Math.min(first, most);
  let width = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < trials; trial++) {
    const point: LinePoint = { at, ...(yield at) };
    const finite = Number.isFinite(point.value) && Number.isFinite(point.slope);
    const enough = point.value <= start.value + decrease * at * start.slope;
    const flat = point.value <= start.value + blur && point.slope <= (2 * decrease - 1) * start.slope;
    const descends = finite && (enough || flat);
    if (descends && Math.abs(point.slope) <= -curvature * start.slope) return point;
    if (descends && at >= most && point.slope < 0) return point;
    if (descends && point.slope < 0) low = point;
    else high = point;
    if (high === undefined) {
      at = Math.min(most, Math.max(2 * at, Math.min(10 * at, secant(low, point))));
      continue;
    }
    const span = high.at - low.at;
    if (!(span > 1e-16 * high.at)) return undefined;
    const tried = Number.isFinite(high.value) ? cubicMinimum(low, high) : low.at + 0.1 * span;
    const narrowed = span <= 0.66 * width;
    width = span;
    at = narrowed ? within(tried, low.at + 0.05 * span, high.at - 0.05 * span) : low.at + span / 2;
  }
  return undefined;
}

/** Where the slope between two points extrapolates to zero; no number gives the nearer one's place. */
function secant(a: LinePoint, b: LinePoint): number {
  const at = b.at - (b.slope * (b.at - a.at)) / (b.slope - a.slope);
  return Number.isFinite(at) ? at : b.at;
}

/** The minimum of the cubic through two values and slopes; the middle where it has none. */
function cubicMinimum(a: LinePoint, b: LinePoint): number {
  const h = b.at - a.at;
  const first = a.slope + b.slope - (3 * (b.value - a.value)) / h;
  const inside = first * first - a.slope * b.slope;
  if (!(inside >= 0)) return a.at + h / 2;
  const root = Math.sqrt(inside);
  const at = b.at - (h * (b.slope + root - first)) / (b.slope - a.slope + 2 * root);
  return Number.isFinite(at) ? at : a.at + h / 2;
}

function within(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
