import { demand, UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { type Cell, cell, cubicCell, minimumImage } from "./cell.ts";
import { densityUnit } from "./constants.ts";

/** Beads in a cell; positions n×3, Å. */
export interface Configuration {
  positions: Float64Array;
  cell: Cell;
}

/** The diamond lattice (8 beads a cubic cell of edge `edge` Å, bonds √3/4 of it), `repeats`³ cells. */
export function diamondLattice(edge: number, repeats: number): Configuration {
  const corners = [0, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0];
  return lattice(edge, repeats, [...corners, ...corners.map((s) => s + 0.25)]);
}

/** The face-centred cubic lattice (4 beads a cubic cell of edge `edge` Å), `repeats`³ cells. */
export function fccLattice(edge: number, repeats: number): Configuration {
  return lattice(edge, repeats, [0, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0]);
}

/** The cubic cell that holds `beads` beads of `mass` u at `density` g/cm³. */
export function cellForDensity(beads: number, mass: number, density: number): Cell {
  demand(
    beads > 0 && mass > 0 && density > 0,
    () => `cellForDensity: ${beads} beads of ${mass} u at ${density} g/cm³; expected three numbers above 0`,
  );
  return cubicCell(Math.cbrt((beads * mass * densityUnit) / density));
}

/** Beads on a regular grid in a cell of any shape: as cubic as their number allows, vacant sites chosen at random. */
export function gridStart(options: { beads: number; cell: Cell; random: Random }): Float64Array {
  const { beads, cell: within, random } = options;
  const size = Math.ceil(Math.cbrt(beads) - 1e-9);
  const sites = random
    .permutation(size ** 3)
    .subarray(0, beads)
    .sort();
  const positions = new Float64Array(3 * beads);
  sites.forEach((site, i) => {
    const s = [site % size, Math.floor(site / size) % size, Math.floor(site / size ** 2)].map(
      (n) => (n + 0.5) / size,
    );
    for (let k = 0; k < 3; k++) {
      for (let a = 0; a < 3; a++) positions[3 * i + k]! += s[a]! * within.vectors[3 * a + k]!;
    }
  });
  return positions;
}

/**
 * Beads put at random into a periodic cell, none nearer than `floor` Å to another.
 * @param options.attempts how often one bead is tried before giving up; 10 000 by default.
 * @throws UserError if a bead finds no room: fewer beads, a lower floor or a grid then.
 */
export function randomInsertion(options: {
  beads: number;
  cell: Cell;
  floor: number;
  random: Random;
  attempts?: number;
}): Float64Array {
  const { beads, cell: within, floor, random, attempts = 10_000 } = options;
  const { vectors } = within;
  demand(
    within.periodic.every(Boolean),
    () => "randomInsertion: the cell is open; expected one periodic in all directions",
  );
  const positions = new Float64Array(3 * beads);
  for (let i = 0; i < beads; i++) {
    for (let attempt = 0; ; attempt++) {
      if (attempt === attempts) {
        throw new UserError(
          `randomInsertion: no room for bead ${i} of ${beads} at ${floor} Å from the others after ${attempts} attempts; lower the floor or start from a grid`,
        );
      }
      const [a, b, c] = [random.uniform(), random.uniform(), random.uniform()];
      const at = [0, 1, 2].map((k) => a * vectors[k]! + b * vectors[3 + k]! + c * vectors[6 + k]!);
      if (isFree(positions.subarray(0, 3 * i), at, within, floor)) {
        positions.set(at, 3 * i);
        break;
      }
    }
  }
  return positions;
}

function isFree(placed: Float64Array, at: readonly number[], within: Cell, floor: number): boolean {
  for (let j = 0; j < placed.length; j += 3) {
    const d = minimumImage(within, [placed[j]! - at[0]!, placed[j + 1]! - at[1]!, placed[j + 2]! - at[2]!]);
    if (d[0] ** 2 + d[1] ** 2 + d[2] ** 2 < floor ** 2) return false;
  }
  return true;
}

function lattice(edge: number, repeats: number, basis: readonly number[]): Configuration {
  demand(
    Number.isInteger(repeats) && repeats > 0,
    () => `lattice: ${repeats} repeats; expected a whole number from 1`,
  );
  const positions: number[] = [];
  for (let a = 0; a < repeats; a++) {
    for (let b = 0; b < repeats; b++) {
      for (let c = 0; c < repeats; c++) {
        for (let k = 0; k < basis.length; k += 3) {
          positions.push(edge * (a + basis[k]!), edge * (b + basis[k + 1]!), edge * (c + basis[k + 2]!));
        }
      }
    }
  }
  const span = edge * repeats;
  return { positions: Float64Array.from(positions), cell: cell([span, 0, 0, 0, span, 0, 0, 0, span]) };
}
