import { demand, UserError } from "../../core/errors.ts";
import { type ChainBasis, chainBasis } from "./basis.ts";
import { lowestPairs } from "./block-lanczos.ts";
import { applyHamiltonian, type DiagonalParts, diagonalOf, diagonalParts } from "./hamiltonian.ts";
import { type ChainOptions, chainRing, type Ring, type RingOptions, requireCouplings } from "./model.ts";
import { lowestPositivePair } from "./noda.ts";
import { applySector, type ChainSector, chainSector, unfold } from "./sector.ts";
import { ringSymmetries } from "./symmetry.ts";

/** The ground state of a ring at one (V1, V2). */
export interface GroundState {
  /** Energy per ring, in the unit of J. */
  energy: number;
  /** Amplitudes over the whole basis, none negative, Σψ² = 1; order of {@link chainBasis}. */
  amplitudes: Float64Array;
  /** ‖Hψ − Eψ‖ over the whole basis, which knows nothing of the symmetry used. */
  residual: number;
  method: "Noda iteration in the symmetric sector" | "block Lanczos in the symmetric sector";
}

export interface SolverOptions {
  /**
   * Sectors up to this size are solved densely (n³/6 a step; amplitudes to 1e-11 even in a doublet split by 1e-6),
   * larger ones by block Lanczos (to 1e-7 in such a doublet, else as good). Default 400: dense up to L = 14.
   */
  denseLimit?: number;
  /** Use the exchange of particles and holes too (half filling): half the size. Default true. */
  exchange?: boolean;
}

/** Ground states of one ring with its fields and bonds, for as many (V1, V2) as are asked for. */
export interface GroundStateSolver {
  ring: Ring;
  basis: ChainBasis;
  sector: ChainSector;
  /** @throws UserError for a coupling that is not finite, or if no state with a small residual was found. */
  solve(couplings: { V1: number; V2: number }): GroundState;
}

/**
 * Prepares a ring once (basis, symmetries, hops between orbits) and solves it for many couplings. Each state is
 * computed from the same start, whatever was solved before.
 * @throws UserError for a ring that does not exist, by option.
 */
export function groundStateSolver(options: RingOptions, how: SolverOptions = {}): GroundStateSolver {
  const { denseLimit = 400, exchange = true } = how;
  const ring = chainRing(options);
  const basis = chainBasis(ring.L, ring.N);
  const group = ringSymmetries(ring, { exchange });
  const sector = chainSector(ring, basis, group);
  const parts = diagonalParts(ring, basis.states);
  const siblings = Math.max(2, (4 * ring.L) / group.length);
  return {
    ring,
    basis,
    sector,
    solve({ V1, V2 }) {
      requireCouplings(V1, V2);
      const { origin, values } = diagonalOf(sector.diagonal, V1, V2);
      const dense = sector.size <= denseLimit;
      const vector = dense ? byNoda(sector, values) : byLanczos(sector, values, siblings);
      const amplitudes = unfold(sector, vector);
      positive(amplitudes);
      const check = residualOf(ring, basis, parts, { V1, V2, origin }, amplitudes);
      const limit = 1e-11 * (1 + ring.L * (Math.abs(V1) + Math.abs(V2) + 1));
      demand(
        check.residual <= limit,
        () =>
          `groundState: residual ${check.residual.toExponential(2)} at V1 = ${V1}, V2 = ${V2}, L = ${ring.L}; expected at most ${limit.toExponential(2)}`,
      );
      return {
        energy: origin + check.energy,
        amplitudes,
        residual: check.residual,
        method: dense ? "Noda iteration in the symmetric sector" : "block Lanczos in the symmetric sector",
      };
    },
  };
}

/**
 * The ground state of
 * H = −Σᵢ aᵢ(|hop i↔i+1| + h.c.) + V1 Σᵢ (nᵢ−½)(nᵢ₊₁−½) + V2 Σᵢ (nᵢ−½)(nᵢ₊₂−½) + Σᵢ wᵢnᵢ,
 * aᵢ = J/2 + dJ(−1)ⁱ, wᵢ = h1(−1)ⁱ + h2 fᵢ, on a ring of L sites with N particles. It has no node: every amplitude
 * is ≥ 0. For many couplings of one ring use {@link groundStateSolver}. Source of the model: Mishra, Carrasquilla &
 * Rigol, Phys. Rev. B 84, 115135 (2011); of these conventions: Dawid et al., Mach. Learn.: Sci. Technol. 3, 015002.
 * @throws UserError that names the option, its value and what was expected.
 */
export function groundState(options: ChainOptions, how: SolverOptions = {}): GroundState {
  return groundStateSolver(options, how).solve(options);
}

function byNoda(sector: ChainSector, diagonal: Float64Array): Float64Array {
  const { size, start, column, hop, orbitSize } = sector;
  return lowestPositivePair({ size, diagonal, start, column, value: hop }, orbitSize.map(Math.sqrt)).vector;
}

function byLanczos(sector: ChainSector, diagonal: Float64Array, siblings: number): Float64Array {
  const { size, orbitSize, diagonal: parts } = sector;
  // The uniform state and its products with powers of the pin reach every ordered state that the pin tells apart.
  const scale = parts.pin.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  const first = [orbitSize.map(Math.sqrt)];
  while (scale > 0 && first.length < siblings) {
    first.push(first.at(-1)!.map((value, a) => (value * parts.pin[a]!) / scale));
  }
  const { vectors } = lowestPairs({ size, first, apply: (x, y) => applySector(sector, diagonal, x, y) });
  return vectors[0]!;
}

/** Turns the sign so that the state is positive; tiny negatives of rounding become 0. */
function positive(amplitudes: Float64Array): void {
  const sign = amplitudes.reduce((sum, a) => sum + a, 0) < 0 ? -1 : 1;
  for (let s = 0; s < amplitudes.length; s++) {
    const value = sign * amplitudes[s]!;
    if (value < -1e-9) {
      throw new UserError(`groundState: amplitude ${value} of state ${s}; the ground state has no node`);
    }
    amplitudes[s] = Math.max(0, value);
  }
}

function residualOf(
  ring: Ring,
  basis: ChainBasis,
  parts: DiagonalParts,
  at: { V1: number; V2: number; origin: number },
  amplitudes: Float64Array,
): { energy: number; residual: number } {
  const diagonal = new Float64Array(basis.count);
  for (let s = 0; s < basis.count; s++) {
    diagonal[s] = at.V1 * parts.first[s]! + at.V2 * parts.second[s]! - at.origin + parts.pin[s]!;
  }
  const image = applyHamiltonian(ring, basis, diagonal, amplitudes);
  let energy = 0;
  for (let s = 0; s < image.length; s++) energy += amplitudes[s]! * image[s]!;
  let sum = 0;
  for (let s = 0; s < image.length; s++) sum += (image[s]! - energy * amplitudes[s]!) ** 2;
  return { energy, residual: Math.sqrt(sum) };
}
