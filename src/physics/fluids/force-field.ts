import type { Cell } from "./cell.ts";
import { type PairList, pairList } from "./pair-list.ts";

/** Energies in kcal/mol, forces in kcal/mol/Å, and the virial, summed over whatever fields were added. */
export interface Interactions {
  /** Sum of the two-body terms. */
  pairEnergy: number;
  /** Sum of the three-body terms. */
  tripletEnergy: number;
  /** Energy that is no sum of terms of one order, such as the square root of a density. */
  collectiveEnergy: number;
  /** beads×3. */
  forces: Float64Array;
  /** W_ab = Σ r_a f_b = −∂E/∂ε_ab for a homogeneous strain ε, row-major 3×3, kcal/mol. */
  virial: Float64Array;
}

/**
 * A potential of identical beads whose many-body content is known: E = Σ V₂(r) + Σ V₃(r₁₂, r₁₃, r₂₃) + …, every term
 * a term of the Möbius expansion of E in clusters.
 */
export interface ForceField {
  name: string;
  /** Beads farther apart than this, Å, do not feel each other directly. */
  cutoff: number;
  /** Terms of higher order than this vanish. */
  highestOrder: 2 | 3 | typeof Number.POSITIVE_INFINITY;
  /** V₂ of a dimer, kcal/mol. */
  pairTerm(r: number): number;
  /** V₃ of a trimer with these three distances: its energy less those of its dimers, kcal/mol. */
  tripletTerm(r12: number, r13: number, r23: number): number;
  /** Adds the energies, forces and virial at `positions` to `out`. `pairs` may hold pairs beyond the cutoff. */
  accumulate(positions: Float64Array, pairs: PairList, out: Interactions): void;
}

/** Nothing yet, for `beads` beads. */
export function noInteractions(beads: number): Interactions {
  return {
    pairEnergy: 0,
    tripletEnergy: 0,
    collectiveEnergy: 0,
    forces: new Float64Array(3 * beads),
    virial: new Float64Array(9),
  };
}

/** Sets `out` back to nothing. */
export function clearInteractions(out: Interactions): void {
  out.pairEnergy = 0;
  out.tripletEnergy = 0;
  out.collectiveEnergy = 0;
  out.forces.fill(0);
  out.virial.fill(0);
}

/** The total energy, kcal/mol. */
export function totalEnergy(of: Interactions): number {
  return of.pairEnergy + of.tripletEnergy + of.collectiveEnergy;
}

/**
 * Energies by order, forces and virial of one frame (positions n×3, Å).
 * @throws UserError for a cell narrower than twice the cutoff, positions that are not finite, and beads nearer than
 * `options.floor` (0.5 Å by default).
 */
export function evaluate(
  field: ForceField,
  frame: { positions: Float64Array; cell: Cell },
  options: { floor?: number } = {},
): Interactions {
  const out = noInteractions(frame.positions.length / 3);
  field.accumulate(frame.positions, pairList(frame.positions, frame.cell, field.cutoff, options), out);
  return out;
}

/** Adds the force of pair i–j to forces and virial: `push` is −(dE/dr)/r and (x, y, z) points from i to j. */
export function addPairForce(
  out: Interactions,
  i: number,
  j: number,
  x: number,
  y: number,
  z: number,
  push: number,
): void {
  addForceBetween(out, i, j, x, y, z, push * x, push * y, push * z);
}

/** Adds the force (fx, fy, fz) on j and its opposite on i, with the virial of (x, y, z), which points from i to j. */
export function addForceBetween(
  { forces, virial }: Pick<Interactions, "forces" | "virial">,
  i: number,
  j: number,
  x: number,
  y: number,
  z: number,
  fx: number,
  fy: number,
  fz: number,
): void {
  forces[3 * i]! -= fx;
  forces[3 * i + 1]! -= fy;
  forces[3 * i + 2]! -= fz;
  forces[3 * j]! += fx;
  forces[3 * j + 1]! += fy;
  forces[3 * j + 2]! += fz;
  virial[0]! += x * fx;
  virial[1]! += x * fy;
  virial[2]! += x * fz;
  virial[3]! += y * fx;
  virial[4]! += y * fy;
  virial[5]! += y * fz;
  virial[6]! += z * fx;
  virial[7]! += z * fy;
  virial[8]! += z * fz;
}
