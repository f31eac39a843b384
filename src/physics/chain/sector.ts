import { demand } from "../../core/errors.ts";
import type { ChainBasis } from "./basis.ts";
import { type DiagonalParts, diagonalParts } from "./hamiltonian.ts";
import type { Ring } from "./model.ts";
import { applySymmetry, type RingSymmetry } from "./symmetry.ts";

/** How states of a sector answer to the generators of its symmetry group: +1 or −1 each. Default +1. */
export interface Characters {
  /** Translation by one site: −1 is momentum π. */
  shift?: 1 | -1;
  /** Reflection i → −i about a site. */
  reflect?: 1 | -1;
  /** Exchange of particles and holes. */
  exchange?: 1 | -1;
}

/**
 * H within one symmetry sector. Basis vector a is |a⟩ = |a|^(−½) Σ ±|s⟩ over the |a| states s of an orbit, so that
 * H_ab = √(|a|/|b|)·Σ of the hops from the representative of a into b, in compressed rows; only the diagonal depends
 * on V1 and V2.
 */
export interface ChainSector {
  ring: Ring;
  basis: ChainBasis;
  /** Number of orbits that carry the characters. */
  size: number;
  /** |a|, states an orbit. */
  orbitSize: Float64Array;
  /** Orbit of every basis state, −1 where its orbit carries no state of these characters. */
  orbitOf: Int32Array;
  /** ±1 for every basis state: its sign within its orbit. */
  sign: Int8Array;
  /** Row a is entries start[a] … start[a+1]−1 of `column` and `hop`. */
  start: Int32Array;
  column: Int32Array;
  hop: Float64Array;
  diagonal: DiagonalParts;
}

/**
 * The sector of `group` with the given characters, by default the fully symmetric one, which holds the ground state:
 * all off-diagonal elements are negative, so the ground state has no node (Perron–Frobenius) and every symmetry
 * leaves it as it is.
 * @throws UserError if the group has no character of that kind (a −1 under a translation that closes after an odd
 * number of steps) or no state carries it.
 */
export function chainSector(
  ring: Ring,
  basis: ChainBasis,
  group: readonly RingSymmetry[],
  characters: Characters = {},
): ChainSector {
  const { L } = ring;
  const { shift = 1, reflect = 1, exchange = 1 } = characters;
  demand(shift === 1 || L % 2 === 0, () => `chainSector: momentum π needs an even ring, got L = ${L}`);
  const weight = (g: RingSymmetry) =>
    (shift === -1 && g.shift % 2 === 1 ? -1 : 1) * (g.reflect ? reflect : 1) * (g.exchange ? exchange : 1);
  const weights = group.map(weight);
  const orbitOf = new Int32Array(basis.count).fill(-2);
  const sign = new Int8Array(basis.count);
  const representatives: number[] = [];
  const sizes: number[] = [];
  for (let s = 0; s < basis.count; s++) {
    if (orbitOf[s] !== -2) continue;
    const members: number[] = [];
    let carried = true;
    group.forEach((g, k) => {
      const image = basis.indexOf(applySymmetry(g, basis.states[s]!, L));
      if (sign[image] === 0) {
        sign[image] = weights[k]!;
        members.push(image);
      } else if (sign[image] !== weights[k]) carried = false;
    });
    for (const member of members) orbitOf[member] = carried ? representatives.length : -1;
    if (!carried) continue;
    representatives.push(basis.states[s]!);
    sizes.push(members.length);
  }
  const size = representatives.length;
  demand(
    size > 0,
    () => `chainSector: no state of L = ${L}, N = ${ring.N} has the characters ${JSON.stringify(characters)}`,
  );
  const orbitSize = Float64Array.from(sizes);
  return {
    ring,
    basis,
    size,
    orbitSize,
    orbitOf,
    sign,
    ...hopRows(ring, basis, representatives, orbitSize, orbitOf, sign),
    diagonal: diagonalParts(ring, Int32Array.from(representatives)),
  };
}

function hopRows(
  ring: Ring,
  basis: ChainBasis,
  representatives: readonly number[],
  orbitSize: Float64Array,
  orbitOf: Int32Array,
  sign: Int8Array,
) {
  const { L } = ring;
  const start = new Int32Array(representatives.length + 1);
  const column: number[] = [];
  const hop: number[] = [];
  representatives.forEach((state, a) => {
    const row = new Map<number, number>();
    for (let i = 0; i < L; i++) {
      const both = (1 << (L - 1 - i)) | (1 << (L - 1 - ((i + 1) % L)));
      const pair = state & both;
      if (pair === 0 || pair === both) continue;
      const target = basis.indexOf(state ^ both);
      const b = orbitOf[target]!;
      if (b >= 0) row.set(b, (row.get(b) ?? 0) - ring.hop[i]! * sign[target]!);
    }
    for (const [b, sum] of [...row].sort(([p], [q]) => p - q)) {
      if (sum === 0) continue;
      column.push(b);
      hop.push(sum * Math.sqrt(orbitSize[a]! / orbitSize[b]!));
    }
    start[a + 1] = column.length;
  });
  return { start, column: Int32Array.from(column), hop: Float64Array.from(hop) };
}

/** y = (diagonal + hops)·x within a sector. */
export function applySector(
  sector: ChainSector,
  diagonal: Float64Array,
  x: Float64Array,
  y: Float64Array = new Float64Array(x.length),
): Float64Array {
  const { start, column, hop, size } = sector;
  for (let a = 0; a < size; a++) {
    let sum = diagonal[a]! * x[a]!;
    for (let k = start[a]!; k < start[a + 1]!; k++) sum += hop[k]! * x[column[k]!]!;
    y[a] = sum;
  }
  return y;
}

/** The amplitudes over the whole basis of a vector of a sector. */
export function unfold(sector: ChainSector, vector: Float64Array): Float64Array {
  const { basis, orbitOf, orbitSize, sign } = sector;
  const share = vector.map((value, a) => value / Math.sqrt(orbitSize[a]!));
  return Float64Array.from({ length: basis.count }, (_, s) =>
    orbitOf[s]! < 0 ? 0 : sign[s]! * share[orbitOf[s]!]!,
  );
}
