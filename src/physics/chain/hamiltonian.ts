import { type ChainBasis, occupation } from "./basis.ts";
import type { Ring } from "./model.ts";

/** The parts of the diagonal of H, one value a basis state. */
export interface DiagonalParts {
  /** Σᵢ (nᵢ − ½)(nᵢ₊₁ − ½), an exact multiple of ¼. */
  first: Float64Array;
  /** Σᵢ (nᵢ − ½)(nᵢ₊₂ − ½). */
  second: Float64Array;
  /** Σᵢ wᵢnᵢ, the pinning energy. */
  pin: Float64Array;
}

/** The parts of the diagonal for the given occupations (integers, site 0 the most significant bit). */
export function diagonalParts(ring: Ring, states: Int32Array): DiagonalParts {
  const { L, field } = ring;
  const first = new Float64Array(states.length);
  const second = new Float64Array(states.length);
  const pin = new Float64Array(states.length);
  const n = new Float64Array(L + 2);
  states.forEach((state, index) => {
    for (let i = 0; i < L + 2; i++) n[i] = occupation(state, i, L);
    let a = 0;
    let b = 0;
    let w = 0;
    for (let i = 0; i < L; i++) {
      a += (n[i]! - 0.5) * (n[i + 1]! - 0.5);
      b += (n[i]! - 0.5) * (n[i + 2]! - 0.5);
      w += field[i]! * n[i]!;
    }
    first[index] = a;
    second[index] = b;
    pin[index] = w;
  });
  return { first, second, pin };
}

/**
 * The diagonal of H as `origin` + `values`, origin the smallest interaction energy V1·A + V2·B. The difference is
 * taken between the exact quarter integers A and B, so that low-lying states keep a full-precision diagonal of the
 * order of the pinning field however large V1 is: the pinned ground state at V1 = 40 hangs on 1e-6 beside 120.
 */
export function diagonalOf(
  parts: DiagonalParts,
  V1: number,
  V2: number,
): { origin: number; values: Float64Array } {
  const { first, second, pin } = parts;
  let lowest = 0;
  let origin = Number.POSITIVE_INFINITY;
  for (let s = 0; s < first.length; s++) {
    const energy = V1 * first[s]! + V2 * second[s]!;
    if (energy < origin) {
      origin = energy;
      lowest = s;
    }
  }
  const a = first[lowest]!;
  const b = second[lowest]!;
  const values = new Float64Array(first.length);
  for (let s = 0; s < values.length; s++) {
    values[s] = V1 * (first[s]! - a) + V2 * (second[s]! - b) + pin[s]!;
  }
  return { origin, values };
}

/**
 * y = (diagonal + hops)·x over the whole basis, nothing stored but the vectors:
 * H = −Σᵢ aᵢ(|hop i↔i+1| + h.c.) + diagonal. Every hop element is −aᵢ: the fermion signs are dropped, which makes
 * the ring one of hard-core bosons (for an even number of fermions: antiperiodic boundary).
 */
export function applyHamiltonian(
  ring: Ring,
  basis: ChainBasis,
  diagonal: Float64Array,
  x: Float64Array,
  y: Float64Array = new Float64Array(x.length),
): Float64Array {
  const { L, hop } = ring;
  const { states } = basis;
  for (let s = 0; s < states.length; s++) y[s] = diagonal[s]! * x[s]!;
  for (let i = 0; i < L; i++) {
    const bit = 1 << (L - 1 - i);
    const next = 1 << (L - 1 - ((i + 1) % L));
    const both = bit | next;
    const amplitude = hop[i]!;
    for (let s = 0; s < states.length; s++) {
      const state = states[s]!;
      if ((state & both) !== bit) continue;
      const other = basis.indexOf(state ^ both);
      y[other]! -= amplitude * x[s]!;
      y[s]! -= amplitude * x[other]!;
    }
  }
  return y;
}
