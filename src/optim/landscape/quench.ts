import { demand, UserError } from "../../core/errors.ts";
import { CurvaturePairs } from "../curvature-pairs.ts";
import { dot, norm } from "../vector.ts";
import type { Search } from "./search.ts";

export interface QuenchOptions {
  /** Converged once |g|/√n is at most this; default 1e-6. */
  rms?: number;
  /** Default 5000. */
  maxIterations?: number;
  /** Pairs of steps and gradient changes that are kept; default 4. */
  memory?: number;
  /** Longest step, Euclidean over all coordinates; default 0.2. */
  maxStep?: number;
  /** The most the value may rise in a step; default 1e-10. Infinity for a field that is no gradient. */
  maxRise?: number;
  /** The inverse curvature that is assumed before there is any pair; default 0.1. */
  firstScale?: number;
  /** Below this value the function is said to have no lower bound; default −1e12. */
  floor?: number;
}

/** Where a quench ended. */
export interface Quenched {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  /** |g|/√n. */
  rms: number;
  iterations: number;
  evaluations: number;
  converged: boolean;
  stopped: "converged" | "iterations used up" | "no further decrease found";
}

/**
 * Minimises by limited-memory BFGS with step control and no line search, which needs one evaluation a step and seldom
 * leaves the basin it starts in. The two-loop recursion starts from γ = sᵀy/yᵀy; the first step is −g·H₀·min(|g|, 1/|g|)
 * with |g| taken as at least 0.01; a step is cut to `maxStep`; where the value rises by more than `maxRise` the step is
 * divided by ten, at most ten times, and after that the memory is dropped once. A pair with sᵀy ≤ 0 empties the memory,
 * and the next step is −g·|sᵀy|/yᵀy, which doubles the distance from a soft saddle; so every step goes downhill.
 * Sources: Liu & Nocedal, Math. Program. 45, 503 (1989); Wales & Doye, J. Phys. Chem. A 101, 5111 (1997).
 * @throws UserError where value or gradient at the start are not finite, and where the value falls below `floor`.
 */
export function* quench(start: Float64Array, options: QuenchOptions = {}): Search<Quenched> {
  const { rms = 1e-6, maxIterations = 5000, memory = 4, maxStep = 0.2 } = options;
  const { maxRise = 1e-10, firstScale = 0.1, floor = -1e12 } = options;
  demand(rms > 0, () => `quench: rms ${rms}; expected a number above 0`);
  demand(maxStep > 0, () => `quench: maxStep ${maxStep}; expected a length above 0`);
  const n = start.length;
  const x = start.slice();
  const trial = start.slice();
  const direction = new Float64Array(n);
  const pairs = new CurvaturePairs(n, memory);
  const first = yield x;
  const gradient = first.gradient.slice();
  let value = first.value;
  let length = norm(gradient);
  if (!Number.isFinite(value) || !Number.isFinite(length)) {
    throw new UserError(`quench: value ${value} and gradient norm ${length} at the start; start elsewhere`);
  }
  let [iterations, evaluations] = [0, 1];
  /** |sᵀy|/yᵀy of a last step along which the curvature was negative. */
  let downward = 0;
  const end = (stopped: Quenched["stopped"]): Quenched => ({
    ...{ x, value, gradient, rms: length / Math.sqrt(n), iterations, evaluations },
    ...{ converged: stopped === "converged", stopped },
  });
  for (;;) {
    if (length <= rms * Math.sqrt(n)) return end("converged");
    if (iterations >= maxIterations) return end("iterations used up");
    pairs.direction(gradient, direction);
    let factor = 1;
    if (pairs.count === 0) {
      const careful = firstScale * Math.min(Math.max(length, 0.01), 1 / length);
      factor = Math.max(careful, downward);
    }
    const step = factor * norm(direction);
    if (step > maxStep) factor *= maxStep / step;
    let accepted = false;
    for (let cut = 0; cut <= 10; cut++) {
      moveAlong(trial, x, direction, factor);
      const answer = yield trial;
      evaluations++;
      const rise = answer.value - value;
      if (rise <= maxRise && Number.isFinite(dot(answer.gradient, answer.gradient))) {
        downward = negativeScale(trial, x, answer.gradient, gradient);
        if (downward > 0) pairs.clear();
        else pairs.add(trial, x, answer.gradient, gradient);
        x.set(trial);
        gradient.set(answer.gradient);
        value = answer.value;
        accepted = true;
        break;
      }
      factor /= 10;
    }
    if (!accepted) {
      if (pairs.count === 0 && downward === 0) return end("no further decrease found");
      pairs.clear();
      downward = 0;
      continue;
    }
    demand(
      value >= floor,
      () =>
        `quench: the value has fallen to ${value}: no lower bound; add a term that grows, or limit the region`,
    );
    length = norm(gradient);
    iterations++;
  }
}

function moveAlong(out: Float64Array, x: Float64Array, direction: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) out[i] = x[i]! + factor * direction[i]!;
}

/** |sᵀy|/yᵀy where sᵀy < 0, else 0; s and y are the changes of place and gradient. */
function negativeScale(
  to: Float64Array,
  from: Float64Array,
  after: Float64Array,
  before: Float64Array,
): number {
  let along = 0;
  let square = 0;
  for (let i = 0; i < to.length; i++) {
    const y = after[i]! - before[i]!;
    along += (to[i]! - from[i]!) * y;
    square += y * y;
  }
  return along < 0 ? -along / square : 0;
}
