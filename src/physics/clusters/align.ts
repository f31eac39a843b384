import { type Random, random } from "../../core/random.ts";
import { assignment } from "../../linalg/assignment.ts";
import { matrix } from "../../linalg/matrix.ts";
import { centred, distanceBetween, reordered, rotated } from "./centre.ts";
import { congruentCopy } from "./congruence.ts";
import { bestRotation, rotationOf } from "./rotate.ts";

/** Turns that spread over all orientations, the first of them none: the same at every call. */
const turns: readonly Float64Array[] = spreadTurns(24);

/**
 * The copy of cluster `x` under permutation of like atoms, rotation, inversion and translation that lies closest to
 * `reference`, and how far it is, √Σ|Δr|². Exact where the two are the same cluster. Otherwise assignment and rotation
 * take turns until neither changes, from 24 fixed orientations in both hands, and the best is kept: an upper bound of
 * the least distance, nearly always equal to it for small clusters.
 */
export function alignCluster(
  reference: Float64Array,
  x: Float64Array,
): { x: Float64Array; distance: number } {
  const same = congruentCopy(reference, x);
  if (same) return same;
  const target = centred(reference);
  const own = centred(x);
  let best: Float64Array | undefined;
  let least = Infinity;
  for (const hand of [1, -1]) {
    const handed = own.map((value) => hand * value);
    for (const turn of turns) {
      const placed = settle(target, rotated(handed, turn));
      const distance = distanceBetween(target, placed);
      if (distance < least - 1e-12) [best, least] = [placed, distance];
    }
  }
  const out = best!.map((value, i) => value + (reference[i]! - target[i]!));
  return { x: out, distance: least };
}

/** Assignment of atoms, then rotation, until the assignment stays. */
function settle(target: Float64Array, start: Float64Array): Float64Array {
  const atoms = target.length / 3;
  const cost = matrix(atoms, atoms);
  let placed = start;
  for (let round = 0; round < 50; round++) {
    for (let k = 0; k < atoms; k++) {
      for (let l = 0; l < atoms; l++) {
        const dx = target[3 * k]! - placed[3 * l]!;
        const dy = target[3 * k + 1]! - placed[3 * l + 1]!;
        const dz = target[3 * k + 2]! - placed[3 * l + 2]!;
        cost.data[k * atoms + l] = dx * dx + dy * dy + dz * dz;
      }
    }
    const { columns } = assignment(cost);
    if (round > 0 && columns.every((column, k) => column === k)) break;
    const inOrder = reordered(placed, columns);
    placed = rotated(inOrder, bestRotation(target, inOrder));
  }
  return placed;
}

function spreadTurns(count: number): Float64Array[] {
  const draw = random(0, "orientations of clusters");
  return Array.from({ length: count }, (_, k) => {
    if (k === 0) return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    return randomTurn(draw);
  });
}

function randomTurn(draw: Random): Float64Array {
  const q = [draw.normal(), draw.normal(), draw.normal(), draw.normal()];
  const length = Math.hypot(...q);
  return rotationOf(q[0]! / length, q[1]! / length, q[2]! / length, q[3]! / length);
}
