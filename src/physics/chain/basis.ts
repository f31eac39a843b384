import { demand } from "../../core/errors.ts";

/** The occupation-number basis of N hard-core particles on L sites. */
export interface ChainBasis {
  L: number;
  N: number;
  /** C(L, N). */
  count: number;
  /** Occupations as integers, site 0 the most significant of L bits, sorted DESCENDING: 111000 comes first. */
  states: Int32Array;
  /** The place of `state` (N bits set) in `states`. */
  indexOf(state: number): number;
}

/** The largest ring whose basis is enumerated: C(24, 12) = 2 704 156 states. */
export const largestRing = 24;

/**
 * All occupations of N particles on L sites. Site i is bit L−1−i and the order is descending: both are part of the
 * definition of the published data, since the network convolves along this axis (Dawid et al., Mach. Learn.: Sci.
 * Technol. 3, 015002 (2021)). `indexOf` is a sum of two small tables, one a half of the bits (Lin, Phys. Rev. B 42,
 * 6561 (1990)).
 * @throws UserError for a ring that is not 3 to 24 sites, and for N outside 1 … L−1.
 */
export function chainBasis(L: number, N: number = L / 2): ChainBasis {
  demand(
    Number.isInteger(L) && L >= 3 && L <= largestRing,
    () => `chainBasis: L = ${L}; expected a whole number of sites from 3 to ${largestRing}`,
  );
  demand(
    Number.isInteger(N) && N >= 1 && N < L,
    () => `chainBasis: N = ${N} particles on L = ${L} sites; expected a whole number from 1 to ${L - 1}`,
  );
  const states = occupations(L, N);
  const low = L >> 1;
  const lowMask = 2 ** low - 1;
  const byHigh = new Int32Array(2 ** (L - low)).fill(-1);
  const byLow = new Int32Array(2 ** low);
  let lowCount = 0;
  states.forEach((state, index) => {
    const high = state >>> low;
    if (byHigh[high] === -1) {
      byHigh[high] = index;
      lowCount = 0;
    }
    byLow[state & lowMask] = lowCount++;
  });
  return {
    L,
    N,
    count: states.length,
    states,
    indexOf: (state) => byHigh[state >>> low]! + byLow[state & lowMask]!,
  };
}

/** Is site `i` of an L-site ring occupied in `state`? 0 or 1; any integer `i`, the ring closes. */
export function occupation(state: number, i: number, L: number): number {
  return (state >>> (L - 1 - (((i % L) + L) % L))) & 1;
}

/** Integers with N of L bits set, descending (Gosper's next combination, upwards from the back). */
function occupations(L: number, N: number): Int32Array {
  let count = 1;
  for (let k = 1; k <= N; k++) count = (count * (L - N + k)) / k;
  const states = new Int32Array(Math.round(count));
  let state = 2 ** N - 1;
  for (let index = states.length - 1; index >= 0; index--) {
    states[index] = state;
    const lowest = state & -state;
    const ripple = state + lowest;
    state = ripple | (((state ^ ripple) >>> 2) / lowest);
  }
  return states;
}
