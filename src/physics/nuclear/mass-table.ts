import { numberColumn, type Provenance, type Table, textColumn } from "../../data/table.ts";
import { atomicMassUnit, hydrogenMass, neutronMass } from "../../units/constants.ts";
import { nuclideRows } from "./nuclides.ts";

/** What a source of masses states about one nuclide; energies in keV. */
export interface MassRow {
  z: number;
  n: number;
  symbol: string;
  massExcess: number;
  massExcessUncertainty: number;
  binding: number;
  bindingUncertainty: number;
  measured: boolean;
  /** Where the row stands in its source, for messages. */
  where: string;
}

/**
 * The total binding energy in keV of the neutral atom, B = Z·m(¹H) + N·m_n − M, from its mass excess M − A·u in keV.
 * Electron binding is not removed (the convention of the atomic mass evaluations).
 */
export function bindingFromMassExcess(z: number, n: number, massExcess: number): number {
  const u = atomicMassUnit.value;
  return z * (hydrogenMass.value - 1) * u + n * (neutronMass.value - 1) * u - massExcess;
}

/**
 * The table every source of masses is read into: columns `z`, `n`, `a`, `symbol`, `mass_excess` and `binding` (keV,
 * with uncertainties) and `measured` (1 measured, 0 extrapolated), in the order of `rows`.
 * @throws UserError for a nucleus that is there twice.
 */
export function massTable(name: string, rows: readonly MassRow[], provenance: readonly Provenance[]): Table {
  const z = rows.map((row) => row.z);
  const n = rows.map((row) => row.n);
  nuclideRows({ z, n }, (row) => rows[row]!.where);
  return {
    name,
    rows: rows.length,
    provenance,
    columns: [
      numberColumn("z", "", z, { help: "protons" }),
      numberColumn("n", "", n, { help: "neutrons" }),
      numberColumn(
        "a",
        "",
        rows.map((row) => row.z + row.n),
        { help: "nucleons" },
      ),
      textColumn(
        "symbol",
        rows.map((row) => row.symbol),
        "element",
      ),
      numberColumn(
        "mass_excess",
        "keV",
        rows.map((row) => row.massExcess),
        {
          help: "atomic mass less A atomic mass units",
          uncertainty: Float64Array.from(rows, (row) => row.massExcessUncertainty),
        },
      ),
      numberColumn(
        "binding",
        "keV",
        rows.map((row) => row.binding),
        {
          help: "total binding energy of the neutral atom",
          uncertainty: Float64Array.from(rows, (row) => row.bindingUncertainty),
        },
      ),
      numberColumn(
        "measured",
        "",
        rows.map((row) => (row.measured ? 1 : 0)),
        {
          help: "1: measured; 0: extrapolated by the evaluators",
        },
      ),
    ],
  };
}
