import { demand } from "../../core/errors.ts";
import { CurvaturePairs } from "../curvature-pairs.ts";
import type { Search } from "./search.ts";

export interface BandOptions {
  /** Images between the two ends. Default 10 for every unit of distance, at least 5 and at most 50. */
  images?: number;
  /** Default 20 for every image. */
  maxIterations?: number;
  /** Converged once the root mean square of the band's force is at most this; default 0.01. */
  rms?: number;
  /** Spring constant; default 10. */
  spring?: number;
  /** No image moves further in a step; default 0.2. */
  maxStep?: number;
  /** When the second nudge leaves out what points against the true force: "opposed" (default), or "always". */
  secondNudge?: "opposed" | "always";
}

/** A path of images between two points. */
export interface Band {
  /** The images with both ends. */
  images: Float64Array[];
  values: Float64Array;
  /** Unit tangents of the images; of the ends, the direction of the neighbouring piece. */
  tangents: Float64Array[];
  iterations: number;
  rms: number;
  converged: boolean;
  /** Inner images that lie at least as high as both neighbours, highest first: guesses of transition states. */
  maxima: number[];
}

/**
 * Doubly nudged elastic band between two fixed points. With the tangent t of Henkelman and Jónsson, g⊥ = g − (g·t)t and
 * springs of constant k, every image j feels
 *
 *     g⊥ − k(|X_{j+1} − X_j| − |X_j − X_{j−1}|)t + g*
 *     g_s = k(X_j − X_{j−1}) + k(X_j − X_{j+1}),   g_s⊥ = g_s − (g_s·t)t,   g* = g_s⊥ − (g_s⊥·ĝ⊥)ĝ⊥
 *
 * where the last projection is made only if g_s⊥·g⊥ < 0 (as OPTIM does; "always" makes it always). The force is no
 * gradient, so L-BFGS runs without a check of any value, all images scaled by one factor.
 * Sources: Trygubenko & Wales, J. Chem. Phys. 120, 2082 (2004); Henkelman & Jónsson, J. Chem. Phys. 113, 9978 (2000).
 */
export function* elasticBand(from: Float64Array, to: Float64Array, options: BandOptions = {}): Search<Band> {
  const { rms: tolerance = 0.01, spring = 10, maxStep = 0.2, secondNudge = "opposed" } = options;
  const n = from.length;
  demand(to.length === n, () => `elasticBand: ends of ${n} and ${to.length} coordinates`);
  const { images: m = bandImages(distance(from, to)) } = options;
  demand(Number.isInteger(m) && m >= 1, () => `elasticBand: ${m} images; expected at least 1`);
  const { maxIterations = 20 * m } = options;
  const band = new Float64Array((m + 2) * n);
  for (let j = 0; j <= m + 1; j++) {
    for (let i = 0; i < n; i++) band[j * n + i] = from[i]! + ((to[i]! - from[i]!) * j) / (m + 1);
  }
  const values = new Float64Array(m + 2);
  const slopes = new Float64Array((m + 2) * n);
  const evaluate = function* (ends: boolean): Search<void> {
    for (let j = ends ? 0 : 1; j <= (ends ? m + 1 : m); j++) {
      const answer = yield band.slice(j * n, (j + 1) * n);
      values[j] = answer.value;
      slopes.set(answer.gradient, j * n);
    }
  };
  yield* evaluate(true);
  const inner = band.subarray(n, (m + 1) * n);
  const before = new Float64Array(m * n);
  const force = new Float64Array(m * n);
  const forceBefore = new Float64Array(m * n);
  const direction = new Float64Array(m * n);
  const pairs = new CurvaturePairs(m * n, 4);
  const tangent = new Float64Array(n);
  let iterations = 0;
  let rms = Infinity;
  for (; ; iterations++) {
    for (let j = 1; j <= m; j++) {
      tangentOf(band, values, n, j, tangent);
      nudge(band, slopes, n, j, tangent, spring, secondNudge, force);
    }
    let squares = 0;
    for (const f of force) squares += f * f;
    rms = Math.sqrt(squares / (m * n));
    if (!(rms > tolerance) || iterations >= maxIterations || !Number.isFinite(rms)) break;
    if (iterations > 0) pairs.add(inner, before, force, forceBefore);
    pairs.direction(force, direction);
    let factor = pairs.count === 0 ? 0.001 * Math.min(Math.sqrt(squares), 1 / Math.sqrt(squares)) : 1;
    factor *= Math.min(1, maxStep / (factor * longestMove(direction, n)));
    before.set(inner);
    forceBefore.set(force);
    for (let i = 0; i < inner.length; i++) inner[i]! += factor * direction[i]!;
    yield* evaluate(false);
  }
  const tangents = Array.from({ length: m + 2 }, (_, j) => {
    const t = new Float64Array(n);
    if (j === 0 || j === m + 1) pieceBetween(band, n, Math.min(j, m), t);
    else tangentOf(band, values, n, j, t);
    return t;
  });
  const maxima = Array.from({ length: m }, (_, j) => j + 1)
    .filter((j) => values[j]! >= values[j - 1]! && values[j]! >= values[j + 1]!)
    .sort((a, b) => values[b]! - values[a]! || a - b);
  return {
    images: Array.from({ length: m + 2 }, (_, j) => band.slice(j * n, (j + 1) * n)),
    ...{ values, tangents, iterations, rms, converged: rms <= tolerance, maxima },
  };
}

/** 10 images for every unit of distance, at least 5 and at most 50. */
export function bandImages(length: number, density = 10, most = 50): number {
  return Math.max(5, Math.min(most, Math.ceil(density * length)));
}

/** Writes the unit vector from image j to image j + 1 to `t`. */
function pieceBetween(band: Float64Array, n: number, j: number, t: Float64Array): void {
  let squares = 0;
  for (let i = 0; i < n; i++) {
    t[i] = band[(j + 1) * n + i]! - band[j * n + i]!;
    squares += t[i]! ** 2;
  }
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < n; i++) t[i]! /= length;
}

/** Henkelman & Jónsson (2000), eqs 8–11: towards the higher neighbour, mixed at extrema, normalised. */
function tangentOf(band: Float64Array, values: Float64Array, n: number, j: number, t: Float64Array): void {
  const [below, here, above] = [values[j - 1]!, values[j]!, values[j + 1]!];
  let [forward, backward] = [0, 0];
  if (above > here && here > below) forward = 1;
  else if (above < here && here < below) backward = 1;
  else {
    const most = Math.max(Math.abs(above - here), Math.abs(below - here));
    const least = Math.min(Math.abs(above - here), Math.abs(below - here));
    [forward, backward] = above > below ? [most, least] : [least, most];
    if (most === 0) [forward, backward] = [1, 1];
  }
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = band[j * n + i]!;
    t[i] = forward * (band[(j + 1) * n + i]! - x) + backward * (x - band[(j - 1) * n + i]!);
    squares += t[i]! ** 2;
  }
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < n; i++) t[i]! /= length;
}

/** The doubly nudged force on image j, written to its rows of `force` (image 1 first). */
function nudge(
  band: Float64Array,
  slopes: Float64Array,
  n: number,
  j: number,
  t: Float64Array,
  spring: number,
  second: "opposed" | "always",
  force: Float64Array,
): void {
  let [along, ahead, behind, springAlong] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = band[j * n + i]!;
    const up = band[(j + 1) * n + i]! - x;
    const down = x - band[(j - 1) * n + i]!;
    along += slopes[j * n + i]! * t[i]!;
    ahead += up * up;
    behind += down * down;
    springAlong += spring * (down - up) * t[i]!;
  }
  const parallel = -spring * (Math.sqrt(ahead) - Math.sqrt(behind));
  let [square, overlap] = [0, 0];
  const springs = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = band[j * n + i]!;
    const both = spring * (2 * x - band[(j - 1) * n + i]! - band[(j + 1) * n + i]!);
    const across = slopes[j * n + i]! - along * t[i]!;
    springs[i] = both - springAlong * t[i]!;
    force[(j - 1) * n + i] = across;
    square += across * across;
    overlap += across * springs[i]!;
  }
  const project = square > 1e-24 && (second === "always" || overlap < 0) ? overlap / square : 0;
  for (let i = 0; i < n; i++) {
    const across = force[(j - 1) * n + i]!;
    force[(j - 1) * n + i] = across + parallel * t[i]! + springs[i]! - project * across;
  }
}

function longestMove(direction: Float64Array, n: number): number {
  let most = 0;
  for (let j = 0; j < direction.length; j += n) {
    let squares = 0;
    for (let i = j; i < j + n; i++) squares += direction[i]! ** 2;
    most = Math.max(most, squares);
  }
  return Math.sqrt(most);
}

function distance(a: Float64Array, b: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(squares);
}
