import { dot, norm } from "../vector.ts";
import { type LowestModeOptions, lowestMode } from "./lowest-mode.ts";
import { type QuenchOptions, quench } from "./quench.ts";
import type { Answer, Search } from "./search.ts";

export interface FollowOptions extends LowestModeOptions {
  /** Converged once |g|/√n is at most this and the lowest curvature negative; default 1e-6. */
  rms?: number;
  /** Cycles before giving up; default 200. */
  maxCycles?: number;
  /** Uphill steps: first, shortest and longest trust radius; defaults 0.2, 0.01 and 0.5. */
  trust?: { first: number; least: number; most: number };
  /** The trust radius shrinks where the predicted curvature is wrong by more than this, relatively; default 2. */
  trustRatio?: number;
  /** Steps downhill in the tangent space a cycle: before the mode has settled, and after; defaults 10 and 100. */
  tangentSteps?: { unsettled: number; settled: number };
  /** For the steps in the tangent space. */
  tangent?: QuenchOptions;
  /** Ends the search as "left the region" where it is further than this from the start; default none. */
  maxDistance?: number;
}

export interface Followed {
  x: Float64Array;
  value: number;
  rms: number;
  /** The lowest curvature and its direction at the end. */
  curvature: number;
  vector: Float64Array;
  cycles: number;
  status: "converged" | "cycles used up" | "left the region" | "not finite";
}

/**
 * Hybrid eigenvector-following: climbs along the lowest mode v and goes downhill in the space at right angles to it.
 * With F = g·v the uphill step is h = 2F/(|λ|(1 + √(1 + 4F²/λ²))), of full trust radius while λ > 0; the radius s is
 * divided by 1.1 where min(|1 − (F′ − F)/hλ|, |1 − (−F′ − F)/hλ|) exceeds `trustRatio`, else multiplied by it. The
 * tangent space gets few steps until λ < 0 and the mode has settled (1 − |v·v′| < 1e-4), then many.
 * Sources: Munro & Wales, Phys. Rev. B 59, 3969 (1999); Kumeda, Munro & Wales, Chem. Phys. Lett. 341, 185 (2001).
 * @param guess the direction to climb at first.
 */
export function* followEigenvector(
  start: Float64Array,
  guess: Float64Array,
  options: FollowOptions = {},
): Search<Followed> {
  const { rms = 1e-6, maxCycles = 200, trustRatio = 2, maxDistance = Infinity } = options;
  const { trust = { first: 0.2, least: 0.01, most: 0.5 } } = options;
  const { tangentSteps = { unsettled: 10, settled: 100 } } = options;
  const n = start.length;
  const root = Math.sqrt(n);
  const x = start.slice();
  const gradient = new Float64Array(n);
  let vector: Float64Array = guess.slice();
  let curvature = Number.NaN;
  let value = Number.NaN;
  let radius = trust.first;
  let last: { force: number; step: number } | undefined;
  let cycles = 0;
  const end = (status: Followed["status"]): Followed => ({
    ...{ x, value, rms: norm(gradient) / root, curvature, vector, cycles, status },
  });
  for (; cycles < maxCycles; cycles++) {
    const mode = yield* lowestMode(x, vector, options);
    const settled = mode.value < 0 && 1 - Math.abs(dot(mode.vector, vector)) < 1e-4;
    ({ value: curvature, vector } = mode);
    const here = yield x;
    value = here.value;
    gradient.set(here.gradient);
    const size = norm(gradient) / root;
    if (!Number.isFinite(size) || !Number.isFinite(curvature)) return end("not finite");
    if (size <= rms && curvature < 0) return end("converged");
    const force = dot(gradient, vector);
    if (last && curvature < 0) {
      const predicted = last.step * curvature;
      const miss = Math.min(
        Math.abs(1 - (force - last.force) / predicted),
        Math.abs(1 - (-force - last.force) / predicted),
      );
      radius = miss > trustRatio ? Math.max(radius / 1.1, trust.least) : Math.min(radius * 1.1, trust.most);
    }
    let step: number;
    if (curvature > 0) step = force >= 0 ? radius : -radius;
    else {
      const size = Math.abs(curvature);
      step = (2 * force) / (size * (1 + Math.sqrt(1 + (4 * force * force) / (curvature * curvature))));
      step = Math.max(-radius, Math.min(radius, step));
    }
    last = { force, step };
    for (let i = 0; i < n; i++) x[i]! += step * vector[i]!;
    const maxIterations = settled ? tangentSteps.settled : tangentSteps.unsettled;
    const inner = quench(x, { rms: rms / 2, maxRise: 1e-4, ...options.tangent, maxIterations });
    const down = yield* atRightAngles(inner, vector);
    if (down === undefined) return end("not finite");
    x.set(down.x);
    if (distance(x, start) > maxDistance) return end("left the region");
  }
  return end("cycles used up");
}

/** A search that sees only the part of the gradient at right angles to v; undefined where that is not finite. */
function* atRightAngles<T>(inner: Search<T>, v: Float64Array): Search<T | undefined> {
  const gradient = new Float64Array(v.length);
  let next = inner.next();
  for (let first = true; !next.done; first = false) {
    const answer = yield next.value;
    if (first && !Number.isFinite(answer.value)) return undefined;
    const along = dot(answer.gradient, v);
    for (let i = 0; i < v.length; i++) gradient[i] = answer.gradient[i]! - along * v[i]!;
    next = inner.next({ value: answer.value, gradient } satisfies Answer);
  }
  return next.value;
}

function distance(a: Float64Array, b: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(squares);
}
