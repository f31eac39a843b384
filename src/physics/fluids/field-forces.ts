import type { Cell } from "./cell.ts";
import {
  clearInteractions,
  type ForceField,
  type Interactions,
  noInteractions,
  totalEnergy,
} from "./force-field.ts";
import { verletList } from "./verlet-list.ts";

/** The forces of a potential, with a neighbour list that is kept from step to step. */
export interface FieldForces {
  /** Fills `forces` and gives the energy: see `ForceFunction`. */
  compute(positions: Float64Array, forces: Float64Array): number;
  /** Energies by order and virial of the last call. */
  readonly last: Interactions;
  /** Forget the neighbour list, so that what follows does not depend on what was before. */
  reset(): void;
}

/** Forces of `field` for beads in `within`. Errors as `pairList`. @param options of the Verlet list. */
export function fieldForces(
  field: ForceField,
  within: Cell,
  beads: number,
  options: { skin?: number; floor?: number } = {},
): FieldForces {
  const list = verletList(within, field.cutoff, options);
  const last = noInteractions(beads);
  return {
    compute(positions, forces) {
      clearInteractions(last);
      field.accumulate(positions, list.pairs(positions), last);
      forces.set(last.forces);
      return totalEnergy(last);
    },
    last,
    reset: () => list.reset(),
  };
}
