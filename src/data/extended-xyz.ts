import { demand, UserError } from "../core/errors.ts";
import { type ConfigurationUnits, unitFactors } from "./configuration-units.ts";
import type { Frame } from "./configurations.ts";
import { type Column, commentFields, parseColumns } from "./extended-xyz-comment.ts";

/** Where energies and forces are looked for unless the reader is told. */
const energyNames = ["energy", "Energy", "potential_energy"];
const forceNames = ["forces", "force"];

/**
 * Reads extended XYZ: a line with the number of beads, a comment line of key=value pairs (Lattice, Properties, pbc,
 * energy and others), and a line a bead; any number of frames. Without Properties the columns are species and
 * position. Units: the keys length_unit, energy_unit and force_unit, or `options.units`. Everything comes back in Å,
 * kcal/mol and kcal/mol/Å. Format: libatoms/extxyz and the ASE documentation.
 * @param options.units of a file that does not name them; length, and energy where there are energies or forces.
 * @param options.energyKey, options.forcesKey where the file calls them by other names than energy and forces.
 * @throws UserError naming file and line for what is cut, missing, no number or in no known unit, and frame and bead
 * (counted from 0) for a number that is not finite.
 */
export function readExtendedXyz(
  input: string | Uint8Array,
  options: {
    source: string;
    units?: Partial<ConfigurationUnits>;
    energyKey?: string;
    forcesKey?: string;
  },
): Frame[] {
  const { source } = options;
  const text = typeof input === "string" ? input : new TextDecoder("utf-8", { fatal: false }).decode(input);
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  const frames: Frame[] = [];
  let at = 0;
  while (at < lines.length) {
    const count = Number(lines[at]!.trim() || Number.NaN);
    demand(
      Number.isInteger(count) && count > 0,
      () =>
        `${source}, line ${at + 1}: '${lines[at]!.trim().slice(0, 60)}'; expected the number of beads of frame ${frames.length}`,
    );
    demand(
      at + 2 + count <= lines.length,
      () =>
        `${source}: frame ${frames.length} begins at line ${at + 1} with ${count} beads, but the file ends at line ${lines.length}: it is cut`,
    );
    frames.push(readFrame(lines, at, count, frames.length, options));
    at += 2 + count;
  }
  demand(frames.length > 0, () => `${source}: no frames`);
  return frames;
}

function readFrame(
  lines: readonly string[],
  at: number,
  count: number,
  frame: number,
  options: { source: string; units?: Partial<ConfigurationUnits>; energyKey?: string; forcesKey?: string },
): Frame {
  const { source } = options;
  const commentAt = `${source}, line ${at + 2}`;
  const info = commentFields(lines[at + 1]!, commentAt);
  const columns = parseColumns(info["Properties"], commentAt);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const offsets = new Map<string, number>();
  columns.reduce((offset, column) => {
    offsets.set(column.name, offset);
    return offset + column.width;
  }, 0);
  const find = (names: readonly string[], wanted: number): number | undefined => {
    const column = columns.find(({ name }) => names.includes(name));
    if (column === undefined) return undefined;
    checkColumn(column, wanted, commentAt);
    return offsets.get(column.name)!;
  };
  const speciesAt = offsets.get("species") ?? offsets.get("Z");
  const positionAt = find(["pos"], 3);
  if (positionAt === undefined || speciesAt === undefined) {
    throw new UserError(
      `${commentAt}: Properties '${info["Properties"]}'; expected species:S:1 (or Z:I:1) and pos:R:3`,
    );
  }
  const forceAt = find(options.forcesKey === undefined ? forceNames : [options.forcesKey], 3);
  demand(
    options.forcesKey === undefined || forceAt !== undefined,
    () => `${commentAt}: no column '${options.forcesKey}' in Properties '${info["Properties"]}'`,
  );
  const energyKey = options.energyKey ?? energyNames.find((name) => info[name] !== undefined);
  const energyText = energyKey === undefined ? undefined : info[energyKey];
  demand(
    options.energyKey === undefined || energyText !== undefined,
    () => `${commentAt}: no key '${options.energyKey}'`,
  );
  const factors = unitFactors(
    statedUnits(info),
    options.units,
    { energy: energyText !== undefined, forces: forceAt !== undefined },
    commentAt,
  );
  const species: string[] = [];
  const positions = new Float64Array(3 * count);
  const forces = forceAt === undefined ? undefined : new Float64Array(3 * count);
  for (let bead = 0; bead < count; bead++) {
    const where = `${source}, line ${at + 3 + bead}`;
    const fields = lines[at + 2 + bead]!.trim().split(/\s+/);
    demand(
      fields.length === width,
      () =>
        `${where}: ${fields.length} fields; expected ${width} after Properties '${info["Properties"] ?? "species:S:1:pos:R:3"}'`,
    );
    species.push(fields[speciesAt]!);
    for (let k = 0; k < 3; k++) {
      const place = `${where} (frame ${frame}, bead ${bead})`;
      positions[3 * bead + k] = factors.length * finite(fields[positionAt + k]!, `${place}: position`);
      if (forces) forces[3 * bead + k] = factors.force * finite(fields[forceAt! + k]!, `${place}: force`);
    }
  }
  const cell = lattice(info["Lattice"], factors.length, commentAt);
  return {
    species,
    positions,
    ...(forces ? { forces } : {}),
    ...(energyText === undefined
      ? {}
      : { energy: factors.energy * finite(energyText, `${commentAt} (frame ${frame}): ${energyKey}`) }),
    ...(cell ? { cell } : {}),
    periodic: periodicity(info["pbc"], cell !== undefined, commentAt),
    info,
  };
}

function statedUnits(info: Readonly<Record<string, string>>): Partial<ConfigurationUnits> {
  const { length_unit: length, energy_unit: energy, force_unit: force } = info;
  return {
    ...(length === undefined ? {} : { length }),
    ...(energy === undefined ? {} : { energy }),
    ...(force === undefined ? {} : { force }),
  };
}

function checkColumn(column: Column, width: number, where: string): void {
  demand(
    column.type === "R" && column.width === width,
    () =>
      `${where}: column ${column.name}:${column.type}:${column.width}; expected ${column.name}:R:${width}`,
  );
}

function lattice(text: string | undefined, factor: number, where: string): Float64Array | undefined {
  if (text === undefined) return undefined;
  const words = text.trim().split(/[\s,]+/);
  demand(words.length === 9, () => `${where}: Lattice of ${words.length} numbers; expected 9`);
  return Float64Array.from(words, (word) => factor * finite(word, `${where}: Lattice`));
}

function periodicity(text: string | undefined, hasCell: boolean, where: string): [boolean, boolean, boolean] {
  if (text === undefined) return [hasCell, hasCell, hasCell];
  const flags = text.trim().split(/[\s,]+/);
  const values = flags.map((flag) =>
    /^(T|True|true|1)$/.test(flag) ? true : /^(F|False|false|0)$/.test(flag) ? false : undefined,
  );
  const [a, b, c] = values;
  if (values.length !== 3 || a === undefined || b === undefined || c === undefined) {
    throw new UserError(`${where}: pbc '${text}'; expected three of T and F`);
  }
  demand(hasCell || !(a || b || c), () => `${where}: pbc '${text}' without a Lattice`);
  return [a, b, c];
}

function finite(text: string, where: string): number {
  const value = text === "" ? Number.NaN : Number(text.replace(/[dD]/, "e"));
  if (!Number.isFinite(value)) throw new UserError(`${where} '${text}'; expected a finite number`);
  return value;
}
