import type { Matrix } from "../../linalg/matrix.ts";
import { dot, norm } from "../vector.ts";
import type { Search } from "./search.ts";
import { type ModeSpectrum, modeSpectrum, tame } from "./spectrum.ts";

export interface CertifyOptions {
  /** Negative eigenvalues that the point must have: 0 for a minimum, 1 for a transition state. */
  index: number;
  /** Directions that symmetry makes flat, at a point. */
  zeroModes?: (x: Float64Array) => Matrix;
  /** What a coordinate is called where a flat direction is refused; default "coordinate 3". */
  coordinateName?: (i: number) => string;
  /** |g|/√n has to be at most this; default 1e-9. */
  rms?: number;
  /** An eigenvalue of at most this size counts as flat, and the point is refused; default 1e-7. */
  zeroCut?: number;
  /** Newton steps at most; default 8. */
  steps?: number;
  /** A Newton step longer than this means that the point was not close; default 0.1. */
  maxStep?: number;
}

/** A stationary point with the spectrum that proves its index. */
export interface StationaryPoint {
  x: Float64Array;
  value: number;
  /** |g|/√n. */
  rms: number;
  /** Negative eigenvalues. */
  index: number;
  /** The lowest eigenvalue, zero modes apart. */
  lowest: number;
  /** Σ ln λ over the positive eigenvalues. */
  logProduct: number;
  /** Directions that symmetry makes flat. */
  zeroModes: number;
}

export type Certified =
  | { ok: true; point: StationaryPoint; vector: Float64Array; spectrum: ModeSpectrum }
  | {
      ok: false;
      reason: "flat" | "wrong index" | "not stationary";
      detail: string;
      /** Where a wrong index was found, and its spectrum. */
      at?: { x: Float64Array; value: number; spectrum: ModeSpectrum };
    };

/**
 * Takes a nearly stationary point to machine accuracy by Newton steps in the space of the non-zero modes,
 * x ← x − Σ (g·v_i/λ_i) v_i, and certifies it: |g|/√n ≤ `rms`, exactly `index` eigenvalues below −`zeroCut`, and none
 * within ±`zeroCut` but those that symmetry dictates, from the full spectrum. Refusals are values and not errors: a
 * search meets many of them.
 */
export function* certify(start: Float64Array, options: CertifyOptions): Search<Certified> {
  const {
    index,
    zeroModes,
    coordinateName = (i) => `coordinate ${i}`,
    rms = 1e-9,
    zeroCut = 1e-7,
    steps = 8,
    maxStep = 0.1,
  } = options;
  const n = start.length;
  const x = start.slice();
  for (let step = 0; ; step++) {
    const answer = yield x;
    const gradient = answer.gradient.slice();
    const value = answer.value;
    const size = norm(gradient) / Math.sqrt(n);
    const { hessian } = yield { hessianAt: x };
    if (!tame(hessian!)) {
      return { ok: false, reason: "not stationary", detail: "second derivatives that are not finite" };
    }
    const spectrum = modeSpectrum(hessian!, zeroModes?.(x));
    const { values, vectors } = spectrum;
    const negative = values.reduce((count, value) => count + (value < -zeroCut ? 1 : 0), 0);
    const flat = values.findIndex((value) => Math.abs(value) <= zeroCut);
    if (flat >= 0) {
      return {
        ok: false,
        reason: "flat",
        detail: flatDirection(values[flat]!, row(vectors, flat), coordinateName),
      };
    }
    if (negative !== index) {
      const detail = `index ${negative}, expected ${index}`;
      return { ok: false, reason: "wrong index", detail, at: { x, value, spectrum } };
    }
    if (size <= rms) {
      let logProduct = 0;
      for (const value of values) if (value > 0) logProduct += Math.log(value);
      const { zeroModes: k } = spectrum;
      const point = { x, value, rms: size, index, lowest: values[0]!, logProduct, zeroModes: k };
      return { ok: true, point, vector: row(vectors, 0).slice(), spectrum };
    }
    const move = newtonStep(gradient, spectrum);
    const far = norm(move) > maxStep;
    if (far || step >= steps) {
      const detail = `|g|/√n = ${size.toExponential(2)} after ${step} Newton steps`;
      return { ok: false, reason: "not stationary", detail };
    }
    for (let i = 0; i < n; i++) x[i]! += move[i]!;
  }
}

function newtonStep(gradient: Float64Array, { values, vectors }: ModeSpectrum): Float64Array {
  const move = new Float64Array(gradient.length);
  for (let m = 0; m < values.length; m++) {
    const v = row(vectors, m);
    const amount = -dot(gradient, v) / values[m]!;
    for (let i = 0; i < move.length; i++) move[i]! += amount * v[i]!;
  }
  return move;
}

function row(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}

/** Names the coordinates that a flat direction moves most. */
function flatDirection(value: number, v: Float64Array, nameOf: (i: number) => string): string {
  const order = Array.from(v.keys()).sort((i, j) => Math.abs(v[j]!) - Math.abs(v[i]!));
  const parts = order.slice(0, 3).map((i) => `${v[i]!.toFixed(2)} of ${nameOf(i)}`);
  return `eigenvalue ${value.toExponential(1)} along ${parts.join(", ")}; add a term that curves this direction, such as regularisation`;
}
