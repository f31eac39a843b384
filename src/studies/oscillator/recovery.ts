import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import type { Section } from "../contract.ts";
import type { CellResult } from "./cell-job.ts";
import { countRecoveries } from "./count-recoveries.ts";
import { recoveryFigure } from "./figure-recovery.ts";
import { type VariantId, variantIds, variants } from "./variants.ts";

/** The part of the report on how often each law comes back. */
export function recoverySection(cells: readonly CellResult[]): Section {
  const findings = emptyFindings();
  const counts = countRecoveries(cells);
  for (const { variant, noise, found, exact, seeds } of counts) {
    findings.metrics[`oscillator.${variant}.recovery.${noise}`] = found / seeds;
    if (variant === "d") findings.metrics[`oscillator.d.exact.${noise}`] = exact / seeds;
  }
  findings.metrics["oscillator.evaluations"] = cells.reduce((sum, cell) => sum + cell.evaluations, 0);
  findings.figures.push(recoveryFigure(counts));
  findings.tables.push(cellTable(cells), ruleTable());
  findings.formulas.push(...variantIds.map((id) => ({ label: variants[id].title, tex: variants[id].tex })));
  findings.diagnostics.push(
    note(
      "The springs of the invariant carry noise of 0.1 on q and p in every column, as in the set they follow; the level is added to it. Without it the trajectory's data are the same for each seed, and seeds differ by the search alone.",
    ),
  );
  const lost = counts.filter(({ found, seeds }) => found < seeds);
  for (const { variant, noise, found, seeds } of lost) {
    const others = cells.filter((c) => c.variant === variant && c.noise === noise && !c.judgement.accepted);
    findings.diagnostics.push(
      warning(
        `${variants[variant].title} at noise ${noise}: ${found} of ${seeds}. Chosen instead: ${others
          .slice(0, 3)
          .map(({ text }) => text)
          .join("; ")}.`,
      ),
    );
  }
  const text = variantIds.map((id) => {
    const own = counts.filter(({ variant }) => variant === id);
    return `${variants[id].title.toLowerCase()} ${own.map(({ found, seeds, noise }) => `${found}/${seeds} at ${noise}`).join(", ")}`;
  });
  findings.summary.push(`Recovered, by noise level: ${text.join("; ")}.`);
  return {
    ...findings,
    title: "Recovery of the laws",
    asked:
      "Is the formula that the search and the choice arrive at the law behind the data, and how much noise does that survive?",
  };
}

function cellTable(cells: readonly CellResult[]): Table {
  const text = (name: string, of: (cell: CellResult) => string, help?: string) =>
    textColumn(name, cells.map(of), help);
  return {
    name: "oscillator-cells",
    title: "What was chosen in each search",
    rows: cells.length,
    provenance: [],
    columns: [
      text("variant", ({ variant }) => variant),
      numberColumn(
        "noise",
        "",
        cells.map(({ noise }) => noise),
      ),
      numberColumn(
        "seed",
        "",
        cells.map(({ seed }) => seed),
      ),
      text("chosen", (cell) => cell.text),
      text("recovered", ({ judgement }) => (judgement.accepted ? "yes" : "no")),
      text("canonical form", ({ judgement }) => (judgement.symbolic ? "the law's" : "another")),
      text("measured", ({ judgement }) =>
        Object.entries(judgement.measured)
          .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`)
          .join(", "),
      ),
      numberColumn(
        "evaluations",
        "",
        cells.map(({ evaluations }) => evaluations),
      ),
    ],
  };
}

function ruleTable(): Table {
  const column = (name: string, of: (id: VariantId) => string) => textColumn(name, variantIds.map(of));
  return {
    name: "oscillator-rules",
    title: "What counts as recovered, fixed beforehand",
    rows: variantIds.length,
    provenance: [],
    columns: [
      column("variant", (id) => id),
      column("task", (id) => variants[id].task),
      column("law", (id) => variants[id].truth),
      column("counts as recovered", (id) => variants[id].rule),
    ],
  };
}
