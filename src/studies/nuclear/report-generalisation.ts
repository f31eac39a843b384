import { numberColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import { structureAgainstError } from "../../report/figures/structure-against-error.ts";
import { structureOverTraining } from "../../report/figures/structure-over-training.ts";
import { spearman } from "../../stats/correlation.ts";
import { mean } from "../../stats/describe.ts";
import { median } from "../../stats/quantile.ts";
import type { Section } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { GeneralisationRun } from "./generalisation.ts";
import type { NuclearOptions } from "./params.ts";
import { mev } from "./report-theory.ts";

/** The part of the report on structure against generalisation: networks that saw more and less of the chart. */
export function generalisationSection(
  data: NuclearData,
  runs: readonly GeneralisationRun[],
  options: NuclearOptions,
): Section {
  const findings = emptyFindings();
  const section = {
    title: "Structure against generalisation",
    asked:
      "Do networks whose embeddings are better ordered predict unseen nuclei better, and when does the order come about?",
    ...findings,
  };
  if (runs.length === 0) {
    findings.diagnostics.push(note("Not run: option 'fractions' is none."));
    return section;
  }
  const { provenance } = data.source;
  const groups = [...Map.groupBy(runs, ({ fraction }) => fraction)];
  for (const [fraction, group] of groups) {
    const at = `generalisation.f${fraction}`;
    const middle = (of: (run: GeneralisationRun) => number) => median(group.map(of));
    findings.metrics[`${at}.val_rms_keV`] = middle(({ validationError }) => validationError);
    findings.metrics[`${at}.train_rms_keV`] = middle(({ trainError }) => trainError);
    findings.metrics[`${at}.ordering`] = middle(({ ordering }) => ordering);
    findings.metrics[`${at}.ordering_evenodd`] = middle(({ orderingEvenOdd }) => orderingEvenOdd);
    findings.metrics[`${at}.parity`] = middle(({ parity }) => parity);
    for (const { seed, validationError } of group) {
      findings.metrics[`${at}.val_rms_keV.seed${seed}`] = validationError;
    }
  }
  const error = runs.map(({ validationError }) => validationError);
  const correlations: Record<string, number> = {};
  if (runs.length > 2) {
    correlations["ordering"] = spearman(
      error,
      runs.map(({ ordering }) => 1 - ordering),
    );
    correlations["ordering_evenodd"] = spearman(
      error,
      runs.map(({ orderingEvenOdd }) => 1 - orderingEvenOdd),
    );
    correlations["parity"] = spearman(
      error,
      runs.map(({ parity }) => parity),
    );
    if (options.fractionSeeds > 2) correlations["ordering_within"] = within(groups.map(([, group]) => group));
  }
  for (const [name, value] of Object.entries(correlations)) {
    if (Number.isFinite(value)) findings.metrics[`generalisation.spearman.${name}`] = value;
    else findings.diagnostics.push(note(`generalisation.spearman.${name} is undefined and left out`));
  }
  const label = (fraction: number) => `${Math.round(100 * fraction)} %`;
  const groupLabel = "nuclei that train";
  findings.figures.push(
    structureAgainstError({
      name: "structure-against-error",
      title: "Disorder of the embeddings and error on unseen nuclei",
      caption: `One point a network; 1 − orderedness is the mean over the Z and the N embeddings of the share of neighbours out of order along the first principal component.`,
      points: runs.map(({ fraction, validationError, ordering }) => ({
        group: label(fraction),
        error: validationError,
        structure: 1 - ordering,
      })),
      groupLabel,
      errorLabel: "RMS error on held-out nuclei",
      unit: "keV",
      structureLabel: "1 − orderedness",
      provenance,
    }),
    ...(["ordering", "parity"] as const).map((measure) => {
      const structureLabel = measure === "ordering" ? "orderedness" : "parity ratio";
      return structureOverTraining({
        name: `${measure}-over-training`,
        title:
          measure === "ordering" ? "When the order comes about" : "Even and odd in the course of training",
        caption: `${measure === "ordering" ? "Orderedness along the first principal component" : "Parity ratio: above 1, even and odd tokens sit apart"}; mean over the Z and the N embeddings, one line a network.`,
        curves: runs.map(({ fraction, seed, curve }) => ({
          group: label(fraction),
          run: `network ${seed}`,
          steps: curve.epoch,
          values: average(curve.observed![`${measure}.Z`]!, curve.observed![`${measure}.N`]!),
        })),
        groupLabel,
        stepLabel: "epoch",
        structureLabel,
        provenance,
      });
    }),
  );
  const column = (name: string, unit: string, help: string, of: (run: GeneralisationRun) => number) =>
    numberColumn(name, unit, runs.map(of), { help });
  findings.tables.push({
    name: "generalisation",
    title: "Errors and structure of networks that saw more and less of the chart",
    rows: runs.length,
    provenance,
    columns: [
      column("fraction", "", "share of the nuclei that trains", ({ fraction }) => fraction),
      column("network", "", "each with a split and a start of its own", ({ seed }) => seed),
      column("training", "", "nuclei that train", ({ training }) => training),
      column("held_out", "", "held-out nuclei whose Z and N both train", ({ validation }) => validation),
      column("train_rms", "keV", "RMS error on training nuclei", ({ trainError }) => trainError),
      column("val_rms", "keV", "RMS error on held-out nuclei", ({ validationError }) => validationError),
      ...["ordering.Z", "ordering.N", "ordering.Z.evenodd", "ordering.N.evenodd", "parity.Z", "parity.N"].map(
        (name) => column(name, "", "of the last epoch's embeddings", ({ structure }) => structure[name]!),
      ),
    ],
  });
  findings.diagnostics.push(
    note(
      `${runs.length} networks of width ${options.comparisonWidth}, ${options.comparisonEpochs} epochs each; whole nuclei held out without leaks, a split of its own for each network.`,
    ),
    warning(
      "The correlation is over networks that also differ in how much they saw: more data makes both a smaller error and, if anything, more order. It is no evidence that order makes a network good." +
        (correlations["ordering_within"] === undefined
          ? " With three networks or more a share (--fraction-seeds 3), networks of the same share are compared alone."
          : " generalisation.spearman.ordering_within compares networks of the same share alone."),
    ),
  );
  const first = groups[0]!;
  const last = groups.at(-1)!;
  const of = (fraction: number, name: string) => findings.metrics[`generalisation.f${fraction}.${name}`]!;
  const said = correlations["ordering"];
  findings.summary.push(
    `With ${label(first[0])} of the nuclei networks miss the others by ${mev(of(first[0], "val_rms_keV"))} (orderedness ${of(first[0], "ordering").toFixed(2)}), with ${label(last[0])} by ${mev(of(last[0], "val_rms_keV"))} (${of(last[0], "ordering").toFixed(2)})${said === undefined || Number.isNaN(said) ? "" : `; Spearman's correlation of error and disorder over ${runs.length} networks is ${said.toFixed(2)}`}.`,
  );
  return section;
}

/** Spearman's correlation of error and disorder after each share's own mean (of log error, of disorder) is removed. */
function within(groups: readonly (readonly GeneralisationRun[])[]): number {
  const centred = (of: (run: GeneralisationRun) => number) =>
    groups.flatMap((group) => {
      const values = group.map(of);
      const middle = mean(values);
      return values.map((value) => value - middle);
    });
  return spearman(
    centred(({ validationError }) => Math.log(validationError)),
    centred(({ ordering }) => 1 - ordering),
  );
}

function average(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => (value + b[i]!) / 2);
}
