import { addForceBetween, type Interactions } from "./force-field.ts";
import type { Stars } from "./star.ts";

/** Arrays that are filled again at every step. */
export interface TripletScratch {
  /** Gradient of the energy with respect to the vector of each spoke. */
  gradient: Float64Array;
  /** Unit vectors, damping, its slope and 1/r of the spokes of one bead: the inner loop reads them in a row. */
  packed: Float64Array;
}

/**
 * Σ_i Σ_{j<k} s·(cos θ_jik − c₀)² g_ij g_ik over the stars, with `damping` g and its derivative given per pair, and
 * the gradient with respect to the vector of every spoke, three a spoke, in `scratch.gradient`. @returns the energy.
 */
export function triplets(
  stars: Stars,
  damping: Float64Array,
  dampingSlope: Float64Array,
  strength: number,
  cosTheta0: number,
  scratch: TripletScratch,
): number {
  const { starts, pair, sign, unit, r } = stars;
  const beads = starts.length - 1;
  const spokes = starts[beads]!;
  if (scratch.gradient.length < 3 * spokes) scratch.gradient = new Float64Array(4 * spokes);
  const { gradient } = scratch;
  gradient.fill(0, 0, 3 * spokes);
  let energy = 0;
  for (let i = 0; i < beads; i++) {
    const from = starts[i]!;
    const size = starts[i + 1]! - from;
    if (scratch.packed.length < 6 * size) scratch.packed = new Float64Array(12 * size);
    const { packed } = scratch;
    for (let a = 0; a < size; a++) {
      const p = pair[from + a]!;
      const s = sign[from + a]!;
      const at = 6 * a;
      packed[at] = s * unit[3 * p]!;
      packed[at + 1] = s * unit[3 * p + 1]!;
      packed[at + 2] = s * unit[3 * p + 2]!;
      packed[at + 3] = damping[p]!;
      packed[at + 4] = dampingSlope[p]!;
      packed[at + 5] = 1 / r[p]!;
    }
    for (let a = 0; a < size; a++) {
      const ux = packed[6 * a]!;
      const uy = packed[6 * a + 1]!;
      const uz = packed[6 * a + 2]!;
      const g = strength * packed[6 * a + 3]!;
      const gSlope = strength * packed[6 * a + 4]!;
      const inverse = packed[6 * a + 5]!;
      let fx = 0;
      let fy = 0;
      let fz = 0;
      for (let b = a + 1; b < size; b++) {
        const vx = packed[6 * b]!;
        const vy = packed[6 * b + 1]!;
        const vz = packed[6 * b + 2]!;
        const h = packed[6 * b + 3]!;
        const c = ux * vx + uy * vy + uz * vz;
        const t = c - cosTheta0;
        const screened = t * g * h;
        energy += t * screened;
        // ∂φ₃/∂cos θ over the length of each spoke, and ∂φ₃/∂r along it.
        const bend = 2 * screened;
        const bendA = bend * inverse;
        const bendB = bend * packed[6 * b + 5]!;
        const alongA = t * t * gSlope * h - bendA * c;
        const alongB = t * t * g * packed[6 * b + 4]! - bendB * c;
        fx += alongA * ux + bendA * vx;
        fy += alongA * uy + bendA * vy;
        fz += alongA * uz + bendA * vz;
        const at = 3 * (from + b);
        gradient[at]! += alongB * vx + bendB * ux;
        gradient[at + 1]! += alongB * vy + bendB * uy;
        gradient[at + 2]! += alongB * vz + bendB * uz;
      }
      const at = 3 * (from + a);
      gradient[at]! += fx;
      gradient[at + 1]! += fy;
      gradient[at + 2]! += fz;
    }
  }
  return energy;
}

/**
 * Adds forces and virial of an energy given by ∂E/∂r of every pair (`slopes`) and its gradient with respect to every
 * spoke's vector (`spokes`).
 */
export function addVertexForces(
  stars: Stars,
  slopes: Float64Array | undefined,
  spokes: Float64Array | undefined,
  out: Interactions,
): void {
  const { starts, pair, sign, neighbour, unit, r } = stars;
  const beads = starts.length - 1;
  for (let i = 0; i < beads; i++) {
    for (let e = starts[i]!; e < starts[i + 1]!; e++) {
      const p = pair[e]!;
      const s = sign[e]!;
      const ux = s * unit[3 * p]!;
      const uy = s * unit[3 * p + 1]!;
      const uz = s * unit[3 * p + 2]!;
      const along = slopes !== undefined && s === 1 ? slopes[p]! : 0;
      const fx = -along * ux - (spokes === undefined ? 0 : spokes[3 * e]!);
      const fy = -along * uy - (spokes === undefined ? 0 : spokes[3 * e + 1]!);
      const fz = -along * uz - (spokes === undefined ? 0 : spokes[3 * e + 2]!);
      const length = r[p]!;
      addForceBetween(out, i, neighbour[e]!, length * ux, length * uy, length * uz, fx, fy, fz);
    }
  }
}
