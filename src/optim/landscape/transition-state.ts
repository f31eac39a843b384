import type { Matrix } from "../../linalg/matrix.ts";
import { type CertifyOptions, certify, type StationaryPoint } from "./certify.ts";
import { type FollowOptions, followEigenvector } from "./follow-eigenvector.ts";
import { type QuenchOptions, quench } from "./quench.ts";
import type { Search } from "./search.ts";
import type { ModeSpectrum } from "./spectrum.ts";

export interface TransitionStateOptions {
  zeroModes?: (x: Float64Array) => Matrix;
  follow?: FollowOptions;
  /** For the two runs downhill and every other quench to a minimum. */
  quench?: QuenchOptions;
  certify?: Omit<CertifyOptions, "index" | "zeroModes">;
  /** How far the two runs downhill start from the transition state, along its mode; default 0.02. */
  pushoff?: number;
}

/** A certified transition state and the certified minima on its two sides. */
export interface Triple {
  saddle: StationaryPoint;
  /** Unit vector of the negative eigenvalue. */
  vector: Float64Array;
  /** Minima reached from x + pushoff·v and x − pushoff·v. */
  sides: [StationaryPoint, StationaryPoint];
}

/** Why a search for a transition state ended without one. */
export type SearchFailure =
  | "no maximum on the band"
  | "cycles used up"
  | "left the region"
  | "not finite"
  | "flat"
  | "wrong index"
  | "not stationary"
  | "pushoff"
  | "side not lower"
  | "side not a minimum";

export type FoundTriple =
  | { ok: true; triple: Triple }
  | {
      ok: false;
      reason: SearchFailure;
      /** A stationary point of the wrong index, with its spectrum: searches can branch off there. */
      at?: { x: Float64Array; value: number; spectrum: ModeSpectrum };
    };

/**
 * A transition state from a guess: eigenvector-following, certification with exactly one negative eigenvalue, then down
 * both sides to certified minima, each strictly below it. A push that does not lower the value is halved and doubled, up
 * to four times each, before the point is given up.
 */
export function* findTransitionState(
  start: Float64Array,
  guess: Float64Array,
  options: TransitionStateOptions = {},
): Search<FoundTriple> {
  const { pushoff = 0.02 } = options;
  const zeroModes = options.zeroModes && { zeroModes: options.zeroModes };
  const followed = yield* followEigenvector(start, guess, { ...zeroModes, ...options.follow });
  if (followed.status !== "converged") return { ok: false, reason: followed.status };
  const certified = yield* certify(followed.x, { ...zeroModes, ...options.certify, index: 1 });
  if (!certified.ok) {
    return { ok: false, reason: certified.reason, ...(certified.at && { at: certified.at }) };
  }
  const { point: saddle, vector } = certified;
  const sides: StationaryPoint[] = [];
  for (const sign of [1, -1]) {
    const pushed = yield* pushedOff(saddle, vector, sign * pushoff);
    if (!pushed) return { ok: false, reason: "pushoff" };
    const side = yield* findMinimum(pushed, options);
    if (!side.ok) return { ok: false, reason: "side not a minimum" };
    if (!(side.point.value < saddle.value)) return { ok: false, reason: "side not lower" };
    sides.push(side.point);
  }
  return { ok: true, triple: { saddle, vector, sides: sides as [StationaryPoint, StationaryPoint] } };
}

export type FoundMinimum = { ok: true; point: StationaryPoint } | { ok: false; reason: string };

/**
 * Quenches and certifies: a minimum, or why the point where the quench ended is none. A quench on a symmetric manifold
 * ends at a saddle; it is left along the lowest mode by `pushoff` and the way down goes on, up to three times.
 */
export function* findMinimum(
  start: Float64Array,
  options: Pick<TransitionStateOptions, "zeroModes" | "quench" | "certify" | "pushoff"> = {},
): Search<FoundMinimum> {
  const zeroModes = options.zeroModes && { zeroModes: options.zeroModes };
  let from = start;
  for (let pushes = 0; ; pushes++) {
    const down = yield* quench(from, options.quench);
    if (!down.converged) return { ok: false, reason: down.stopped };
    const certified = yield* certify(down.x, { ...zeroModes, ...options.certify, index: 0 });
    if (certified.ok) return { ok: true, point: certified.point };
    const { at, reason, detail } = certified;
    if (!at || pushes === 3) return { ok: false, reason: `${reason}: ${detail}` };
    const push = options.pushoff ?? 0.02;
    from = at.x.map((value, i) => value + push * at.spectrum.vectors.data[i]!);
  }
}

/** A point beside the saddle that lies below it, or undefined. */
function* pushedOff(
  saddle: StationaryPoint,
  vector: Float64Array,
  pushoff: number,
): Search<Float64Array | undefined> {
  for (const factor of [1, 0.5, 2, 0.25, 4, 0.125, 8, 0.0625, 16]) {
    const x = saddle.x.map((value, i) => value + factor * pushoff * vector[i]!);
    if ((yield x).value < saddle.value) return x;
  }
  return undefined;
}
