import { demand } from "../core/errors.ts";
import { type NumericArray, toFloat64 } from "./array.ts";
import { type ConfigurationUnits, unitFactors } from "./configuration-units.ts";
import { type Configurations, checkConfigurations } from "./configurations.ts";
import type { Provenance } from "./table.ts";

/**
 * A force-matching set from arrays, such as NPY files hold: positions and forces of shape frames×beads×3, optionally
 * energies (frames, or frames×1) and cells (9, 3×3, frames×9 or frames×3×3; rows are lattice vectors).
 * @param options.units of the arrays: they do not name them. @param options.species one word a bead.
 * @throws UserError for shapes that do not fit together, units that are not known or missing, and, naming frame and
 * bead, for a number that is not finite.
 */
export function forceMatchingSet(
  arrays: { positions: NumericArray; forces?: NumericArray; energies?: NumericArray; cells?: NumericArray },
  options: {
    name: string;
    species: readonly string[];
    units: ConfigurationUnits;
    periodic?: readonly [boolean, boolean, boolean];
    provenance?: readonly Provenance[];
  },
): Configurations {
  const { name, species, provenance = [] } = options;
  const { positions, forces, energies, cells } = arrays;
  const [frames, beads] = [positions.shape[0]!, positions.shape[1]!];
  const shapeOf = (array: NumericArray) => `[${array.shape.join(", ")}]`;
  demand(
    positions.shape.length === 3 && positions.shape[2] === 3 && frames > 0 && beads > 0,
    () => `${name}: positions of shape ${shapeOf(positions)}; expected frames × beads × 3`,
  );
  demand(species.length === beads, () => `${name}: ${species.length} species for ${beads} beads`);
  demand(
    forces === undefined || shapeOf(forces) === shapeOf(positions),
    () =>
      `${name}: forces of shape ${shapeOf(forces!)}, positions of ${shapeOf(positions)}; expected the same`,
  );
  demand(
    energies === undefined || (energies.shape[0] === frames && energies.data.length === frames),
    () => `${name}: energies of shape ${shapeOf(energies!)}; expected [${frames}]`,
  );
  demand(
    cells === undefined ||
      cells.data.length === 9 ||
      (cells.shape[0] === frames && cells.data.length === 9 * frames),
    () => `${name}: cells of shape ${shapeOf(cells!)}; expected one (3 × 3) or ${frames} of them`,
  );
  const factors = unitFactors(
    {},
    options.units,
    { energy: energies !== undefined, forces: forces !== undefined },
    name,
  );
  const scaled = (array: NumericArray, factor: number) => toFloat64(array).map((value) => factor * value);
  const one = cells && scaled(cells, factors.length);
  const periodic = options.periodic ?? [cells !== undefined, cells !== undefined, cells !== undefined];
  demand(
    cells !== undefined || !periodic.some(Boolean),
    () => `${name}: periodic along [${periodic}], but there are no cells`,
  );
  const set: Configurations = {
    name,
    frames,
    beads,
    species,
    positions: scaled(positions, factors.length),
    ...(forces ? { forces: scaled(forces, factors.force) } : {}),
    ...(energies ? { energies: scaled(energies, factors.energy) } : {}),
    ...(one
      ? {
          cells:
            one.length === 9 * frames
              ? one
              : Float64Array.from({ length: 9 * frames }, (_, i) => one[i % 9]!),
        }
      : {}),
    periodic,
    provenance,
  };
  checkConfigurations(set);
  return set;
}
