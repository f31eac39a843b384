import { UserError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import type { ForceField } from "./force-field.ts";
import { type LennardJonesOptions, lennardJones } from "./lennard-jones.ts";
import { stillingerWeber } from "./stillinger-weber.ts";

/** A fluid of identical beads with a known law, and the state point of the reference. */
export interface FluidSystem {
  name: string;
  /** One line for figures and reports. */
  title: string;
  /** The word for a bead in files: an element, so that viewers and published weights know it. */
  species: string;
  /** u. */
  mass: number;
  field: ForceField;
  /** Mean potential energy has been checked at this state. K and g/cm³. */
  temperature: number;
  density: number;
  /** A step that velocity Verlet takes without drift, fs. */
  timestep: number;
  citation: string;
}

/**
 * One-site methane: Lennard-Jones, strictly two-body.
 * @param options of the potential; its cutoff is 8.9 Å by default, which needs a cell of 17.8 Å.
 */
export function methane(options: LennardJonesOptions = {}): FluidSystem {
  return {
    name: "lj",
    title: "Lennard-Jones methane",
    species: "C",
    mass: 16.043,
    field: lennardJones(options),
    temperature: 200,
    density: 0.437,
    timestep: 5,
    citation: "Martin & Siepmann, J. Phys. Chem. B 102 (1998) 2569",
  };
}

/** mW water: one bead a molecule, exactly two- and three-body. */
export function monatomicWater(): FluidSystem {
  return {
    name: "mw",
    title: "mW water",
    species: "O",
    mass: 18.015,
    field: stillingerWeber(),
    temperature: 298,
    density: 0.997,
    timestep: 5,
    citation: "Molinero & Moore, J. Phys. Chem. B 113 (2009) 4008",
  };
}

/** The fluids by name. */
export const fluidSystems = { lj: methane, mw: monatomicWater } as const;

/** A fluid by its name. @throws UserError that lists what there is. */
export function fluidSystem(name: string): FluidSystem {
  if (!Object.hasOwn(fluidSystems, name)) {
    throw new UserError(`unknown fluid '${name}'${didYouMean(name, Object.keys(fluidSystems))}`);
  }
  return fluidSystems[name as keyof typeof fluidSystems]();
}
