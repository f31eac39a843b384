import { type NumberColumn, numberColumn, type Table, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { type BaselineScore, scorePrediction } from "../../physics/nuclear/baseline-scores.ts";
import { compareByRegion } from "../../physics/nuclear/distance.ts";
import { massBaselinesNamed } from "../../physics/nuclear/mass-baselines.ts";
import { summariseScores } from "../../physics/nuclear/referee-table.ts";
import { baselines as baselinesFigure } from "../../report/figures/baselines.ts";
import type { Section } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { Evaluation } from "./evaluate.ts";
import type { Referee } from "./referee.ts";
import { mev } from "./report-theory.ts";

/** The part of the report on what else could have predicted the held-out nuclei, and how honest each says it is. */
export function refereeSection(data: NuclearData, evaluation: Evaluation, referee: Referee): Section {
  const findings = emptyFindings();
  const { provenance } = data.source;
  const { own, edges, splits } = referee;
  const { test, train } = own.holdOut;
  const { validation, networks, ensemble, spread } = evaluation;
  const at = (values: Float64Array) => Float64Array.from(validation, (row) => values[row]!);
  const mean = at(ensemble);
  const several = networks.length > 1;
  const ensembleScore = scorePrediction(
    { binding: mean, sigma: several ? at(spread) : mean.map(() => Number.NaN) },
    test.binding,
  );
  const meanTitle = several ? `mean of ${networks.length} networks` : "the network";
  const rows = own.scores.map(({ baseline, binding, score }) => {
    const { title, help } = massBaselinesNamed([baseline])[0]!;
    return { name: baseline, title, help, binding, score };
  });
  for (const { name, score } of rows) {
    if (/_(additive|gp)$/.test(name)) {
      findings.metrics[`baseline.${name}.rms_keV`] = score.rms;
      findings.metrics[`baseline.${name}.median_keV`] = score.median;
    }
    cover(findings.metrics, name, score);
  }
  cover(findings.metrics, "networks", ensembleScore);

  findings.figures.push(
    baselinesFigure({
      name: "referee-baselines",
      title: "Everything on the same held-out nuclei",
      caption: `RMS error of the binding energy on ${test.z.length} held-out nuclei. Each baseline was fitted to the ${train.z.length} nuclei that train the networks and chose its settings on a part of them; networks once a seed.`,
      rows: [
        {
          label: "one network",
          group: "network",
          values: networks.map((values) => scoreOf(at(values), test.binding)),
        },
        ...(several ? [{ label: meanTitle, group: "network", values: [ensembleScore.rms] }] : []),
        ...rows.map(({ name, title, score }) => ({
          label: title,
          group: groupOf(name),
          values: [score.rms],
        })),
      ],
      errorLabel: "RMS error",
      unit: "keV",
      provenance,
    }),
  );
  findings.tables.push(
    {
      ...scoreTable("referee-own-split", [
        ...rows,
        {
          name: "networks",
          title: meanTitle,
          help: several
            ? "mean of the networks; stated uncertainty: their standard deviation"
            : "one network; states no uncertainty",
          score: ensembleScore,
        },
      ]),
      title: `Errors and coverage on the study's ${test.z.length} held-out nuclei`,
      provenance,
    },
    {
      ...compareByRegion(
        test,
        { networks: mean, ...Object.fromEntries(rows.map(({ name, binding }) => [name, binding])) },
        test.binding,
        { train },
      ),
      name: "referee-by-region",
      title: "RMS error by region of the chart and by distance to the training nuclei",
      provenance,
    },
  );
  if (edges.length > 0) {
    for (const { baseline, how, rms } of edges) {
      if (how.kind !== "extrapolate") continue;
      findings.metrics[`extrapolation.edge${how.edge}.${metricName(baseline.name)}.rms_keV`] = rms;
    }
    findings.tables.push({
      ...summariseScores(edges),
      name: "referee-extrapolation",
      title: "Extrapolation: the outermost isotopes of every chain removed (Z ≥ 28)",
      provenance,
    });
  }
  if (splits.length > 0) {
    const table = summariseScores(splits);
    findings.tables.push({
      ...table,
      name: "referee-splits",
      title: "Random splits of the nuclei at 10, 50 and 90 % training",
      provenance,
    });
    for (const [name, group] of Map.groupBy(splits, ({ baseline, how }) =>
      how.kind === "nuclei" ? `referee.f${how.fraction}.${metricName(baseline.name)}.rms_keV` : "",
    )) {
      findings.metrics[name] = group.reduce((sum, { rms }) => sum + rms, 0) / group.length;
    }
  } else {
    findings.diagnostics.push(
      note(
        "The table of baselines over many splits at 10, 50 and 90 % training was not run (--referee-splits 10 runs it; the full preset does).",
      ),
    );
  }
  const fitted = rows.some(({ name }) => name.endsWith("_gp"));
  if (!fitted) {
    findings.diagnostics.push(
      note("The Gaussian-process baselines were not run (--gaussian-processes true runs them)."),
    );
  }
  const best = [...rows].sort((a, b) => a.score.rms - b.score.rms)[0]!;
  const better = ensembleScore.rms < best.score.rms;
  findings.summary.push(
    `Beside what a referee would ask for, ${meanTitle} (${mev(ensembleScore.rms)}) ${better ? "is better than every baseline; the best of those" : "loses: the best baseline"} is ${best.title} with ${mev(best.score.rms)} on the same ${test.z.length} nuclei.`,
  );
  const share = (value: number) => `${(100 * value).toFixed(0)} %`;
  const honest = rows.find(({ name }) => name === "bw2_gp") ?? rows.find(({ name }) => name === "bw2_fitted");
  if (several && honest) {
    findings.summary.push(
      `Intervals of 68 % that the networks' spread states hold ${share(ensembleScore.coverage68)} of the held-out nuclei; those of ${honest.title} hold ${share(honest.score.coverage68)}.`,
    );
  }
  return {
    title: "Baselines a referee would ask for",
    asked:
      "Could something simpler, or better known, have predicted the same nuclei as well, and do the uncertainties that each method states hold?",
    ...findings,
  };
}

/** Scores as a table: name, what it is, nuclei, RMS and median error, coverage of the stated intervals. */
export function scoreTable(
  name: string,
  rows: readonly { name: string; title: string; help: string; score: BaselineScore }[],
): Table {
  const sorted = [...rows].sort((a, b) => a.score.rms - b.score.rms);
  const column = (key: keyof BaselineScore, title: string, unit: string, help: string): NumberColumn =>
    numberColumn(
      title,
      unit,
      sorted.map(({ score }) => score[key]),
      { help },
    );
  return {
    name,
    rows: sorted.length,
    provenance: [],
    columns: [
      textColumn(
        "baseline",
        sorted.map(({ title }) => title),
      ),
      textColumn(
        "definition",
        sorted.map(({ help }) => help),
      ),
      column("rms", "rms", "keV", "root mean square error"),
      column("median", "median", "keV", "median absolute error"),
      column("coverage68", "coverage_68", "", "share of nuclei inside the stated 68 % interval"),
      column("coverage95", "coverage_95", "", "share of nuclei inside the stated 95 % interval"),
    ],
  };
}

/** The name a baseline has among the metrics: a fitted formula is plainly "semf". */
function metricName(name: string): string {
  return name.replace(/_fitted$/, "");
}

function groupOf(name: string): string {
  if (name.endsWith("_gp")) return "formula + Gaussian process";
  if (name.endsWith("_additive")) return "formula + constants per Z and N";
  return name.endsWith("_textbook") || name.endsWith("_published")
    ? "formula, published coefficients"
    : "formula, fitted here";
}

function cover(metrics: Record<string, number>, name: string, score: BaselineScore): void {
  if (Number.isNaN(score.coverage68)) return;
  metrics[`coverage.${metricName(name)}.68`] = score.coverage68;
  metrics[`coverage.${metricName(name)}.95`] = score.coverage95;
}

function scoreOf(binding: Float64Array, actual: ArrayLike<number>): number {
  return scorePrediction({ binding, sigma: binding.map(() => Number.NaN) }, actual).rms;
}
