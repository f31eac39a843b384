import { UserError } from "../../core/errors.ts";
import { parseNumber } from "../../data/csv.ts";
import { sha256 } from "../../data/sha256.ts";
import { numberColumn, type Table } from "../../data/table.ts";
import { bindingFromMassExcess } from "./mass-table.ts";
import { nuclideRows } from "./nuclides.ts";

/** How the WS4 mass model is cited. */
export const ws4Citation = "Wang, Liu, Wu & Meng, Physics Letters B 734 (2014) 215";

/**
 * Reads the table of the WS4 mass model: lines of A, Z and the mass excess in MeV of WS4 and of WS4 with its radial
 * basis function correction. Columns `z`, `n`, `a`, `mass_excess`, `mass_excess_rbf`, `binding`, `binding_rbf` (keV).
 * @param options.nuclides how many nuclides the file has to hold; 10 237.
 * @throws UserError naming file and line for a line that is cut or not four numbers, for a nucleus that is there
 * twice, and for a file that is cut.
 */
export function readWs4(bytes: Uint8Array, options: { source?: string; nuclides?: number } = {}): Table {
  const { source = "WS4", nuclides = 10_237 } = options;
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const values: [number[], number[], number[], number[]] = [[], [], [], []];
  const places: number[] = [];
  lines.forEach((line, i) => {
    if (line.trim() === "") return;
    const where = `${source}, line ${i + 1}`;
    const fields = line.trim().split(/\s+/);
    // Four decimals are printed; fewer mean that the line broke off.
    if (fields.length !== 4 || !fields.slice(2).every((field) => /\.\d{4}$/.test(field))) {
      throw new UserError(`${where}: '${line.trim()}'; expected A, Z and two energies with four decimals`);
    }
    fields.forEach((field, j) => {
      values[j]!.push(parseNumber(field, `${where}, column ${j + 1}`));
    });
    places.push(i + 1);
  });
  const [a, z, plain, corrected] = values;
  const n = a.map((value, i) => value - z[i]!);
  nuclideRows({ z, n }, (row) => `${source}, line ${places[row]}`);
  if (a.length !== nuclides) {
    throw new UserError(
      `${source}: ${a.length} nuclides, expected ${nuclides}${a.length < nuclides ? "; the file is cut" : ""}`,
    );
  }
  const excess = [plain, corrected].map((column) => column.map((mev) => 1000 * mev));
  const binding = excess.map((column) => column.map((keV, i) => bindingFromMassExcess(z[i]!, n[i]!, keV)));
  return {
    name: "WS4",
    rows: a.length,
    provenance: [{ name: "WS4", source, sha256: sha256(bytes), citation: ws4Citation }],
    columns: [
      numberColumn("z", "", z, { help: "protons" }),
      numberColumn("n", "", n, { help: "neutrons" }),
      numberColumn("a", "", a, { help: "nucleons" }),
      numberColumn("mass_excess", "keV", excess[0]!, { help: "WS4" }),
      numberColumn("mass_excess_rbf", "keV", excess[1]!, { help: "WS4 with radial basis functions" }),
      numberColumn("binding", "keV", binding[0]!, { help: "WS4" }),
      numberColumn("binding_rbf", "keV", binding[1]!, { help: "WS4 with radial basis functions" }),
    ],
  };
}
