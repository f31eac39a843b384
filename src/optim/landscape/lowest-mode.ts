import type { Matrix } from "../../linalg/matrix.ts";
import { dot, norm } from "../vector.ts";
import { quench } from "./quench.ts";
import type { Answer, Search } from "./search.ts";
import { modeSpectrum, tame } from "./spectrum.ts";

/** The lowest eigenpair of a Hessian, zero modes apart. */
export interface LowestMode {
  value: number;
  /** Unit vector, signed to lie along the guess. */
  vector: Float64Array;
}

export interface LowestModeOptions {
  zeroModes?: (x: Float64Array) => Matrix;
  /** Where the full spectrum is taken: the lowest mode (default), or the one that lies most along the guess. */
  mode?: "lowest" | "overlap";
  /** Up to this many coordinates the full spectrum is taken; above, Rayleigh–Ritz on gradients. Default 300. */
  exactUpTo?: number;
  /** Half the distance of the two gradients that give a curvature; default 1e-3. */
  distance?: number;
  /** |∇λ|/√n at which Rayleigh–Ritz ends; default 1e-3. */
  rms?: number;
  maxIterations?: number;
}

/**
 * The lowest eigenpair at x: from the full Hessian for few coordinates (where it is positive, the guess's part in the span
 * of all modes within a fifth of it, so that the direction does not jump between close modes), else by minimising the Rayleigh quotient
 * λ(y) = y·(g(x + δy) − g(x − δy))/2δ over unit vectors, with gradient (g₊ − g₋)/δ − 2λy, from `guess` on.
 * Source: Munro & Wales, Phys. Rev. B 59, 3969 (1999).
 */
export function* lowestMode(
  x: Float64Array,
  guess: Float64Array,
  options: LowestModeOptions = {},
): Search<LowestMode> {
  const { exactUpTo = 300, zeroModes } = options;
  if (x.length <= exactUpTo) {
    const { hessian } = yield { hessianAt: x };
    if (!tame(hessian!)) return { value: Number.NaN, vector: guess.slice() };
    const { values, vectors } = modeSpectrum(hessian!, zeroModes?.(x));
    const n = x.length;
    let chosen = 0;
    if (options.mode === "overlap") {
      const along = Array.from(values, (_, i) =>
        Math.abs(dot(vectors.data.subarray(i * n, (i + 1) * n), guess)),
      );
      chosen = along.indexOf(Math.max(...along));
    }
    const value = values[chosen]!;
    // Uphill of a minimum close modes take turns as the lowest; the guess's part in their span keeps the direction.
    const span =
      value > 0 ? Array.from(values.keys()).filter((i) => Math.abs(values[i]! - value) <= 0.2 * value) : [];
    let vector: Float64Array = vectors.data.slice(chosen * n, (chosen + 1) * n);
    if (span.length > 1) {
      const inside = new Float64Array(n);
      for (const i of span) {
        const v = vectors.data.subarray(i * n, (i + 1) * n);
        const along = dot(v, guess);
        for (let k = 0; k < n; k++) inside[k]! += along * v[k]!;
      }
      if (norm(inside) > 1e-6 * norm(guess)) vector = unit(inside);
    }
    if (dot(vector, guess) < 0) for (let i = 0; i < n; i++) vector[i] = -vector[i]!;
    return { value, vector };
  }
  const flat = zeroModes?.(x);
  const { distance = 1e-3, rms = 1e-3, maxIterations = 100 } = options;
  const inner = quench(unit(removed(guess.slice(), flat)), { rms, maxIterations, maxStep: 0.5, memory: 10 });
  const moved = new Float64Array(x.length);
  const slope = new Float64Array(x.length);
  let next = inner.next();
  while (!next.done) {
    const y = unit(removed((next.value as Float64Array).slice(), flat));
    const length = norm(next.value as Float64Array);
    for (let i = 0; i < x.length; i++) moved[i] = x[i]! + distance * y[i]!;
    slope.set((yield moved).gradient);
    for (let i = 0; i < x.length; i++) moved[i] = x[i]! - distance * y[i]!;
    const back = (yield moved).gradient;
    for (let i = 0; i < x.length; i++) slope[i] = (slope[i]! - back[i]!) / (2 * distance);
    const value = dot(slope, y);
    for (let i = 0; i < x.length; i++) slope[i] = (2 * (slope[i]! - value * y[i]!)) / length;
    removed(slope, flat);
    const answer: Answer = { value, gradient: slope };
    next = inner.next(answer);
  }
  const vector = unit(removed(next.value.x, flat));
  return { value: next.value.value, vector };
}

function removed(v: Float64Array, flat: Matrix | undefined): Float64Array {
  if (!flat) return v;
  for (let r = 0; r < flat.rows; r++) {
    const z = flat.data.subarray(r * flat.cols, (r + 1) * flat.cols);
    const along = dot(v, z);
    for (let i = 0; i < v.length; i++) v[i]! -= along * z[i]!;
  }
  return v;
}

function unit(v: Float64Array): Float64Array {
  const length = norm(v);
  for (let i = 0; i < v.length; i++) v[i]! /= length;
  return v;
}
