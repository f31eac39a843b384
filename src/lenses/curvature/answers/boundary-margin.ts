import { breathe } from "../../../core/breathe.ts";
import { UserError } from "../../../core/errors.ts";
import { quietTask, type Task } from "../../../core/task.ts";

/** A point on the decision boundary and how far the training points of strongest alignment are from it. */
export interface BoundaryMargin {
  /** x_b */
  point: Float64Array;
  /** min(‖x_max − x_b‖, ‖x_min − x_b‖), in the inputs' unit. */
  margin: number;
  /** Both distances: to the point of largest and of smallest alignment. */
  distances: readonly [number, number];
}

/** The two training points of largest and smallest alignment with the top eigenvector. */
export interface Extremes {
  largest: Float64Array;
  smallest: Float64Array;
}

/**
 * The margin along the straight line between the training points of largest and smallest alignment: bisects to where
 * `side` (the alignment, or a logit margin) changes sign. Deterministic, needs no gradient by the inputs; it is the
 * distance along this line, so an upper bound of the distance to the boundary.
 * @param options.tolerance length of the last bracket over the whole, default 1e-10
 * @throws UserError if `side` has the same sign at both ends, or is not a number
 */
export async function marginBetween(
  { largest, smallest }: Extremes,
  side: (x: Float64Array) => Promise<number>,
  { tolerance = 1e-10, task = quietTask }: { tolerance?: number; task?: Task } = {},
): Promise<BoundaryMargin> {
  const where = "marginBetween";
  demandSame(where, largest, smallest);
  const at = (share: number) => largest.map((value, j) => value + share * (smallest[j]! - value));
  const sign = async (share: number) => {
    const value = await side(at(share));
    if (Number.isNaN(value))
      throw new UserError(`${where}: the side of the boundary is NaN at ${share} of the line`);
    return Math.sign(value);
  };
  const start = await sign(0);
  if (start === 0 || start * (await sign(1)) >= 0) {
    throw new UserError(`${where}: both ends lie on one side of the boundary; give one point of each side`);
  }
  let low = 0;
  let high = 1;
  while (high - low > tolerance) {
    await breathe(task);
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if ((await sign(middle)) === start) low = middle;
    else high = middle;
  }
  return marginOf(at((low + high) / 2), { largest, smallest });
}

export interface MarginSearch {
  /** x to start from; Sabanayagam et al. draw it from N(0, 1). */
  start: Float64Array;
  /** a(x) = (r·v_1)²/‖r‖² and ∂a/∂x. */
  alignment: (x: Float64Array) => Promise<{ value: number; gradient: Float64Array }>;
  /** Stops at 1 − a below this, default 1e-8. */
  tolerance?: number;
  /** Default 500. */
  steps?: number;
  task?: Task;
}

/**
 * The margin by optimising an input onto the boundary: raises a(x) = (r·v_1)²/‖r‖² to 1 by steepest ascent with a
 * doubling and halving step. `converged` tells whether it got there; on some networks a(x) is near 1 in whole regions,
 * and then {@link marginBetween} is the better way.
 * Source: Sabanayagam et al., arXiv:2306.07104, which uses 20 000 steps of gradient descent on (1 − a)².
 * @throws UserError if the alignment is not within 0 to 1 or its gradient has another length than x
 */
export async function marginByAscent(
  extremes: Extremes,
  { start, alignment, tolerance = 1e-8, steps = 500, task = quietTask }: MarginSearch,
): Promise<BoundaryMargin & { value: number; converged: boolean; steps: number }> {
  demandSame("marginByAscent", extremes.largest, extremes.smallest);
  demandSame("marginByAscent", extremes.largest, start);
  let x = start;
  let here = await checked(alignment, x);
  let rate = 1;
  let taken = 0;
  while (taken < steps && 1 - here.value > tolerance) {
    await breathe(task);
    const slope = here.gradient.reduce((sum, g) => sum + g * g, 0);
    if (slope === 0) break;
    let better: typeof here | undefined;
    let next = x;
    for (; rate > 1e-16; rate /= 2) {
      const step = rate;
      next = x.map((value, j) => value + step * here.gradient[j]!);
      const there = await checked(alignment, next);
      if (there.value < here.value + 1e-4 * step * slope) continue;
      better = there;
      break;
    }
    if (!better) break;
    x = next;
    here = better;
    rate *= 2;
    taken++;
  }
  const converged = 1 - here.value <= tolerance;
  return { ...marginOf(x, extremes), value: here.value, converged, steps: taken };
}

async function checked(alignment: MarginSearch["alignment"], x: Float64Array) {
  const { value, gradient } = await alignment(x);
  if (!(value >= 0 && value <= 1 + 1e-9)) {
    throw new UserError(`marginByAscent: the squared alignment is ${value}; expected 0 to 1`);
  }
  if (gradient.length !== x.length) {
    throw new UserError(`marginByAscent: a gradient of ${gradient.length} values for ${x.length} inputs`);
  }
  return { value, gradient };
}

function marginOf(point: Float64Array, { largest, smallest }: Extremes): BoundaryMargin {
  const far = (to: Float64Array) =>
    Math.sqrt(point.reduce((sum, value, j) => sum + (value - to[j]!) ** 2, 0));
  const distances = [far(largest), far(smallest)] as const;
  return { point, margin: Math.min(...distances), distances };
}

function demandSame(where: string, a: Float64Array, b: Float64Array): void {
  if (a.length !== b.length) {
    throw new UserError(`${where}: points of ${a.length} and ${b.length} inputs; expected the same`);
  }
}
