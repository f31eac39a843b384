import type { Cell } from "./cell.ts";
import { emptyPairList, type PairList, pairList } from "./pair-list.ts";

/** A pair list that is kept while beads move little. */
export interface VerletList {
  /** The pairs to look at for these positions: all within the cutoff, and some beyond it. */
  pairs(positions: Float64Array): PairList;
  /** Forget the list: the next call of `pairs` builds it anew. */
  reset(): void;
  /** How often the list was built. */
  builds(): number;
}

/**
 * A neighbour list with a skin (Verlet 1967): it holds the pairs within cutoff + skin and is built anew once a bead
 * has moved by half the skin. Positions must move continuously (not be wrapped in between).
 * @param options.skin Å, 0.8 by default; narrowed where the cell is less than 2·(cutoff + skin) across.
 * @throws UserError as {@link pairList}.
 */
export function verletList(
  within: Cell,
  cutoff: number,
  options: { skin?: number; floor?: number } = {},
): VerletList {
  const room = Math.min(
    ...within.heights.map((h, k) => (within.periodic[k] ? h / 2 : Number.POSITIVE_INFINITY)),
  );
  const skin = Math.max(0, Math.min(options.skin ?? 0.8, room - cutoff - 1e-9));
  const limit = (skin / 2) ** 2;
  let list: PairList | undefined;
  let built = new Float64Array(0);
  let count = 0;
  const moved = (positions: Float64Array): boolean => {
    if (built.length !== positions.length) return true;
    for (let i = 0; i < positions.length; i += 3) {
      const x = positions[i]! - built[i]!;
      const y = positions[i + 1]! - built[i + 1]!;
      const z = positions[i + 2]! - built[i + 2]!;
      // Not "> limit": a NaN must lead to a new list, where it is named.
      if (!(x * x + y * y + z * z < limit)) return true;
    }
    return false;
  };
  return {
    pairs(positions) {
      if (list === undefined || moved(positions)) {
        const { floor } = options;
        const reuse = list ?? emptyPairList(6 * positions.length);
        list = undefined;
        list = pairList(positions, within, cutoff + skin, {
          reuse,
          ...(floor === undefined ? {} : { floor }),
        });
        built = positions.slice();
        count++;
      }
      return list;
    },
    reset() {
      built = new Float64Array(0);
    },
    builds: () => count,
  };
}
