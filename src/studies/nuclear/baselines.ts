import { selectRows } from "../../data/select.ts";
import { numbers, type Table } from "../../data/table.ts";
import { bindingData } from "../../physics/nuclear/baselines.ts";
import { type FormulaFit, fitMassFormula, rmsError } from "../../physics/nuclear/fits.ts";
import { formulaBinding, massFormulas } from "../../physics/nuclear/liquid-drop.ts";
import { nucleiOf } from "../../physics/nuclear/nuclides.ts";
import type { NuclearData } from "./data.ts";

/** A formula fitted on the networks' training nuclei, and what it says of every nuclide of the chart. */
export interface FittedBaseline {
  name: keyof typeof massFormulas;
  fit: FormulaFit;
  /** keV, one a nuclide of `NuclearData.chart`. */
  fitted: Float64Array;
  textbook: Float64Array;
}

/** SEMF and BW2 by least squares on the nuclei whose binding energy trains, and with textbook coefficients. */
export function fitBaselines(data: NuclearData): FittedBaseline[] {
  const { chart, split } = data;
  const training = bindingData(selectRows(chart, bindingRows(data, split.train)));
  const nuclei = nucleiOf(chart);
  return (Object.keys(massFormulas) as (keyof typeof massFormulas)[]).map((name) => {
    const formula = massFormulas[name];
    const fit = fitMassFormula(formula, training);
    return {
      name,
      fit,
      fitted: formulaBinding(formula, nuclei, fit.coefficients),
      textbook: formulaBinding(formula, nuclei),
    };
  });
}

/** The rows of the chart whose binding energy is among the targets `entries`. */
export function bindingRows({ targets, chartRow }: NuclearData, entries: Int32Array): Int32Array {
  return entries.filter((i) => targets[i]!.task === 0).map((i) => chartRow[targets[i]!.nucleus]!);
}

/** RMS of predicted binding energies over rows of the chart, keV; NaN for no rows. */
export function rmsOver(chart: Table, predicted: Float64Array, rows: Int32Array): number {
  if (rows.length === 0) return Number.NaN;
  const binding = numbers(chart, "binding").values;
  return rmsError(
    Array.from(rows, (i) => predicted[i]!),
    Array.from(rows, (i) => binding[i]!),
  );
}
