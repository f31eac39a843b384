import { demand, UserError } from "../core/errors.ts";
import { type ConfigurationUnits, unitFactors } from "./configuration-units.ts";
import type { Frame } from "./configurations.ts";
import { type DumpBox, dumpBox } from "./lammps-box.ts";

/** LAMMPS unit styles with physical units: what they mean for lengths and energies. */
const styles: Readonly<Record<string, { length: string; energy: string }>> = {
  real: { length: "angstrom", energy: "kcal/mol" },
  metal: { length: "angstrom", energy: "eV" },
  electron: { length: "bohr", energy: "hartree" },
};

export interface DumpOptions {
  source: string;
  /** The file's LAMMPS units (real, metal, electron), unless it names them itself (dump_modify units yes). */
  units?: "real" | "metal" | "electron";
  /** Names of the types where the file has numbers only: { 1: "C" }. */
  species?: Readonly<Record<number, string>>;
  /** Per-bead energy that sums to the energy of a frame, such as c_pe. */
  energyColumn?: string;
}

/**
 * Reads a LAMMPS text dump (ITEM: TIMESTEP, NUMBER OF ATOMS, BOX BOUNDS, ATOMS): orthogonal, restricted and general
 * triclinic boxes; positions x y z, xu yu zu, xs ys zs or xsu ysu zsu; forces fx fy fz where they are there. Beads are
 * sorted by id. Everything comes back in Å, kcal/mol and kcal/mol/Å, with the box's corner at the origin.
 * Format: LAMMPS documentation, command dump.
 * @throws UserError naming file and line for what is cut, missing or no number; frame and bead for a number that is
 * not finite; and for units that nobody names.
 */
export function readLammpsDump(input: string | Uint8Array, options: DumpOptions): Frame[] {
  const { source } = options;
  const lines = (typeof input === "string" ? input : new TextDecoder().decode(input)).split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  const frames: Frame[] = [];
  let units: string | undefined = options.units;
  let [step, count] = ["", 0];
  let box: DumpBox | undefined;
  let at = 0;
  const next = (what: string): string => {
    const line = lines[at++];
    if (line === undefined)
      throw new UserError(`${source}: ends at line ${lines.length} before ${what}: it is cut`);
    return line.trim();
  };
  while (at < lines.length) {
    const head = next("an ITEM");
    const where = `${source}, line ${at}`;
    if (head === "ITEM: UNITS") {
      const word = next("the units");
      demand(
        options.units === undefined || options.units === word,
        () => `${source}, line ${at}: the file's units are '${word}', the reader was told '${options.units}'`,
      );
      units = word;
    } else if (head === "ITEM: TIMESTEP") step = next("the step");
    else if (head === "ITEM: TIME") next("the time");
    else if (head === "ITEM: NUMBER OF ATOMS") {
      count = Number(next("the number of beads"));
      demand(
        Number.isInteger(count) && count > 0,
        () => `${source}, line ${at}: '${lines[at - 1]}' beads; expected a whole number from 1`,
      );
    } else if (head.startsWith("ITEM: BOX BOUNDS")) {
      box = dumpBox(head, [next("the box"), next("the box"), next("the box")], where);
    } else if (head.startsWith("ITEM: ATOMS")) {
      if (box === undefined || count === 0)
        throw new UserError(`${where}: ITEM: ATOMS before BOX BOUNDS and NUMBER OF ATOMS`);
      demand(
        at + count <= lines.length,
        () =>
          `${source}: ${count} beads from line ${at + 1}, but the file ends at line ${lines.length}: it is cut`,
      );
      const rows = lines.slice(at, at + count);
      frames.push(readBeads(head, rows, at + 1, frames.length, box, step, unitsOf(units, where), options));
      at += count;
    } else {
      throw new UserError(`${where}: '${head.slice(0, 60)}'; expected an ITEM of a LAMMPS text dump`);
    }
  }
  demand(frames.length > 0, () => `${source}: no frames`);
  return frames;
}

function unitsOf(style: string | undefined, where: string): ConfigurationUnits {
  const known = Object.keys(styles).join(", ");
  if (style === undefined) {
    throw new UserError(
      `${where}: units are named neither in the file nor by its reader; pass units: one of ${known}`,
    );
  }
  if (!Object.hasOwn(styles, style))
    throw new UserError(`${where}: LAMMPS units '${style}'; expected one of ${known}`);
  return styles[style]!;
}

function readBeads(
  head: string,
  rows: readonly string[],
  line: number,
  frame: number,
  box: DumpBox,
  step: string,
  units: ConfigurationUnits,
  options: DumpOptions,
): Frame {
  const { source, energyColumn, species: names } = options;
  const where = `${source}, line ${line - 1}`;
  const columns = head.split(/\s+/).slice(2);
  const column = (name: string) => columns.indexOf(name);
  const scaled = column("xs") >= 0 || column("xsu") >= 0;
  const at = [
    ["x", "y", "z"],
    ["xu", "yu", "zu"],
    ["xs", "ys", "zs"],
    ["xsu", "ysu", "zsu"],
  ]
    .map((triple) => triple.map(column))
    .find((triple) => triple.every((index) => index >= 0));
  if (at === undefined || column("id") < 0) {
    throw new UserError(
      `${where}: columns ${columns.join(" ")}; expected id and x y z (or xu, xs, xsu and so on)`,
    );
  }
  const forcesAt = ["fx", "fy", "fz"].map(column);
  const hasForces = forcesAt.every((index) => index >= 0);
  const energyAt = energyColumn === undefined ? undefined : column(energyColumn);
  demand(
    energyAt === undefined || energyAt >= 0,
    () => `${where}: no column '${energyColumn}' among ${columns.join(" ")}`,
  );
  const factors = unitFactors(units, undefined, { energy: energyAt !== undefined, forces: hasForces }, where);

  const beads = rows.map((row, r) => {
    const fields = row.trim().split(/\s+/);
    const place = `${source}, line ${line + r}`;
    demand(
      fields.length === columns.length,
      () => `${place}: ${fields.length} fields; expected ${columns.length}: ${columns.join(" ")}`,
    );
    return { fields, place, id: Number(fields[column("id")]) };
  });
  beads.sort((a, b) => a.id - b.id);
  const positions = new Float64Array(3 * rows.length);
  const forces = new Float64Array(hasForces ? 3 * rows.length : 0);
  let energy = 0;
  const species = beads.map(({ fields, place, id }, bead) => {
    demand(
      Number.isInteger(id) && id !== beads[bead - 1]?.id,
      () => `${place}: id '${fields[column("id")]}'; expected whole numbers, each once`,
    );
    const number = (index: number, what: string): number => {
      const value = Number(fields[index] || Number.NaN);
      if (Number.isFinite(value)) return value;
      throw new UserError(
        `${place} (frame ${frame}, bead ${bead}): ${what} '${fields[index]}'; expected a finite number`,
      );
    };
    const raw = at.map((index) => number(index, "position"));
    for (let k = 0; k < 3; k++) {
      const x = scaled
        ? raw[0]! * box.cell[k]! + raw[1]! * box.cell[3 + k]! + raw[2]! * box.cell[6 + k]!
        : raw[k]! - box.origin[k]!;
      positions[3 * bead + k] = factors.length * x;
      if (hasForces) forces[3 * bead + k] = factors.force * number(forcesAt[k]!, "force");
    }
    if (energyAt !== undefined) energy += factors.energy * number(energyAt, energyColumn!);
    if (column("element") >= 0) return fields[column("element")]!;
    const type = fields[column("type")];
    if (type === undefined) throw new UserError(`${where}: neither an element nor a type column`);
    const name = names?.[Number(type)];
    if (name !== undefined) return name;
    demand(
      names === undefined,
      () => `${place}: type ${type} has no name; pass it in species: { ${type}: "…" }`,
    );
    return type;
  });
  return {
    species,
    positions,
    ...(hasForces ? { forces } : {}),
    ...(energyAt === undefined ? {} : { energy }),
    cell: box.cell.map((x) => factors.length * x),
    periodic: box.periodic,
    info: { step },
  };
}
