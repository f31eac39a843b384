import { selectRows } from "../../data/select.ts";
import { numberColumn, numbers, type Table, textColumn } from "../../data/table.ts";
import { type BindingData, type FormulaFit, fitMassFormula, rmsError } from "./fits.ts";
import { formulaBinding, type MassFormula, massFormulas } from "./liquid-drop.ts";
import { nucleiOf } from "./nuclides.ts";
import { dataCuts } from "./regions.ts";
import { terms } from "./terms.ts";

/** The nuclei and binding energies of a table (columns z, n, binding), with their uncertainties if it states them. */
export function bindingData(table: Table): BindingData {
  const { values: binding, uncertainty } = numbers(table, "binding");
  return { ...nucleiOf(table), binding, ...(uncertainty ? { uncertainty } : {}) };
}

/**
 * Root mean square errors (keV) of SEMF and BW2 on each data cut of `table`, with textbook coefficients and with
 * coefficients fitted to the same cut: columns cut, definition, nuclei, semf_textbook, semf_fitted, bw2_textbook,
 * bw2_fitted.
 */
export function rmsByCut(table: Table): Table {
  const parts = dataCuts.map((cut) => bindingData(selectRows(table, cut.rows(table))));
  const columns = Object.entries(massFormulas).flatMap(([name, formula]: [string, MassFormula]) => [
    numberColumn(
      `${name}_textbook`,
      "keV",
      parts.map((part) => rmsError(formulaBinding(formula, part), part.binding)),
      { help: `RMS error of ${formula.title}, textbook coefficients` },
    ),
    numberColumn(
      `${name}_fitted`,
      "keV",
      parts.map((part) => fitMassFormula(formula, part).rms),
      { help: `RMS error of ${formula.title}, fitted to these nuclei` },
    ),
  ]);
  return {
    name: "rms by cut",
    rows: parts.length,
    provenance: table.provenance,
    columns: [
      textColumn(
        "cut",
        dataCuts.map((cut) => cut.name),
      ),
      textColumn(
        "definition",
        dataCuts.map((cut) => cut.help),
      ),
      numberColumn(
        "nuclei",
        "",
        parts.map((part) => part.z.length),
      ),
      ...columns,
    ],
  };
}

/** A fit's coefficients beside the textbook's: columns coefficient (TeX), term, textbook, fitted (MeV, with errors). */
export function coefficientTable({ formula, coefficients, standardErrors }: FormulaFit): Table {
  const { parts } = formula;
  return {
    name: `coefficients-${formula.name}`,
    title: `${formula.title}: coefficients`,
    rows: parts.length,
    provenance: [],
    columns: [
      {
        ...textColumn(
          "coefficient",
          parts.map((part) => part.symbol),
        ),
        tex: true,
      },
      textColumn(
        "term",
        parts.map((part) => terms[part.term].help),
      ),
      numberColumn(
        "textbook",
        "MeV",
        parts.map((part) => part.textbook),
      ),
      numberColumn("fitted", "MeV", coefficients, { uncertainty: standardErrors }),
    ],
  };
}
