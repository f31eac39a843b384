import { UserError } from "../../core/errors.ts";
import type { Entry, Split } from "./splits.ts";

/**
 * The share of held-out binding energies that follow from training targets by mass arithmetic alone. A training entry
 * that is a binding energy gives that mass; one that contains two masses gives either from the other; so every group
 * of nuclei linked by training entries is known as soon as one of its binding energies is.
 * @param entries the split's entries; each contains the mass of its nucleus and of its partners (at most one).
 * @param isMass does entry i contain masses? (A radius does not.) @param isBinding is entry i a binding energy?
 */
export function derivableShare(options: {
  entries: readonly Entry[];
  split: Split;
  isMass: (entry: number) => boolean;
  isBinding: (entry: number) => boolean;
}): number {
  const { entries, split, isMass, isBinding } = options;
  const parent = split.heldOut.length === 0 ? [] : Array.from(split.heldOut, (_, k) => k);
  const root = (k: number): number => {
    let at = k;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  const anchors: number[] = [];
  for (const i of split.train) {
    if (!isMass(i)) continue;
    const { nucleus, partners } = entries[i]!;
    if (partners.length > 1)
      throw new UserError(`derivableShare: entry ${i} has ${partners.length} partners`);
    if (isBinding(i)) anchors.push(nucleus);
    else if (partners.length === 1) parent[root(nucleus)] = root(partners[0]!);
  }
  const known = new Set(anchors.map(root));
  const asked = Array.from(split.validation).filter(isBinding);
  if (asked.length === 0) throw new UserError("derivableShare: no binding energy is held out");
  return asked.filter((i) => known.has(root(entries[i]!.nucleus))).length / asked.length;
}
