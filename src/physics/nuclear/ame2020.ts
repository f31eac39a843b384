import { UserError } from "../../core/errors.ts";
import { parseNumber } from "../../data/csv.ts";
import { sha256 } from "../../data/sha256.ts";
import type { Table } from "../../data/table.ts";
import { bindingFromMassExcess, type MassRow, massTable } from "./mass-table.ts";

/** How AME2020 is cited. */
export const ame2020Citation =
  "Huang, Wang, Kondev, Audi & Naimi, The AME 2020 atomic mass evaluation (I), Chinese Physics C 45 (2021) 030002; Wang, Huang, Kondev, Audi & Naimi, (II), Chinese Physics C 45 (2021) 030003";

const layout = "a1,i3,i5,i5,i5,1x,a3,a4,1x,f14.6,f12.6,f13.5,1x,f10.5,1x,a2,f13.5,f11.5,1x,i3,1x,f13.6,f12.6";

/**
 * Reads AME2020's table of atomic masses, the fixed-width file `mass.mas20` (also `mass_1.mas20.txt`); `#` in the
 * place of a decimal point marks an estimate. Columns as in `massTable`; the binding energy follows from the mass
 * excess, which is printed with more digits than the binding energy per nucleon, its uncertainty from the latter's.
 * Layout: the FORTRAN format in the file's head.
 * @param options.nuclides how many nuclides the file has to hold; 3558 in AME2020.
 * @throws UserError naming file, line and field for another format, a line that is cut, a value that is no number,
 * a nucleus that is there twice, numbers that contradict each other, and a file that is cut.
 */
export function readAme2020(bytes: Uint8Array, options: { source?: string; nuclides?: number } = {}): Table {
  const { source = "AME2020", nuclides = 3558 } = options;
  const lines = new TextDecoder("latin1").decode(bytes).split(/\r?\n/);
  if (!lines.some((line) => line.replaceAll(" ", "").includes(layout))) {
    throw new UserError(
      `${source}: not an AME2020 mass table (its head does not state the format ${layout})`,
    );
  }
  const start = lines.findIndex((line) => line.startsWith("N-Z") || line.startsWith("1N-Z")) + 2;
  if (start < 2)
    throw new UserError(`${source}: no column titles (a line that begins with N-Z); the file may be cut`);
  const rows: MassRow[] = [];
  for (let i = start; i < lines.length; i++) {
    if (lines[i]!.trim() !== "") rows.push(readLine(lines[i]!, `${source}, line ${i + 1}`));
  }
  if (rows.length !== nuclides) {
    throw new UserError(
      `${source}: ${rows.length} nuclides, expected ${nuclides}${rows.length < nuclides ? "; the file is cut" : ""}`,
    );
  }
  return massTable("AME2020", rows, [
    { name: "AME2020", source, sha256: sha256(bytes), citation: ame2020Citation },
  ]);
}

function readLine(line: string, where: string): MassRow {
  // The last field's decimal point, or the # in its place, stands in column 129.
  if (line.length < 129) {
    throw new UserError(`${where}: ${line.length} characters, expected at least 129; the file is cut here`);
  }
  const field = (from: number, to: number, name: string) =>
    parseNumber(line.slice(from, to).replace("#", "."), `${where}, ${name} (columns ${from + 1}–${to})`);
  const n = field(4, 9, "N");
  const z = field(9, 14, "Z");
  const a = field(14, 19, "A");
  if (z + n !== a) throw new UserError(`${where}: Z = ${z} and N = ${n} do not add up to A = ${a}`);
  const massExcess = field(28, 42, "mass excess");
  const bindingPerNucleon = field(54, 67, "binding energy per nucleon");
  const perNucleonUncertainty = field(68, 78, "its uncertainty");
  const binding = bindingFromMassExcess(z, n, massExcess);
  const measured = !line.slice(28, 42).includes("#");
  const rounding = measured ? 0.01 : 1;
  if (Math.abs(binding / a - bindingPerNucleon) > rounding) {
    throw new UserError(
      `${where}: mass excess ${massExcess} keV means ${(binding / a).toFixed(4)} keV of binding per nucleon, the file says ${bindingPerNucleon}`,
    );
  }
  field(123, 135, "uncertainty of the atomic mass");
  return {
    z,
    n,
    symbol: line.slice(20, 23).trim(),
    massExcess,
    massExcessUncertainty: field(42, 54, "uncertainty of the mass excess"),
    binding,
    bindingUncertainty: perNucleonUncertainty * a,
    measured,
    where,
  };
}
