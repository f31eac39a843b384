import { numbers } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { scorePrediction } from "../../physics/nuclear/baseline-scores.ts";
import { summariseFuture } from "../../physics/nuclear/future.ts";
import { takeNuclei } from "../../physics/nuclear/hold-out.ts";
import { massBaselinesNamed } from "../../physics/nuclear/mass-baselines.ts";
import { indexNuclides, nuclideKey } from "../../physics/nuclear/nuclides.ts";
import type { Section } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { Evaluation } from "./evaluate.ts";
import type { NuclearOptions } from "./params.ts";
import type { Referee } from "./referee.ts";
import { mev } from "./report-theory.ts";

/** The part of the report on nuclei that were measured after the study's table was made. */
export function futureSection(
  data: NuclearData,
  evaluation: Evaluation,
  referee: Referee,
  options: NuclearOptions,
): Section {
  const findings = emptyFindings();
  const section = {
    title: "A test by later measurements",
    asked: "How well are nuclei predicted that were measured only after the table was made?",
    ...findings,
  };
  const { future } = referee;
  if (!future) {
    findings.diagnostics.push(
      note(
        options.data === "npm"
          ? "Not run: it needs the masses of AME2020. Add them with: physlens data add ame2020 --file mass.mas20.txt."
          : "Not run: it needs the table of 2012 to learn from (--data npm) and AME2020 to test on.",
      ),
    );
    return section;
  }
  const { test, extrapolated } = future.holdOut;
  const rows = indexNuclides(data.chart);
  const chartRow = Array.from({ length: test.z.length }, (_, i) =>
    rows.get(nuclideKey(test.z[i]!, test.n[i]!)),
  );
  const asked = chartRow.flatMap((row, i) =>
    row !== undefined && !Number.isNaN(evaluation.ensemble[row]!) ? [i] : [],
  );
  const seen = new Set(evaluation.training);
  const told = asked.filter((i) => seen.has(chartRow[i]!)).length;
  const take = (values: Float64Array) => Float64Array.from(asked, (i) => values[chartRow[i]!]!);
  const known = takeNuclei(test, asked);
  const several = evaluation.networks.length > 1;
  const scores = future.scores.map(({ baseline, score }) => ({
    name: baseline,
    title: massBaselinesNamed([baseline])[0]!.title,
    score,
  }));
  for (const { name, score } of scores) {
    findings.metrics[`future.${name.replace(/_fitted$/, "")}.rms_keV`] = score.rms;
  }
  const older = scorePrediction(extrapolated, test.binding);
  findings.metrics["future.nuclei"] = test.z.length;
  findings.metrics["future.older_evaluation.rms_keV"] = older.rms;
  if (asked.length > 0) {
    const score = scorePrediction(
      {
        binding: take(evaluation.ensemble),
        sigma: several ? take(evaluation.spread) : new Float64Array(asked.length).fill(Number.NaN),
      },
      known.binding,
    );
    findings.metrics["future.networks.rms_keV"] = score.rms;
    findings.metrics["future.networks.nuclei"] = asked.length;
    findings.metrics["future.networks.trained_on_extrapolation"] = told;
    scores.push({
      name: "networks",
      title: several ? `mean of ${evaluation.networks.length} networks` : "the network",
      score,
    });
    findings.summary.push(
      `On ${asked.length} nuclides measured after 2012 the networks miss by ${mev(score.rms)}, the older evaluation's own extrapolation (${test.z.length} nuclides) by ${mev(older.rms)}.`,
    );
  }
  if (told > 0) {
    findings.diagnostics.push(
      note(
        `The networks trained on the older evaluation's extrapolated value of ${told} of these ${asked.length} nuclides; the baselines trained on measured ones alone. --nuclides measured puts them on the same footing.`,
      ),
    );
  }
  const table = summariseFuture(future.holdOut, scores);
  findings.tables.push({
    ...table,
    name: "future",
    title: "Nuclides extrapolated in AME2012 and measured in AME2020 (Z, N ≥ 8)",
    provenance: [...data.source.provenance, ...future.provenance],
  });
  if (numbers(table, "nuclei").values.some((count) => count !== test.z.length)) {
    findings.diagnostics.push(
      note(
        "The networks are judged on fewer nuclides than the baselines: they know no token they never saw, and nothing below their least Z and N.",
      ),
    );
  }
  return section;
}
