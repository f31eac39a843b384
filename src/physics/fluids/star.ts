import type { Interactions } from "./force-field.ts";
import type { PairList } from "./pair-list.ts";

/** The pairs within a cutoff, and the star of neighbours around every bead: arrays that are filled again each step. */
export interface Stars {
  /** Pairs within the cutoff. */
  pairs: number;
  first: Int32Array;
  second: Int32Array;
  /** Distances of the pairs, Å. */
  r: Float64Array;
  /** Unit vectors from first to second, three a pair. */
  unit: Float64Array;
  /** Spokes of bead i: starts[i] … starts[i + 1] − 1. */
  starts: Int32Array;
  /** The pair of each spoke; its direction is away from the bead, `sign[spoke]` times the pair's unit vector. */
  pair: Int32Array;
  neighbour: Int32Array;
  sign: Int8Array;
}

/** Fills `stars` (made anew where it is too small) with the pairs of `list` that are nearer than `cutoff`. */
export function fillStars(
  positions: Float64Array,
  list: PairList,
  cutoff: number,
  previous: Stars | undefined,
): Stars {
  const beads = positions.length / 3;
  const stars = roomFor(previous, beads, list.count);
  const { first, second, r, unit, starts, pair, neighbour, sign } = stars;
  const limit = cutoff * cutoff;
  starts.fill(0);
  let kept = 0;
  for (let p = 0; p < list.count; p++) {
    const i = list.first[p]!;
    const j = list.second[p]!;
    const x = positions[3 * j]! - positions[3 * i]! + list.offsets[3 * p]!;
    const y = positions[3 * j + 1]! - positions[3 * i + 1]! + list.offsets[3 * p + 1]!;
    const z = positions[3 * j + 2]! - positions[3 * i + 2]! + list.offsets[3 * p + 2]!;
    const square = x * x + y * y + z * z;
    if (square >= limit) continue;
    const distance = Math.sqrt(square);
    first[kept] = i;
    second[kept] = j;
    r[kept] = distance;
    unit[3 * kept] = x / distance;
    unit[3 * kept + 1] = y / distance;
    unit[3 * kept + 2] = z / distance;
    starts[i + 1]!++;
    starts[j + 1]!++;
    kept++;
  }
  stars.pairs = kept;
  for (let i = 0; i < beads; i++) starts[i + 1]! += starts[i]!;
  // Filling from the back of each star leaves starts[i + 1] at the star's beginning: shifted back below.
  for (let p = kept - 1; p >= 0; p--) {
    const i = first[p]!;
    const j = second[p]!;
    const a = --starts[i + 1]!;
    pair[a] = p;
    neighbour[a] = j;
    sign[a] = 1;
    const b = --starts[j + 1]!;
    pair[b] = p;
    neighbour[b] = i;
    sign[b] = -1;
  }
  for (let i = 0; i < beads; i++) starts[i] = starts[i + 1]!;
  starts[beads] = 2 * kept;
  return stars;
}

/** Adds the forces of an energy that depends on distances only: `slopes[p]` is ∂E/∂r of pair p, kcal/mol/Å. */
export function addCentralForces(stars: Stars, slopes: Float64Array, { forces, virial }: Interactions): void {
  const { pairs, first, second, r, unit } = stars;
  for (let p = 0; p < pairs; p++) {
    const i = 3 * first[p]!;
    const j = 3 * second[p]!;
    const pull = -slopes[p]!;
    for (let a = 0; a < 3; a++) {
      const f = pull * unit[3 * p + a]!;
      forces[i + a]! -= f;
      forces[j + a]! += f;
      for (let b = 0; b < 3; b++) virial[3 * b + a]! += r[p]! * unit[3 * p + b]! * f;
    }
  }
}

function roomFor(previous: Stars | undefined, beads: number, pairs: number): Stars {
  if (previous && previous.starts.length === beads + 1 && previous.first.length >= pairs) return previous;
  const room = Math.max(64, Math.ceil(1.3 * pairs));
  return {
    pairs: 0,
    first: new Int32Array(room),
    second: new Int32Array(room),
    r: new Float64Array(room),
    unit: new Float64Array(3 * room),
    starts: new Int32Array(beads + 1),
    pair: new Int32Array(2 * room),
    neighbour: new Int32Array(2 * room),
    sign: new Int8Array(2 * room),
  };
}
