import { emptyFindings, type Findings } from "../contract.ts";
import { note, warning } from "../diagnostic.ts";
import type { FeatureAnalysis, MatchedTerm } from "./analyse.ts";
import { cumulativeErrorFigure } from "./figures/cumulative-error.ts";
import { matchChart } from "./figures/match-chart.ts";
import { matchMap } from "./figures/match-map.ts";
import { formulas } from "./formulas.ts";
import { type FeatureSubject, labelOf } from "./subject.ts";
import { componentTable, matchTable } from "./tables.ts";

/** From this factor the error counts as falling steeply over the first three components. */
const steep = 5;
/** Below this |ρ| a match explains less than a tenth of either side, however small its p. */
const faint = 0.3;

/** The findings of the features lens: metrics, figures, tables and sentences of an analysis. */
export function featureFindings(subject: FeatureSubject, analysis: FeatureAnalysis): Findings {
  const findings = emptyFindings();
  errorMetrics(subject, analysis, findings);
  for (const match of analysis.terms) matchMetrics(match, findings);
  const charts = analysis.terms.filter(({ term, detrended }) => !term.smooth && detrended);
  findings.figures.push(
    cumulativeErrorFigure(subject, analysis),
    matchMap(subject, analysis),
    ...charts.map((match) => matchChart(subject, analysis, match)),
  );
  findings.tables.push(matchTable(subject, analysis), componentTable(subject, analysis));
  findings.formulas.push(...formulas);
  findings.summary.push(fallSentence(subject, analysis), ...matchSentences(analysis));
  const rounds = analysis.terms[0]!.raw.field.rounds;
  findings.diagnostics.push(
    note(
      `p-values of matches rest on ${rounds} draws and cannot be below ${analysis.terms[0]!.raw.field.floor}: read the smallest as "at most".`,
    ),
  );
  return findings;
}

function errorMetrics(
  { unit }: FeatureSubject,
  { error, falls, decomposition }: FeatureAnalysis,
  { metrics }: Findings,
) {
  const suffix = unit === "" ? "" : `_${unit}`;
  error.truncation.forEach((value, k) => {
    metrics[`penultimate.truncation.k${k}${suffix}`] = value;
    metrics[`penultimate.refit.k${k}${suffix}`] = error.leastSquares[k]!;
  });
  metrics[`penultimate.full${suffix}`] = error.full;
  for (const [name, fall] of [
    ["", falls.truncation],
    ["refit.", falls.leastSquares],
  ] as const) {
    metrics[`penultimate.${name}fall3`] = fall.fall;
    metrics[`penultimate.${name}drop3`] = fall.drop;
    metrics[`penultimate.${name}fall3.constant`] = fall.fromConstant;
  }
  decomposition.pca.explained.slice(0, 3).forEach((share, i) => {
    metrics[`penultimate.ev${i + 1}`] = share;
  });
}

function matchMetrics(match: MatchedTerm, { metrics, diagnostics }: Findings): void {
  const { term, raw, detrended, decisive, cosine, explainedByTrends } = match;
  const name = `match.${term.name}`;
  const strongestCosine = cosine.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  Object.assign(metrics, {
    [`${name}.rho`]: Math.abs(raw.rho),
    [`${name}.component`]: raw.component + 1,
    [`${name}.cosine`]: strongestCosine,
    [`${name}.p`]: decisive.field.p,
    [`${name}.p.permutation`]: decisive.permutation.p,
    [`${name}.p.family`]: decisive.family,
    [`${name}.trends`]: explainedByTrends,
    [`${name}.ablation`]: match.ablation.change,
  });
  if (!detrended) {
    diagnostics.push(
      note(`Nothing is left of the ${labelOf(term)} term once the other smooth terms are projected out.`),
    );
    return;
  }
  Object.assign(metrics, {
    [`${name}.detrended.rho`]: Math.abs(detrended.rho),
    [`${name}.detrended.component`]: detrended.component + 1,
    [`${name}.detrended.p`]: detrended.field.p,
  });
  if (decisive.permutation.p <= 0.01 && decisive.field.p > 0.05) {
    diagnostics.push(
      warning(
        `The match with the ${labelOf(term)} term (|ρ| ${Math.abs(decisive.rho).toFixed(2)}) beats shuffled samples but not random fields of equal smoothness (p = ${decisive.field.p.toPrecision(2)}): a smooth map would have matched as well.`,
      ),
    );
  }
}

function fallSentence({ quantity, unit }: FeatureSubject, { error, falls }: FeatureAnalysis): string {
  const { truncation } = error;
  const { fall, drop } = falls.truncation;
  const number = (value: number) => `${Number(value.toPrecision(3))}`;
  const steps = Array.from(truncation.subarray(0, 4), number).join(", ");
  const verdict =
    fall >= steep
      ? `it falls ${number(fall)}-fold from the first component to the third`
      : `it does not fall ${steep}-fold from the first component to the third, but ${number(fall)}-fold`;
  return (
    `With 0, 1, 2 and 3 principal components of the last layer the error of the ${quantity} is ${steps} ${unit}: ${verdict} ` +
    `(the third alone: ${number(drop)}-fold; a refitted readout: ${number(falls.leastSquares.fall)}-fold).`
  );
}

function matchSentences({ terms }: FeatureAnalysis): string[] {
  const say = ({ term, decisive: { rho, component, field } }: MatchedTerm) =>
    `${labelOf(term)} (component ${component + 1}, |ρ| ${Math.abs(rho).toFixed(2)}, p ${field.p.toPrecision(2)})`;
  const beats = ({ decisive }: MatchedTerm) => decisive.field.p <= 0.01;
  const close = ({ decisive }: MatchedTerm) => Math.abs(decisive.rho) >= faint;
  const groups = [
    [
      "Components match these terms better than random fields of equal smoothness do",
      terms.filter((m) => beats(m) && close(m)),
    ],
    [`Beyond chance, but faintly (|ρ| below ${faint})`, terms.filter((m) => beats(m) && !close(m))],
    ["No more than a smooth map's match is shown for", terms.filter((m) => !beats(m))],
  ] as const;
  return groups.flatMap(([words, group]) =>
    group.length > 0 ? [`${words}: ${group.map(say).join(", ")}.`] : [],
  );
}
