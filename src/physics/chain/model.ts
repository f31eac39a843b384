import { demand, UserError } from "../../core/errors.ts";
import { largestRing } from "./basis.ts";

/** A ring of the t–V1–V2 model, as a user names it. Energies in units of J unless J is given. */
export interface ChainOptions {
  /** Sites. */
  L: number;
  /** Particles; default half filling, L/2. */
  N?: number;
  /** Twice the hop amplitude; default 1. The ring is the XXZ ring J(SˣSˣ + SʸSʸ) + V1 SᶻSᶻ + … */
  J?: number;
  /** Repulsion of nearest neighbours. */
  V1: number;
  /** Repulsion of second neighbours. */
  V2: number;
  /** Staggered field h1·Σ(−1)ⁱnᵢ; default 0. h1 > 0 favours the odd sites. */
  h1?: number;
  /** Field h2·Σfᵢnᵢ along `pattern`; default 0. */
  h2?: number;
  /** One period of f; default {@link pinPatterns}.full. Its length divides L. */
  pattern?: readonly number[];
  /** Bond alternation: the hop amplitude of the bond (i, i+1) is J/2 + dJ·(−1)ⁱ; default 0. */
  dJ?: number;
}

/** What of a ring stays the same along a cut through the phase diagram. */
export type RingOptions = Omit<ChainOptions, "V1" | "V2">;

/** A checked ring: field and hop amplitude of every site and bond. */
export interface Ring {
  L: number;
  N: number;
  /** wᵢ = h1·(−1)ⁱ + h2·fᵢ, L of them. */
  field: Float64Array;
  /** aᵢ > 0, the amplitude of the bond (i, i+1): the matrix element is −aᵢ, L of them. */
  hop: Float64Array;
}

/** Pinning fields of the CDW-II phase (two occupied, two empty), one period each. */
export const pinPatterns = {
  /** Picks one of the four CDW-II patterns. */
  full: [1, 1, -1, -1],
  /** The field of the published code: it leaves two of the four patterns degenerate. */
  reference: [1, 0, -1, 0],
} as const;

/**
 * Checks a ring and lays out its fields and bonds.
 * @throws UserError that names the option, its value and what was expected.
 */
export function chainRing(options: RingOptions): Ring {
  const { L, N = L / 2, J = 1, h1 = 0, h2 = 0, pattern = pinPatterns.full, dJ = 0 } = options;
  demand(
    Number.isInteger(L) && L >= 3 && L <= largestRing,
    () => `chain: L = ${L}; expected a whole number of sites from 3 to ${largestRing}`,
  );
  demand(
    Number.isInteger(N) && N >= 1 && N < L,
    () =>
      `chain: N = ${N} particles on L = ${L} sites; expected a whole number from 1 to ${L - 1}${options.N === undefined ? " (half filling needs an even L: give N)" : ""}`,
  );
  for (const [name, value] of Object.entries({ J, h1, h2, dJ })) requireNumber(name, value);
  demand(J > 0, () => `chain: J = ${J}; expected a positive energy`);
  demand(
    Math.abs(dJ) < J / 2,
    () => `chain: dJ = ${dJ} with J = ${J}; expected |dJ| < J/2, so that every bond keeps its sign`,
  );
  demand(
    L % 2 === 0 || (h1 === 0 && dJ === 0),
    () => `chain: h1 = ${h1}, dJ = ${dJ} alternate from site to site and need an even L, got L = ${L}`,
  );
  demand(
    h2 === 0 || (pattern.length > 0 && L % pattern.length === 0),
    () => `chain: pattern [${pattern}] has ${pattern.length} sites, which do not divide L = ${L}`,
  );
  for (const [i, value] of pattern.entries()) requireNumber(`pattern[${i}]`, value);
  const alternate = (i: number) => (i % 2 === 0 ? 1 : -1);
  return {
    L,
    N,
    field: Float64Array.from(
      { length: L },
      (_, i) => h1 * alternate(i) + (h2 === 0 ? 0 : h2 * pattern[i % pattern.length]!),
    ),
    hop: Float64Array.from({ length: L }, (_, i) => J / 2 + dJ * alternate(i)),
  };
}

/** @throws UserError if V1 or V2 is not a finite number. */
export function requireCouplings(V1: number, V2: number): void {
  requireNumber("V1", V1);
  requireNumber("V2", V2);
}

function requireNumber(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new UserError(`chain: ${name} = ${value}; expected a finite number`);
}
