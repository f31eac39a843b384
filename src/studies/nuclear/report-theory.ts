import type { Provenance } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { coefficientTable, rmsByCut } from "../../physics/nuclear/baselines.ts";
import { massFormulas } from "../../physics/nuclear/liquid-drop.ts";
import { ws4Published } from "../../physics/nuclear/published.ts";
import type { Section } from "../contract.ts";
import { bindingRows, type FittedBaseline, rmsOver } from "./baselines.ts";
import type { NuclearData } from "./data.ts";

/** The part of the report on the formulas that the network is measured against. */
export function theorySection(data: NuclearData, baselines: readonly FittedBaseline[]): Section {
  const findings = emptyFindings();
  const heldOut = bindingRows(data, data.validation);
  const training = bindingRows(data, data.split.train);
  const provenance: readonly Provenance[] = data.source.provenance;
  for (const { name, fit, fitted, textbook } of baselines) {
    const { title, parts } = massFormulas[name];
    const held = rmsOver(data.chart, fitted, heldOut);
    const book = rmsOver(data.chart, textbook, heldOut);
    findings.metrics[`baseline.${name}.rms_keV`] = held;
    findings.metrics[`baseline.${name}.train_rms_keV`] = rmsOver(data.chart, fitted, training);
    findings.metrics[`baseline.${name}_textbook.rms_keV`] = book;
    parts.forEach(({ symbol }, j) => {
      findings.metrics[`baseline.${name}.${symbol.replace(/[{}]/g, "")}_MeV`] = fit.coefficients[j]!;
    });
    findings.tables.push({ ...coefficientTable(fit), name: `coefficients-${name}`, provenance });
    findings.summary.push(
      `${title} with ${parts.length} coefficients fitted to the training nuclei misses the held-out ones by ${mev(held)} (textbook coefficients: ${mev(book)}).`,
    );
  }
  findings.metrics["baseline.ws4_published.rms_keV"] = ws4Published.rms;
  findings.tables.push({
    ...rmsByCut(data.source),
    name: "formulas-by-cut",
    title: "RMS error of the formulas on each cut of the table",
    provenance,
  });
  findings.formulas.push(
    {
      label: "SEMF",
      tex: "B = a_V A - a_S A^{2/3} - a_C \\frac{Z(Z-1)}{A^{1/3}} - a_A \\frac{(N-Z)^2}{A} + a_P \\frac{\\delta}{\\sqrt{A}}",
    },
    {
      label: "BW2",
      tex: "\\begin{aligned} B ={} & a_V A + a_S A^{2/3} + a_C \\frac{Z^2}{A^{1/3}} + a_A \\frac{(N-Z)^2}{A} + a_P \\frac{\\delta}{\\sqrt{A}} \\\\ & + a_{m1} P + a_{m2} P^2 + a_R A^{1/3} + a_{xC} \\frac{Z^{4/3}}{A^{1/3}} + a_W \\frac{|N-Z|}{A} + a_{st} \\frac{(N-Z)^2}{A^{4/3}} \\end{aligned}",
    },
  );
  return {
    title: "Theory",
    asked:
      "How well do the liquid-drop formulas do when they are fitted to the very nuclei that the network learns from?",
    ...findings,
  };
}

/** Kiloelectronvolts as text in MeV. */
export function mev(keV: number): string {
  return `${(keV / 1000).toFixed(2)} MeV`;
}
