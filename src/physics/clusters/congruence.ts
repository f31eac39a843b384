import { centred, distanceBetween, reordered, rotated } from "./centre.ts";
import { bestRotation } from "./rotate.ts";

/**
 * Every rotation and rotary reflection (row-major 3 × 3) that lays centred atoms `x` onto centred atoms `reference`, each
 * atom within `tolerance` of one of its own, with the order that pairs them. Two atoms of the reference that span a plane
 * with the centre are laid on all pairs of atoms at the same radii and distance, each in both hands: so all are found.
 * Nothing for atoms on a line.
 */
export function* congruences(
  reference: Float64Array,
  x: Float64Array,
  tolerance: number,
): Generator<{ matrix: Float64Array; order: Int32Array }> {
  const n = x.length;
  const radii = (c: Float64Array) =>
    Float64Array.from({ length: n / 3 }, (_, k) => Math.hypot(c[3 * k]!, c[3 * k + 1]!, c[3 * k + 2]!));
  const mine = radii(reference);
  const others = radii(x);
  const frame = chooseFrame(reference, mine, tolerance);
  if (!frame) return;
  const [a, b] = frame;
  const onto = axes(reference, a, b);
  const apart = between(reference, a, reference, b);
  for (let p = 0; p < others.length; p++) {
    if (Math.abs(others[p]! - mine[a]!) > tolerance) continue;
    for (let q = 0; q < others.length; q++) {
      if (q === p || Math.abs(others[q]! - mine[b]!) > tolerance) continue;
      if (Math.abs(between(x, p, x, q) - apart) > 2 * tolerance) continue;
      const from = axes(x, p, q);
      for (const hand of [1, -1]) {
        const m = frameChange(onto, from, hand);
        const order = matchAtoms(reference, rotated(x, m), mine, others, tolerance);
        if (order) yield { matrix: m, order };
      }
    }
  }
}

/**
 * The copy of `x` that lies on `reference` where the two are the same cluster up to permutation, rotation and inversion,
 * each atom within `tolerance`; undefined where they are not. @returns the copy about the reference's centre.
 */
export function congruentCopy(
  reference: Float64Array,
  x: Float64Array,
  tolerance = 1e-2,
): { x: Float64Array; distance: number } | undefined {
  const target = centred(reference);
  const own = centred(x);
  for (const { matrix, order } of congruences(target, own, tolerance)) {
    // The frame is that of two atoms; all atoms together place it better. An improper map keeps its hand.
    const placed = reordered(rotated(own, matrix), order);
    const best = rotated(placed, bestRotation(target, placed));
    const out = best.map((value, i) => value + (reference[i]! - target[i]!));
    return { x: out, distance: distanceBetween(reference, out) };
  }
  return undefined;
}

/**
 * The order of the point group: rotations and rotary reflections about the centre that lay the atoms on themselves within
 * `tolerance`. A planar cluster's reflection in its plane counts. A line has a continuous group: its finite part, 2 with a
 * centre of inversion and 1 without, is given.
 */
export function pointGroupOrder(x: Float64Array, tolerance = 1e-3): number {
  const c = centred(x);
  let order = 0;
  for (const _ of congruences(c, c, tolerance)) order++;
  if (order > 0) return order;
  const inverted = c.map((value) => -value);
  const mirrored = Array.from({ length: c.length / 3 }, (_, k) =>
    Array.from({ length: c.length / 3 }, (_, l) => between(c, k, inverted, l)).some((d) => d < tolerance),
  );
  return mirrored.every(Boolean) ? 2 : 1;
}

/** Two atoms off the centre and off one line with it, of the radii that fewest atoms share. */
function chooseFrame(x: Float64Array, radii: Float64Array, tolerance: number): [number, number] | undefined {
  const shared = Array.from(radii, (r) => radii.filter((other) => Math.abs(other - r) <= tolerance).length);
  const order = Array.from(radii.keys()).sort((i, j) => shared[i]! - shared[j]! || i - j);
  const far = order.filter((i) => radii[i]! > 20 * tolerance);
  for (const a of far) {
    for (const b of far) {
      if (b === a) continue;
      const [u, v] = [x.subarray(3 * a, 3 * a + 3), x.subarray(3 * b, 3 * b + 3)];
      if (Math.hypot(...cross(u, v)) > 0.1 * radii[a]! * radii[b]!) return [a, b];
    }
  }
  return undefined;
}

/** Orthonormal axes of atoms a and b about the origin, as rows. */
function axes(x: Float64Array, a: number, b: number): Float64Array {
  const u = unit(x.subarray(3 * a, 3 * a + 3));
  const v = x.subarray(3 * b, 3 * b + 3);
  const along = u[0]! * v[0]! + u[1]! * v[1]! + u[2]! * v[2]!;
  const w = unit(v.map((value, c) => value - along * u[c]!));
  return Float64Array.of(...u, ...w, ...cross(u, w));
}

/** ontoᵀ·diag(1, 1, hand)·from. */
function frameChange(onto: Float64Array, from: Float64Array, hand: number): Float64Array {
  const out = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      out[3 * i + j] = onto[i]! * from[j]! + onto[3 + i]! * from[3 + j]! + hand * onto[6 + i]! * from[6 + j]!;
    }
  }
  return out;
}

/** For each atom of `reference` the atom of `moved` that lies on it; undefined unless they pair off. */
function matchAtoms(
  reference: Float64Array,
  moved: Float64Array,
  mine: Float64Array,
  others: Float64Array,
  tolerance: number,
): Int32Array | undefined {
  const atoms = mine.length;
  const order = new Int32Array(atoms);
  const taken = new Uint8Array(atoms);
  for (let k = 0; k < atoms; k++) {
    let found = -1;
    let least = 3 * tolerance;
    for (let l = 0; l < atoms; l++) {
      if (taken[l] || Math.abs(mine[k]! - others[l]!) > 3 * tolerance) continue;
      const d = between(reference, k, moved, l);
      if (d <= least) [found, least] = [l, d];
    }
    if (found < 0) return undefined;
    order[k] = found;
    taken[found] = 1;
  }
  return order;
}

function between(x: Float64Array, k: number, y: Float64Array, l: number): number {
  return Math.hypot(x[3 * k]! - y[3 * l]!, x[3 * k + 1]! - y[3 * l + 1]!, x[3 * k + 2]! - y[3 * l + 2]!);
}

function cross(u: Float64Array, v: Float64Array): [number, number, number] {
  return [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!];
}

function unit(v: Float64Array): Float64Array {
  const length = Math.hypot(v[0]!, v[1]!, v[2]!);
  return v.map((value) => value / length);
}
