import type { WalkModel } from "./walk-model.ts";
import { enumerateWalks } from "./walks.ts";

/** A walk with its relevance, kcal/mol. */
export interface RatedWalk {
  beads: Int32Array;
  relevance: number;
}

/**
 * The `count` walks of largest |R|, largest first, among all walks that `keep` lets through; exact, one visit a walk.
 * Equal ones come in the order of their beads.
 */
export function topWalks(
  model: WalkModel,
  count: number,
  keep: (beads: Int32Array) => boolean = () => true,
): RatedWalk[] {
  let best: RatedWalk[] = [];
  let bar = 0;
  const trim = () => {
    best = best.sort(byRelevance).slice(0, count);
    if (best.length === count && count > 0) bar = Math.abs(best.at(-1)!.relevance);
  };
  enumerateWalks(model, (beads, relevance) => {
    if (Math.abs(relevance) < bar || !keep(beads)) return;
    best.push({ beads: beads.slice(), relevance });
    if (best.length >= 2 * count + 64) trim();
  });
  trim();
  return best;
}

function byRelevance(a: RatedWalk, b: RatedWalk): number {
  const order = Math.abs(b.relevance) - Math.abs(a.relevance);
  if (order !== 0) return order;
  const at = a.beads.findIndex((bead, k) => bead !== b.beads[k]);
  return at < 0 ? 0 : a.beads[at]! - b.beads[at]!;
}
