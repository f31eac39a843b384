import type { Cell } from "./cell.ts";

/** Beads sorted into bins at least one radius across: neighbours are in a bead's own bin or in an adjacent one. */
export interface Bins {
  /** Calls `visit(i, j)` once for every pair in the same or in adjacent bins. */
  forEachPair(visit: (i: number, j: number) => void): void;
}

/** Half of the 26 adjacent bins: the other half sees the pair from the other side. */
const forward: readonly (readonly [number, number, number])[] = [-1, 0, 1].flatMap((a) =>
  [-1, 0, 1].flatMap((b) => [-1, 0, 1].flatMap((c) => (9 * a + 3 * b + c > 0 ? [[a, b, c] as const] : []))),
);

/**
 * Linked-cell bins (Hockney & Eastwood 1981) over the fractional coordinates `s` (n×3; 0 to 1 in periodic directions),
 * for any cell shape: bins lie between planes parallel to the faces. Open directions are binned over the beads' extent.
 * @returns undefined where a periodic direction has fewer than three bins: adjacent bins would then be counted twice.
 */
export function binBeads(s: Float64Array, { periodic, heights }: Cell, radius: number): Bins | undefined {
  const beads = s.length / 3;
  const low = [0, 0, 0];
  const counts = [1, 1, 1];
  const widths = [1, 1, 1];
  // No more bins than beads: a sparse gas in vacuum would otherwise ask for any amount of memory.
  const most = Math.max(3, Math.ceil(Math.cbrt(beads)));
  for (let k = 0; k < 3; k++) {
    let span = 1;
    if (!periodic[k]) {
      let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let i = 0; i < beads; i++) {
        from = Math.min(from, s[3 * i + k]!);
        to = Math.max(to, s[3 * i + k]!);
      }
      low[k] = from;
      span = to - from;
    }
    counts[k] = Math.min(most, Math.max(1, Math.floor((span * heights[k]!) / radius)));
    widths[k] = span / counts[k]!;
    if (periodic[k] && counts[k]! < 3) return undefined;
  }
  const [na, nb, nc] = counts as [number, number, number];
  const heads = new Int32Array(na * nb * nc).fill(-1);
  const next = new Int32Array(beads);
  for (let i = beads - 1; i >= 0; i--) {
    let bin = 0;
    for (let k = 0; k < 3; k++) {
      const value = s[3 * i + k]! - low[k]!;
      const index = widths[k]! > 0 ? Math.floor(value / widths[k]!) : 0;
      bin = bin * counts[k]! + Math.min(counts[k]! - 1, index);
    }
    next[i] = heads[bin]!;
    heads[bin] = i;
  }
  const shifted = (index: number, step: number, k: number): number => {
    const moved = index + step;
    if (moved >= 0 && moved < counts[k]!) return moved;
    return periodic[k] ? (moved + counts[k]!) % counts[k]! : -1;
  };
  return {
    forEachPair(visit) {
      for (let a = 0; a < na; a++) {
        for (let b = 0; b < nb; b++) {
          for (let c = 0; c < nc; c++) {
            const head = heads[(a * nb + b) * nc + c]!;
            for (let i = head; i >= 0; i = next[i]!) {
              for (let j = next[i]!; j >= 0; j = next[j]!) visit(i, j);
            }
            for (const [da, db, dc] of forward) {
              const [x, y, z] = [shifted(a, da, 0), shifted(b, db, 1), shifted(c, dc, 2)];
              if (x < 0 || y < 0 || z < 0) continue;
              const other = heads[(x * nb + y) * nc + z]!;
              for (let i = head; i >= 0; i = next[i]!) {
                for (let j = other; j >= 0; j = next[j]!) visit(i, j);
              }
            }
          }
        }
      }
    },
  };
}
