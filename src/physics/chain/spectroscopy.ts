import { demand } from "../../core/errors.ts";
import { levelSolver } from "./levels.ts";

/** The three lowest excitations whose order tells the phase of a half-filled ring, above its ground state. */
export interface Excitations {
  /** One particle more or less (S^z = ±1 of the XXZ ring). Lowest in the Luttinger liquid. */
  doublet: number;
  /** Momentum π, even under reflection, odd under particle–hole exchange: lowest in CDW-I. */
  neel: number;
  /** Momentum π, odd under reflection, even under particle–hole exchange: lowest in the bond-ordered phase. */
  dimer: number;
}

/** The excitations of one ring for many couplings. */
export type ExcitationSolver = (couplings: { V1: number; V2: number }) => Excitations;

/**
 * Excitation energies by symmetry. Momentum and parities are those of this sign-free gauge, in which the ground states
 * of N and of N ± 1 particles are nodeless and thus fully symmetric. Method of level spectroscopy: Nomura & Okamoto,
 * J. Phys. A 27, 5773 (1994): where the doublet meets the Néel (dimer) level, the logarithmic corrections of the
 * Kosterlitz–Thouless transition cancel. On V2 = 0 doublet and Néel level are one SU(2) triplet at V1 = J, exactly, for
 * every L.
 * @throws UserError for an odd L.
 */
export function excitationSolver(L: number, J = 1): ExcitationSolver {
  demand(L % 2 === 0, () => `excitationSolver: half filling needs an even L, got ${L}`);
  const ground = levelSolver({ L, J });
  const charged = levelSolver({ L, J, N: L / 2 + 1 });
  const neel = levelSolver({ L, J }, { shift: -1, exchange: -1 });
  const dimer = levelSolver({ L, J }, { shift: -1, reflect: -1 });
  return (at) => {
    const lowest = ground.levels(at, 1)[0]!;
    return {
      doublet: charged.levels(at, 1)[0]! - lowest,
      neel: neel.levels(at, 1)[0]! - lowest,
      dimer: dimer.levels(at, 1)[0]! - lowest,
    };
  };
}

/**
 * The coupling at which two excitations cross on one ring: a root of their difference by bisection, to 1e-10.
 * @throws UserError if the difference has one sign over `between`.
 */
export function levelCrossing(
  solver: ExcitationSolver,
  options: {
    levels: readonly [keyof Excitations, keyof Excitations];
    along: "V1" | "V2";
    /** The other coupling. */
    fixed: number;
    between: readonly [number, number];
  },
): number {
  const { levels, along, fixed, between } = options;
  const other = along === "V1" ? "V2" : "V1";
  const difference = (value: number) => {
    const found = solver({ [along]: value, [other]: fixed } as { V1: number; V2: number });
    return found[levels[0]] - found[levels[1]];
  };
  let [low, high] = between;
  const atLow = difference(low);
  const atHigh = difference(high);
  demand(
    atLow * atHigh <= 0,
    () =>
      `levelCrossing: ${levels[0]} − ${levels[1]} is ${atLow} at ${along} = ${low} and ${atHigh} at ${high}; expected a change of sign`,
  );
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (difference(middle) * atLow > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
