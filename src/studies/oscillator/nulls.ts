import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import type { Section } from "../contract.ts";
import { wilson } from "./figure-recovery.ts";
import type { NullResult } from "./null-job.ts";

/** The part of the report on tables of pure noise. */
export function nullSection(results: readonly NullResult[], rounds: number): Section {
  const findings = emptyFindings();
  const believed = results.filter((one) => one.believed).length;
  const chosen = results.filter(({ saved }) => saved > 0).length;
  const rate = believed / results.length;
  const [, high] = wilson(believed, results.length);
  findings.metrics["oscillator.null.tables"] = results.length;
  findings.metrics["oscillator.null.false_discovery"] = rate;
  findings.metrics["oscillator.null.formula_chosen"] = chosen / results.length;
  findings.tables.push({
    name: "oscillator-nulls",
    title: "Tables of pure noise",
    rows: results.length,
    provenance: [],
    columns: [
      numberColumn(
        "table",
        "",
        results.map(({ index }) => index),
      ),
      textColumn(
        "columns of",
        results.map(({ variant }) => variant),
      ),
      textColumn(
        "chosen",
        results.map(({ text }) => text),
      ),
      numberColumn(
        "saved",
        "nat",
        results.map(({ saved }) => saved),
        {
          help: "description length saved against a constant",
        },
      ),
      numberColumn(
        "p",
        "",
        results.map(({ p }) => p),
      ),
      textColumn(
        "believed",
        results.map((one) => (one.believed ? "yes" : "no")),
      ),
      numberColumn(
        "searches",
        "",
        results.map(({ searches }) => searches),
      ),
    ],
  });
  findings.diagnostics.push(
    note(
      `A formula is believed where the choice saves description length against a constant and no more than one in twenty of ${rounds} reruns on permuted targets, searched and chosen anew, saves as much; p cannot fall below ${(1 / (rounds + 1)).toFixed(3)}. Where a constant is chosen nothing is claimed.`,
    ),
  );
  findings.summary.push(
    `Of ${results.length} tables of pure noise ${believed} would have been believed (${(100 * rate).toFixed(1)} %; at most ${(100 * high).toFixed(0)} % with 95 % confidence); a formula other than a constant was chosen for ${chosen}.`,
  );
  return {
    ...findings,
    title: "Pure noise",
    asked: "Does the same procedure refuse to believe a formula where there is nothing to find?",
  };
}
