import { demand } from "../../core/errors.ts";
import { countWalks } from "./adjacency.ts";
import type { BodyRelevances } from "./bodies.ts";
import type { WalkModel } from "./walk-model.ts";

/** What relevances are divided by: nothing, |ΣR| over the number of walks (Bonneau et al.), |ΣR|, or |E|. */
export type Normalisation = "none" | "walk" | "total" | "energy";

/** The divisor of one frame. @throws UserError where it would be zero. */
export function normaliser(by: Normalisation, model: WalkModel, found: BodyRelevances): number {
  if (by === "none") return 1;
  const size = by === "energy" ? Math.abs(found.energy) : Math.abs(found.total);
  demand(
    size > 0,
    () => `normaliser: ${by === "energy" ? "the energy" : "ΣR"} of the frame is 0; take "none"`,
  );
  return by === "walk" ? size / countWalks(model.graph, model.layers.length) : size;
}

/** How many walks of T hops visit all beads of a fully joined set of n and no others: n!·S₂(T + 1, n), with S₂ of Stirling. */
export function walksOfClique(layers: number, n: number): number {
  let count = 0;
  let choose = 1;
  for (let k = 0; k <= n; k++) {
    count += (k % 2 === 0 ? 1 : -1) * choose * (n - k) ** (layers + 1);
    choose = (choose * (n - k)) / (k + 1);
  }
  return count;
}
