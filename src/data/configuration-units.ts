import { demand, UserError } from "../core/errors.ts";

/** The units of a file of configurations, as words: see {@link lengthUnits} and {@link energyUnits}. */
export interface ConfigurationUnits {
  length: string;
  /** Needed where there are energies or forces. */
  energy?: string;
  /** Force, "energy/length"; derived from the other two where it is not given. */
  force?: string;
}

/** Å in one of each unit of length. Bohr: CODATA 2018. */
export const lengthUnits: Readonly<Record<string, number>> = {
  angstrom: 1,
  Å: 1,
  Ang: 1,
  A: 1,
  nm: 10,
  bohr: 0.529177210903,
};

/** kcal/mol in one of each unit of energy. eV and hartree: CODATA 2018. */
export const energyUnits: Readonly<Record<string, number>> = {
  "kcal/mol": 1,
  "kJ/mol": 1 / 4.184,
  eV: 23.060547830619,
  meV: 0.023060547830619,
  hartree: 627.5094740631,
};

/** What to multiply a file's numbers with to get Å, kcal/mol and kcal/mol/Å. */
export interface UnitFactors {
  length: number;
  energy: number;
  force: number;
}

/**
 * The factors of a file's units. `stated` is what the file says of itself, `given` what its reader was told.
 * @param needs whether the file has energies or forces.
 * @throws UserError for a unit that nobody names or that is not known, for a file and a reader that disagree, and for
 * a force that is not the file's energy over its length: such a file mixes units.
 */
export function unitFactors(
  stated: Partial<ConfigurationUnits>,
  given: Partial<ConfigurationUnits> | undefined,
  needs: { energy: boolean; forces: boolean },
  source: string,
): UnitFactors {
  const pick = (name: keyof ConfigurationUnits): string | undefined => {
    const [inFile, told] = [stated[name], given?.[name]];
    demand(
      inFile === undefined || told === undefined || inFile === told || sameUnit(name, inFile, told),
      () => `${source}: the file says that its unit of ${name} is '${inFile}', the reader was told '${told}'`,
    );
    return inFile ?? told;
  };
  const length = factor("length", pick("length"), lengthUnits, source);
  const force = pick("force");
  let energyWord = pick("energy");
  if (force !== undefined) {
    const slash = force.lastIndexOf("/");
    const [perEnergy, perLength] = [force.slice(0, slash), force.slice(slash + 1)];
    demand(
      slash > 0 && Object.hasOwn(energyUnits, perEnergy) && Object.hasOwn(lengthUnits, perLength),
      () =>
        `${source}: unit of force '${force}'; expected an energy over a length, such as kcal/mol/angstrom (energies: ${Object.keys(energyUnits).join(", ")})`,
    );
    energyWord ??= perEnergy;
    factor("energy", energyWord, energyUnits, source);
    demand(
      energyUnits[perEnergy] === energyUnits[energyWord] && lengthUnits[perLength] === length,
      () =>
        `${source}: forces in ${force}, energies in ${energyWord}, lengths in ${pick("length")}: mixed units; convert one of them, so that forces are energy over length`,
    );
  }
  if (energyWord === undefined && !needs.energy && !needs.forces) return { length, energy: 1, force: 1 };
  const energy = factor("energy", energyWord, energyUnits, source);
  return { length, energy, force: energy / length };
}

function sameUnit(name: keyof ConfigurationUnits, a: string, b: string): boolean {
  if (name === "force") return false;
  const table = name === "length" ? lengthUnits : energyUnits;
  return Object.hasOwn(table, a) && table[a] === table[b];
}

function factor(
  name: string,
  word: string | undefined,
  table: Readonly<Record<string, number>>,
  source: string,
): number {
  const known = Object.keys(table).join(", ");
  if (word === undefined) {
    throw new UserError(
      `${source}: the unit of ${name} is named neither in the file nor by its reader; pass units: { length: "angstrom", energy: "kcal/mol" } as they are in the file (${name}: ${known})`,
    );
  }
  if (!Object.hasOwn(table, word)) {
    throw new UserError(`${source}: unknown unit of ${name} '${word}'; expected one of ${known}`);
  }
  return table[word]!;
}
