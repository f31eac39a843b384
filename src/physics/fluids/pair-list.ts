import { demand, UserError } from "../../core/errors.ts";
import { binBeads } from "./bins.ts";
import { type Cell, demandRoom } from "./cell.ts";

/** Every pair of beads within some radius, once. Pair p points from `first[p]` to `second[p]`. */
export interface PairList {
  count: number;
  first: Int32Array;
  second: Int32Array;
  /** Three numbers a pair, Å: the displacement is r_second − r_first + offset, whatever image the beads are in. */
  offsets: Float64Array;
}

/** Beads nearer than this are refused: no potential here, and no network trained on fluids, means anything there. Å. */
export const closestApproach = 0.5;

/**
 * All pairs of beads nearer than `radius` Å in a cell of any shape, by cell lists (all pairs where the cell is too
 * small for them). Positions (n×3, Å) may lie outside of the cell. In a cell at least 2·radius across, an image within
 * `radius` has fractional coordinates below ½, so that rounding finds it however skewed the cell is.
 * @param options.floor pairs nearer than this are refused, Å; 0.5 by default. @param options.reuse arrays to fill.
 * @throws UserError for a cell narrower than 2·radius, for a position that is not finite and for beads nearer than
 * the floor.
 */
export function pairList(
  positions: Float64Array,
  within: Cell,
  radius: number,
  options: { floor?: number; reuse?: PairList } = {},
): PairList {
  const { floor = closestApproach } = options;
  const beads = positions.length / 3;
  demand(radius > 0, () => `pairList: radius ${radius}; expected a length in Å above 0`);
  demandRoom(within, radius, "pairList");
  demandFinite(positions);
  const list = options.reuse ?? emptyPairList(16 * beads);
  list.count = 0;
  const { s, turns } = fractional(positions, within);
  const [px, py, pz] = within.periodic;
  const v = within.vectors;
  const limit = radius * radius;
  const least = floor * floor;
  const visit = (i: number, j: number): void => {
    let a = s[3 * j]! - s[3 * i]!;
    let b = s[3 * j + 1]! - s[3 * i + 1]!;
    let c = s[3 * j + 2]! - s[3 * i + 2]!;
    if (px) a = a > 0.5 ? a - 1 : a < -0.5 ? a + 1 : a;
    if (py) b = b > 0.5 ? b - 1 : b < -0.5 ? b + 1 : b;
    if (pz) c = c > 0.5 ? c - 1 : c < -0.5 ? c + 1 : c;
    const x = a * v[0]! + b * v[3]! + c * v[6]!;
    const y = a * v[1]! + b * v[4]! + c * v[7]!;
    const z = a * v[2]! + b * v[5]! + c * v[8]!;
    const square = x * x + y * y + z * z;
    if (square >= limit) return;
    if (square < least) refuse(i, j, Math.sqrt(square), floor);
    if (list.count === list.first.length) grow(list);
    const at = list.count++;
    list.first[at] = i;
    list.second[at] = j;
    // Whole lattice vectors between the images the beads are in and the nearest ones.
    a = Math.round(a - s[3 * j]! + s[3 * i]!) - turns[3 * j]! + turns[3 * i]!;
    b = Math.round(b - s[3 * j + 1]! + s[3 * i + 1]!) - turns[3 * j + 1]! + turns[3 * i + 1]!;
    c = Math.round(c - s[3 * j + 2]! + s[3 * i + 2]!) - turns[3 * j + 2]! + turns[3 * i + 2]!;
    list.offsets[3 * at] = a * v[0]! + b * v[3]! + c * v[6]!;
    list.offsets[3 * at + 1] = a * v[1]! + b * v[4]! + c * v[7]!;
    list.offsets[3 * at + 2] = a * v[2]! + b * v[5]! + c * v[8]!;
  };
  const bins = binBeads(s, within, radius);
  if (bins) bins.forEachPair(visit);
  else for (let i = 0; i < beads; i++) for (let j = i + 1; j < beads; j++) visit(i, j);
  return list;
}

/** An empty list with room for `capacity` pairs; it grows by itself. */
export function emptyPairList(capacity: number): PairList {
  const room = Math.max(16, Math.ceil(capacity));
  return {
    count: 0,
    first: new Int32Array(room),
    second: new Int32Array(room),
    offsets: new Float64Array(3 * room),
  };
}

/** @throws UserError naming the first bead with a position that is NaN or infinite. */
export function demandFinite(positions: Float64Array, what = "position"): void {
  demand(positions.length % 3 === 0, () => `${what}s: ${positions.length} numbers; expected three a bead`);
  for (let i = 0; i < positions.length; i++) {
    if (!Number.isFinite(positions[i]!)) {
      const bead = Math.floor(i / 3);
      throw new UserError(
        `bead ${bead}: ${what} (${[...positions.subarray(3 * bead, 3 * bead + 3)].join(", ")}); expected finite numbers (beads are counted from 0)`,
      );
    }
  }
}

function refuse(i: number, j: number, distance: number, floor: number): never {
  throw new UserError(
    `beads ${i} and ${j} are ${distance.toPrecision(4)} Å apart, nearer than the floor of ${floor} Å (beads are counted from 0); check the units of length and the cell, or lower the floor`,
  );
}

function grow(list: PairList): void {
  const room = 2 * list.first.length;
  const first = new Int32Array(room);
  const second = new Int32Array(room);
  const offsets = new Float64Array(3 * room);
  first.set(list.first);
  second.set(list.second);
  offsets.set(list.offsets);
  Object.assign(list, { first, second, offsets });
}

/** Fractional coordinates, in periodic directions from 0 to 1, and the whole lattice vectors taken off for that. */
function fractional(
  positions: Float64Array,
  { inverse, periodic }: Cell,
): { s: Float64Array; turns: Float64Array } {
  const s = new Float64Array(positions.length);
  const turns = new Float64Array(positions.length);
  for (let i = 0; i < s.length; i += 3) {
    const x = positions[i]!;
    const y = positions[i + 1]!;
    const z = positions[i + 2]!;
    for (let k = 0; k < 3; k++) {
      const value = x * inverse[k]! + y * inverse[3 + k]! + z * inverse[6 + k]!;
      turns[i + k] = periodic[k] ? Math.floor(value) : 0;
      s[i + k] = value - turns[i + k]!;
    }
  }
  return { s, turns };
}
