import { findDataset } from "../../data/store.ts";
import { numbers, type Provenance, type Table } from "../../data/table.ts";
import { emptyFindings, type Findings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { nuclearDatasets } from "../../physics/nuclear/datasets.ts";
import { equation5Tex, fitEquation5 } from "../../physics/nuclear/equation-5.ts";
import { equation5Data, equation5Table } from "../../physics/nuclear/equation-5-table.ts";
import { fitMassFormula } from "../../physics/nuclear/fits.ts";
import { semf } from "../../physics/nuclear/liquid-drop.ts";
import { physlensHome } from "../../runs/home.ts";
import type { Section } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";
import { mev } from "./report-theory.ts";

/**
 * The part of the report on equation 5 of the paper, refitted to precisely measured nuclei with Z, N > 9: of the study's
 * table, and of the LiveChart copy that the paper used where that was added.
 */
export async function equation5Section(data: NuclearData, options: NuclearOptions): Promise<Section> {
  const findings = emptyFindings();
  const first = look(findings, data.source, { metrics: "equation5", name: "equation-5", what: options.data });
  if (options.data === "livechart") {
    look(findings, data.source, {
      metrics: "equation5.anchor",
      name: "equation-5-anchor",
      what: "livechart",
      anchor: true,
    });
  } else {
    const found = await findDataset({
      home: physlensHome(),
      catalogue: nuclearDatasets,
      name: "livechart",
    });
    if (found) {
      const table = found.table;
      look(findings, table, {
        metrics: "equation5.livechart",
        name: "equation-5-livechart",
        what: "livechart",
      });
      look(findings, table, {
        metrics: "equation5.anchor",
        name: "equation-5-anchor",
        what: "livechart",
        anchor: true,
      });
    } else {
      findings.diagnostics.push(
        note(
          "The paper fits LiveChart's values; to refit them too: physlens data add livechart --file ground_states.csv.",
        ),
      );
    }
  }
  findings.formulas.push({ label: "Equation 5", tex: equation5Tex });
  const side = first.semf < first.rms ? "misses the same nuclei by less" : "misses the same nuclei by more";
  findings.summary.push(
    `Equation 5 of the paper, found by symbolic regression and refitted to ${first.nuclei} measured nuclei, misses them by ${mev(first.rms)}; the semi-empirical formula, fitted as well, ${side}: ${mev(first.semf)}. The paper's comparison is with textbook coefficients.`,
  );
  return {
    title: "Equation 5",
    asked:
      "The paper distils a formula out of its network: where does it stand when the other formulas are fitted too?",
    ...findings,
  };
}

function look(
  findings: Findings,
  table: Table,
  how: { metrics: string; name: string; what: string; anchor?: boolean },
): { nuclei: number; rms: number; semf: number } {
  const { metrics, name, what, anchor = false } = how;
  const data = equation5Data(table, { anchor });
  const { coefficients, fit } = fitEquation5(data);
  const liquidDrop = fitMassFormula(semf, data);
  const compared = equation5Table(data);
  const provenance: readonly Provenance[] = table.provenance;
  findings.tables.push({
    ...compared,
    name,
    title: `Equation 5 and the liquid drop on ${data.z.length} nuclei (${what}; Z, N > 9, uncertainty below 100 keV${anchor ? "; without Z = 93, N = 129, as the authors' copy" : ""})`,
    provenance,
  });
  const formula = compared.columns.find((column) => column.name === "formula")!.values as string[];
  findings.metrics[`${metrics}.nuclei`] = data.z.length;
  findings.metrics[`${metrics}.rms_keV`] = fit.rms;
  findings.metrics[`${metrics}.published_rms_keV`] = numbers(compared, "rms").values[
    formula.indexOf("equation 5, published")
  ]!;
  findings.metrics[`${metrics}.a1_keV`] = coefficients.a1;
  findings.metrics[`${metrics}.a2_keV`] = coefficients.a2;
  findings.metrics[`${metrics}.b_keV`] = coefficients.b;
  findings.metrics[`${metrics}.semf_rms_keV`] = liquidDrop.rms;
  findings.metrics[`${metrics}.rank`] = 1 + formula.indexOf("equation 5, refitted");
  return { nuclei: data.z.length, rms: fit.rms, semf: liquidDrop.rms };
}
