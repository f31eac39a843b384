import { numberColumn, numbers, type Table, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { nucleiOf } from "../../physics/nuclear/nuclides.ts";
import { nuclideChart } from "../../report/figures/nuclide-chart.ts";
import type { Section } from "../contract.ts";
import type { FittedBaseline } from "./baselines.ts";
import type { NuclearData } from "./data.ts";
import type { Evaluation } from "./evaluate.ts";

/** The part of the report on the predictions for every nuclide of the chart. */
export function predictionSection(
  data: NuclearData,
  evaluation: Evaluation,
  baselines: readonly FittedBaseline[],
): Section {
  const findings = emptyFindings();
  const { chart } = data;
  const { provenance } = data.source;
  const { z, n } = nucleiOf(chart);
  const binding = numbers(chart, "binding").values;
  const { ensemble, spread, networks, validation, training } = evaluation;
  const held = new Set(validation);
  const marked = Array.from({ length: chart.rows }, (_, i) => held.has(i));
  const residual = ensemble.map((value, i) => value - binding[i]!);
  const unknown = ensemble.filter((value) => Number.isNaN(value)).length;
  if (unknown > 0) {
    findings.diagnostics.push(
      note(
        `${unknown} of ${chart.rows} nuclides have a Z or an N that never trains; they get no prediction.`,
      ),
    );
  }
  findings.metrics["predictions.nuclides"] = chart.rows - unknown;
  const mean = networks.length === 1 ? "the network" : `the mean of ${networks.length} networks`;
  findings.figures.push(
    nuclideChart({
      name: "residuals-chart",
      title: "Where the networks are wrong",
      caption: `Binding energy by ${mean} less the table's. Dashed: magic numbers.`,
      z,
      n,
      value: residual,
      valueLabel: "predicted − table",
      unit: "keV",
      diverging: true,
      marked,
      markedLabel: "held out from training",
      provenance,
    }),
  );
  const bw2 = baselines.find(({ name }) => name === "bw2");
  if (bw2) {
    findings.figures.push(
      nuclideChart({
        name: "residuals-chart-bw2",
        title: "Where the fitted formula is wrong",
        caption: "Binding energy by BW2, fitted to the networks' training nuclei, less the table's.",
        z,
        n,
        value: bw2.fitted.map((value, i) => value - binding[i]!),
        valueLabel: "BW2 − table",
        unit: "keV",
        diverging: true,
        provenance,
      }),
    );
  }
  if (networks.length > 1) {
    findings.figures.push(
      nuclideChart({
        name: "spread-chart",
        title: "Where the networks disagree",
        caption: `Standard deviation of the binding energy over ${networks.length} networks: it shows what the random start decides, not the whole error.`,
        z,
        n,
        value: spread,
        valueLabel: "spread over networks",
        unit: "keV",
        diverging: false,
        marked,
        markedLabel: "held out from training",
        provenance,
      }),
    );
  }
  findings.tables.push(
    predictionTable(data, { ensemble, spread, networks, residual }, baselines, {
      held,
      trained: new Set(training),
    }),
  );
  return {
    title: "Predictions",
    asked: "What do the networks say of every nuclide, and where are they wrong or at odds?",
    ...findings,
  };
}

function predictionTable(
  { chart, source }: NuclearData,
  said: Pick<Evaluation, "ensemble" | "spread" | "networks"> & { residual: Float64Array },
  baselines: readonly FittedBaseline[],
  sets: { held: ReadonlySet<number>; trained: ReadonlySet<number> },
): Table {
  const role = (i: number) => (sets.held.has(i) ? "held out" : sets.trained.has(i) ? "training" : "not used");
  const given = chart.columns.filter(({ name }) =>
    ["z", "n", "a", "symbol", "measured", "binding"].includes(name),
  );
  return {
    name: "predictions",
    rows: chart.rows,
    provenance: source.provenance,
    columns: [
      ...given,
      textColumn(
        "role",
        Array.from({ length: chart.rows }, (_, i) => role(i)),
      ),
      numberColumn("predicted", "keV", said.ensemble, {
        help: "mean over the networks, with the standard deviation over them",
        uncertainty: said.spread,
      }),
      numberColumn("residual", "keV", said.residual, { help: "predicted less the table's" }),
      ...said.networks.map((values, k) => numberColumn(`predicted_seed${k}`, "keV", values)),
      ...baselines.map(({ name, fitted }) => numberColumn(name, "keV", fitted, { help: "fitted formula" })),
    ],
  };
}
