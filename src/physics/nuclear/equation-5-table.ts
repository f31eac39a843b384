import { selectRows } from "../../data/select.ts";
import { numberColumn, numbers, type Table, textColumn } from "../../data/table.ts";
import { bindingData } from "./baselines.ts";
import { equation5Binding, fitEquation5, publishedEquation5 } from "./equation-5.ts";
import { type BindingData, fitMassFormula, rmsError } from "./fits.ts";
import { formulaBinding, massFormulas } from "./liquid-drop.ts";
import { dataCuts } from "./regions.ts";

/**
 * The nuclei equation 5 was fitted to: Z, N > 9 and an uncertainty below 100 keV. Where the table states binding
 * energies per nucleon (LiveChart), the total is A times those, as the paper takes it: for the few nuclei in that cut
 * whose mass is an estimate, they are rounded by up to 0.13 MeV in the total, which moves a2 by 2 keV.
 * @param options.anchor leave out Z = 93, N = 129, which the authors' older copy of LiveChart does not have.
 */
export function equation5Data(table: Table, options: { anchor?: boolean } = {}): BindingData {
  const precise = dataCuts.find((cut) => cut.name === "precise")!;
  const [z, n] = [numbers(table, "z").values, numbers(table, "n").values];
  const rows = precise.rows(table).filter((i) => !(options.anchor === true && z[i] === 93 && n[i] === 129));
  const part = selectRows(table, rows);
  const data = bindingData(part);
  if (!part.columns.some((column) => column.name === "per_nucleon")) return data;
  const stated = numbers(part, "per_nucleon").values;
  return { ...data, binding: stated.map((value, i) => value * (data.z[i]! + data.n[i]!)) };
}

/**
 * Equation 5 of Kitouni et al. beside the liquid-drop formulas on the same nuclei, least error first: columns formula,
 * coefficients (fitted to these nuclei), rms (keV), a1, a2, b (keV, with standard errors where fitted; NaN for the
 * liquid drop). The paper holds its fitted equation against a liquid drop with textbook coefficients; here both stand
 * with textbook and with fitted ones.
 */
export function equation5Table(data: BindingData): Table {
  const { coefficients, fit } = fitEquation5(data);
  const nan = { a1: Number.NaN, a2: Number.NaN, b: Number.NaN };
  const none = [Number.NaN, Number.NaN, Number.NaN];
  const rows = [
    {
      formula: "equation 5, published",
      fitted: 0,
      rms: rmsError(equation5Binding(data), data.binding),
      values: publishedEquation5,
      errors: none,
    },
    {
      formula: "equation 5, refitted",
      fitted: 3,
      rms: fit.rms,
      values: coefficients,
      errors: Array.from(fit.standardErrors),
    },
    ...Object.values(massFormulas).flatMap((formula) => [
      {
        formula: `${formula.title}, textbook`,
        fitted: 0,
        rms: rmsError(formulaBinding(formula, data), data.binding),
        values: nan,
        errors: none,
      },
      {
        formula: `${formula.title}, fitted`,
        fitted: formula.parts.length,
        rms: fitMassFormula(formula, data).rms,
        values: nan,
        errors: none,
      },
    ]),
  ].sort((a, b) => a.rms - b.rms);
  const coefficient = (name: "a1" | "a2" | "b", place: number) =>
    numberColumn(
      name,
      "keV",
      rows.map((row) => row.values[name]),
      { uncertainty: Float64Array.from(rows, (row) => row.errors[place]!) },
    );
  return {
    name: "equation 5",
    rows: rows.length,
    provenance: [],
    columns: [
      textColumn(
        "formula",
        rows.map((row) => row.formula),
      ),
      numberColumn(
        "coefficients",
        "",
        rows.map((row) => row.fitted),
        { help: "coefficients fitted to these nuclei" },
      ),
      numberColumn(
        "rms",
        "keV",
        rows.map((row) => row.rms),
        { help: `RMS error on ${data.z.length} nuclei` },
      ),
      coefficient("a1", 0),
      coefficient("a2", 1),
      coefficient("b", 2),
    ],
  };
}
