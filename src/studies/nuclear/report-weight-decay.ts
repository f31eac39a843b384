import { numberColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { median } from "../../stats/quantile.ts";
import type { Section } from "../contract.ts";
import { weightDecayOptions } from "./comparison.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";
import { mev } from "./report-theory.ts";
import type { WeightDecayRun } from "./weight-decay.ts";

/** The part of the report on weight decay: the same starts and batches with and without it. */
export function weightDecaySection(
  data: NuclearData,
  runs: readonly WeightDecayRun[],
  options: NuclearOptions,
): Section {
  const findings = emptyFindings();
  const section = {
    title: "Weight decay on and off",
    asked: "Does the structure need weight decay?",
    ...findings,
  };
  if (runs.length === 0) {
    findings.diagnostics.push(note("Not run (--weight-decays 0,0.03 runs it; the presets do)."));
    return section;
  }
  const names = Object.keys(runs[0]!.structure);
  const said: string[] = [];
  for (const [decay, group] of Map.groupBy(runs, (run) => run.decay)) {
    const middle = (of: (run: WeightDecayRun) => number) => {
      const found = group.map(of);
      return found.some(Number.isNaN) ? Number.NaN : median(found);
    };
    const values = {
      val_rms_keV: middle(({ validationError }) => validationError),
      train_rms_keV: middle(({ trainError }) => trainError),
      "helix.N.turns": middle(({ turns }) => turns),
      "helix.N.r2": middle(({ r2 }) => r2),
      ...Object.fromEntries(names.map((name) => [name, middle(({ structure }) => structure[name]!)])),
    };
    for (const [name, value] of Object.entries(values)) {
      if (Number.isFinite(value)) findings.metrics[`weight_decay.${decay}.${name}`] = value;
    }
    said.push(
      `with weight decay ${decay} networks miss held-out nuclei by ${mev(values.val_rms_keV)}${Number.isFinite(values["helix.N.r2"]) ? `, and the helix over N has R² ${values["helix.N.r2"].toFixed(2)} at ${values["helix.N.turns"].toFixed(2)} turns` : ""}`,
    );
  }
  const column = (name: string, unit: string, of: (run: WeightDecayRun) => number, help?: string) =>
    numberColumn(name, unit, runs.map(of), help === undefined ? {} : { help });
  findings.tables.push({
    name: "weight-decay",
    title: "Errors and structure by weight decay",
    rows: runs.length,
    provenance: data.source.provenance,
    columns: [
      column("weight_decay", "", ({ decay }) => decay),
      column("network", "", ({ seed }) => seed, "those of one number share start and batches"),
      column("train_rms", "keV", ({ trainError }) => trainError),
      column("val_rms", "keV", ({ validationError }) => validationError),
      column("helix.N.turns", "", ({ turns }) => turns, "helix fit over N 40–119"),
      column("helix.N.r2", "", ({ r2 }) => r2, "of the helix fit; no evidence by itself"),
      ...names.map((name) => column(name, "", ({ structure }) => structure[name]!)),
    ],
  });
  const { fractionSeeds, comparisonWidth, comparisonEpochs } = weightDecayOptions(options);
  findings.diagnostics.push(
    note(
      `${fractionSeeds} network${fractionSeeds === 1 ? "" : "s"} of width ${comparisonWidth} for each weight decay, ${comparisonEpochs} epochs, on the study's split${comparisonWidth < options.width || comparisonEpochs < options.epochs ? ` (its own networks: width ${options.width}, ${options.epochs} epochs)` : ""}${fractionSeeds < 3 ? "; so few say which way a difference points, not how large it is" : ""}.`,
    ),
  );
  const sentence = said.join("; ");
  findings.summary.push(`${sentence[0]!.toUpperCase()}${sentence.slice(1)} (medians).`);
  return section;
}
