import { demand } from "../../../core/errors.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import type { SubsetEnergy } from "./subset-energy.ts";

/**
 * What sets of beads share in the presence of all others, by leaving beads out:
 * I(S) = Σ_{T ⊆ S} (−1)^{|T|} E(all ∖ T) = Σ_{U ⊇ S} V(U), with V the vacuum terms: the vacuum term and all larger ones
 * that hold S. 2^{|S|} energies of the frame a set, shared where sets overlap.
 * @param sets count×size, ascending. @returns I of every set, kcal/mol.
 * @throws UserError for a set that is not ascending or leaves no bead; Cancelled when `task` was told to stop.
 */
export function contextTerms(
  energy: SubsetEnergy,
  beads: number,
  sets: Int32Array,
  size: number,
  options: { task?: Task } = {},
): Float64Array {
  const { task = quietTask } = options;
  demand(
    size >= 1 && size < beads && sets.length % size === 0,
    () =>
      `contextTerms: ${sets.length} beads in sets of ${size}, of ${beads}; expected whole sets that leave one over`,
  );
  const known = new Map<string, number>();
  const without = (gone: readonly number[]): number => {
    const key = gone.join(" ");
    const found = known.get(key);
    if (found !== undefined) return found;
    const left = Int32Array.from({ length: beads }, (_, i) => i).filter((i) => !gone.includes(i));
    const value = energy(left);
    known.set(key, value);
    return value;
  };
  const count = sets.length / size;
  return Float64Array.from({ length: count }, (_, k) => {
    task.check();
    task.report(k / count, "terms in context");
    const set = [...sets.subarray(k * size, (k + 1) * size)];
    demand(
      set.every((bead, b) => bead < beads && (b === 0 ? bead >= 0 : bead > set[b - 1]!)),
      () => `contextTerms: set [${set.join(", ")}]; expected ascending beads of 0 to ${beads - 1}`,
    );
    let sum = 0;
    for (let mask = 0; mask < 2 ** size; mask++) {
      const gone = set.filter((_bead, b) => mask & (1 << b));
      sum += (gone.length % 2 === 0 ? 1 : -1) * without(gone);
    }
    return sum;
  });
}
