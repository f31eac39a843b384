import { demand } from "../../core/errors.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { matrix } from "../../linalg/matrix.ts";
import { chainBasis } from "./basis.ts";
import { lowestPairs } from "./block-lanczos.ts";
import { applyHamiltonian, diagonalOf, diagonalParts } from "./hamiltonian.ts";
import { type ChainOptions, chainRing, type RingOptions, requireCouplings } from "./model.ts";
import { applySector, type ChainSector, type Characters, chainSector } from "./sector.ts";
import { ringSymmetries } from "./symmetry.ts";

const denseLimit = 160;

/** The lowest levels of one symmetry sector of a ring, for as many couplings as are asked for. */
export interface LevelSolver {
  sector: ChainSector;
  /** The `count` lowest energies, lowest first. */
  levels(couplings: { V1: number; V2: number }, count: number): Float64Array;
}

/**
 * Energies in a symmetry sector: `characters` says how its states answer to the ring's symmetries (default: fully
 * symmetric, the ground state's sector).
 * @throws UserError for a ring that does not exist, or that lacks a symmetry whose character is asked to be −1.
 */
export function levelSolver(ring: RingOptions, characters: Characters = {}): LevelSolver {
  const checked = chainRing(ring);
  const group = ringSymmetries(checked);
  const has = {
    shift: group.some((g) => g.shift % 2 === 1 && !g.reflect && !g.exchange),
    reflect: group.some((g) => g.reflect),
    exchange: group.some((g) => g.exchange && !g.reflect && g.shift === 0),
  };
  for (const name of ["shift", "reflect", "exchange"] as const) {
    demand(
      characters[name] !== -1 || has[name],
      () =>
        `levelSolver: this ring has no symmetry '${name}' (L = ${checked.L}, N = ${checked.N}), so no sector of character −1`,
    );
  }
  const sector = chainSector(checked, chainBasis(checked.L, checked.N), group, characters);
  return {
    sector,
    levels({ V1, V2 }, count) {
      requireCouplings(V1, V2);
      demand(
        Number.isInteger(count) && count >= 1 && count <= sector.size,
        () => `levelSolver: ${count} levels asked of a sector of ${sector.size} states`,
      );
      const { origin, values } = diagonalOf(sector.diagonal, V1, V2);
      return sectorLevels(sector, values, count).map((value) => origin + value);
    },
  };
}

/** Energy gaps of a ring. */
export interface EnergyGap {
  /** E₁ − E₀, the two lowest levels of all states with N particles; 0 for a degenerate ground state. */
  gap: number;
  /** The same within the fully symmetric sector of the ring with its fields. */
  symmetricGap: number;
  energy: number;
}

/**
 * The energy gap at fixed particle number. `gap` may belong to any momentum; with a pinning field it is at most the
 * splitting of the ordered states that the field does not reach. `symmetricGap` is the gap that a perturbation with
 * the ring's symmetries couples to: with h1 it becomes the tiny splitting of the two CDW-I patterns (1e-6 at V1 = 30).
 * Errors of about 1e-13·‖H‖.
 */
export function energyGap(options: ChainOptions): EnergyGap {
  const { V1, V2 } = options;
  const symmetric = levelSolver(options);
  const inner = symmetric.sector.size > 1 ? symmetric.levels({ V1, V2 }, 2) : undefined;
  const ring = chainRing(options);
  const basis = chainBasis(ring.L, ring.N);
  const { values: diagonal } = diagonalOf(diagonalParts(ring, basis.states), V1, V2);
  const full = lowestPairs({
    size: basis.count,
    first: spreadVectors(basis.count, Math.min(6, basis.count)),
    count: 2,
    tolerance: 1e-11,
    apply: (x, y) => applyHamiltonian(ring, basis, diagonal, x, y),
  });
  const [lowest, second] = inner ?? [Number.NaN, Number.NaN];
  return {
    gap: full.values[1]! - full.values[0]!,
    symmetricGap: inner ? second! - lowest! : Number.NaN,
    energy: lowest!,
  };
}

function sectorLevels(sector: ChainSector, diagonal: Float64Array, count: number): Float64Array {
  const { size, start, column, hop } = sector;
  if (size <= denseLimit) {
    const dense = matrix(size, size);
    for (let a = 0; a < size; a++) {
      dense.data[a * size + a]! += diagonal[a]!;
      for (let k = start[a]!; k < start[a + 1]!; k++) dense.data[a * size + column[k]!]! += hop[k]!;
    }
    const { values } = eigenSymmetric(dense);
    return Float64Array.from({ length: count }, (_, k) => values[size - 1 - k]!);
  }
  return lowestPairs({
    size,
    first: spreadVectors(size, count + 2),
    count,
    apply: (x, y) => applySector(sector, diagonal, x, y),
  }).values;
}

/** Start vectors without a symmetry: multiples of irrational numbers modulo 1, the same every time. */
function spreadVectors(size: number, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, k) => {
    const step = Math.sqrt([2, 3, 5, 7, 11, 13, 17, 19][k % 8]! + 8 * Math.floor(k / 8));
    return Float64Array.from({ length: size }, (_, i) => (((i + 1) * step) % 1) - (k === 0 ? 0 : 0.5));
  });
}
