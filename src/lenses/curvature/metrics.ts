import { auc } from "../../stats/auc.ts";
import { median } from "../../stats/quantile.ts";
import type { CurvatureAnalysis } from "./analyse.ts";
import { groupsOf } from "./analyse.ts";
import { signFlips } from "./answers/sign-flips.ts";
import { type Answers, queryNorms } from "./ask.ts";
import { openShare, shownSpread } from "./claims/reliability-claims.ts";
import type { CurvatureSubject } from "./subject.ts";

/** Every number of an analysis, by dotted name under the subject's id. */
export function curvatureMetrics(
  subject: CurvatureSubject,
  analysis: CurvatureAnalysis,
): Record<string, number> {
  const { prepared, settled, health, removal, subsets, generalisation } = analysis;
  const { values } = prepared.spectrum;
  const metrics: Record<string, number> = {
    parameters: prepared.size,
    "training.count": prepared.samples,
    "spectrum.largest": values[0]!,
    "spectrum.second": values[1] ?? Number.NaN,
    "spectrum.ratio": values[1] ? values[0]! / values[1] : Number.NaN,
    "spectrum.least": values[values.length - 1]!,
    "spectrum.negative": values.filter((value) => value < -1e-9 * values[0]!).length,
    "spectrum.at_ridge": values.filter((value) => Math.abs(value - prepared.ridge) <= 1e-6 * prepared.ridge)
      .length,
    "spectrum.settled": settled.m,
    damping: prepared.damping.value,
  };
  for (const { key, value } of health) metrics[`health.${key}`] = value;
  generalisation.thresholds.forEach((threshold, k) => {
    metrics[`generalisation.${threshold}`] = generalisation.shares[k]!;
  });
  if (removal) {
    metrics["loo.pearson"] = removal.firstOrder.pearson;
    metrics["loo.slope"] = removal.firstOrder.slope;
    metrics["loo.spearman"] = removal.firstOrder.spearman;
    metrics["loo.newton.pearson"] = removal.newton.pearson;
    metrics["loo.newton.slope"] = removal.newton.slope;
    metrics["loo.within.least"] = Math.min(...removal.withinTests);
    metrics["loo.pairs"] = removal.rows.length;
    metrics["loo.base_gradient"] = removal.baseNorm;
    metrics["loo.unconverged"] = removal.unconverged;
    for (const { name, actual, predicted, random } of removal.groups) {
      const key = `loo.group.${name.replace(/[^A-Za-z0-9]/g, "")}`;
      metrics[`${key}.actual`] = actual;
      metrics[`${key}.predicted`] = predicted;
      metrics[`${key}.random`] = Math.max(...random);
    }
  }
  if (subsets) {
    metrics["lds.least"] = Math.min(...subsets.scores.filter((score) => !Number.isNaN(score)));
    metrics["lds.identity"] = subsets.identityMean;
    metrics["lds.subsets"] = subsets.subsets;
    metrics["lds.unconverged"] = subsets.unconverged;
  }
  for (const answers of analysis.answers) setMetrics(subject, answers, metrics);
  const whole = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(whole.map(([name, value]) => [`${subject.id}.${name}`, value]));
}

function setMetrics(subject: CurvatureSubject, answers: Answers, metrics: Record<string, number>): void {
  const { set, predictions, extrapolation, top, relative } = answers;
  const { name: control } = subject.axis;
  const { name } = set;
  const inside = Array.from(set.points.control, (_, t) => t).filter((t) => !set.outside?.[t]);
  const peak = (values: ArrayLike<number>) =>
    set.points.control[inside.reduce((best, t) => (values[t]! > values[best]! ? t : best), inside[0]!)]!;
  const spread = shownSpread(answers, subject.output).values;
  metrics[`rue.${name}.peak_${control}`] = peak(spread);
  metrics[`rue.${name}.largest`] = Math.max(...spread);
  metrics[`rue.${name}.median`] = median(spread);
  metrics[`rue.${name}.loss.peak_${control}`] = peak(answers.spread.loss);
  metrics[`lees.${name}.peak_${control}`] = peak(extrapolation.scores);
  metrics[`lees.${name}.largest`] = Math.max(...inside.map((t) => extrapolation.scores[t]!));
  metrics[`lees.${name}.median`] = median(inside.map((t) => extrapolation.scores[t]!));
  metrics[`lees.${name}.ratio`] =
    Math.max(...inside.map((t) => extrapolation.scores[t]!)) /
    Math.min(...inside.map((t) => extrapolation.scores[t]!));
  if (predictions?.wrong) {
    metrics[`accuracy.${name}`] =
      inside.filter((t) => !predictions.wrong![t]).length / Math.max(1, inside.length);
  }
  const flags = set.outside;
  if (flags?.some(Boolean) && !flags.every(Boolean)) {
    metrics[`lees.${name}.ood_auc`] = auc(extrapolation.scores, flags);
    const norms = queryNorms(answers);
    metrics[`gradient.${name}.ood_auc`] = auc(norms, flags);
    metrics[`lees.${name}.share.ood_auc`] = auc(openShare(answers), flags);
    if (predictions?.confidence) {
      metrics[`confidence.${name}.ood_auc`] = auc(
        predictions.confidence.map((p) => 1 - p),
        flags,
      );
    }
  }
  const places = (lists: Answers["top"], tests: readonly number[], of: "helpful" | "harmful") =>
    tests.flatMap((t) => lists[t]![of].map(({ index }) => subject.train.control[index]!));
  for (const group of groupsOf(answers)) {
    const key = group.name.replace(/[^A-Za-z0-9]/g, "");
    for (const side of ["helpful", "harmful"] as const) {
      const own = places(top, group.tests, side);
      if (own.length > 0) metrics[`influence.${name}.${key}.${side}_median_${control}`] = median(own);
      const other = places(relative, group.tests, side);
      if (other.length > 0) metrics[`relatif.${name}.${key}.${side}_median_${control}`] = median(other);
    }
    metrics[`influence.${name}.${key}.largest`] = Math.max(
      ...group.tests.map((t) => top[t]!.helpful[0]?.value ?? 0),
    );
  }
  const flips = boundaries(answers);
  if (flips) {
    metrics[`boundary.${name}.count`] = flips.length;
    if (flips[0]) metrics[`boundary.${name}.${control}`] = flips[0].at;
  }
  const turns = alignmentFlips(answers);
  if (turns) {
    metrics[`alignment.${name}.flips`] = turns.length;
    if (turns[0]) metrics[`alignment.${name}.flip_${control}`] = turns[0].at;
  }
}

/** Test points inside, in the order of the control parameter, equal values once. */
function risingInside({ set }: Answers): number[] {
  const { control } = set.points;
  return Array.from(control, (_, t) => t)
    .filter((t) => !set.outside?.[t])
    .sort((a, b) => control[a]! - control[b]! || a - b)
    .filter((t, k, all) => k === 0 || control[t]! > control[all[k - 1]!]!);
}

/** Where the predicted class of a two-class network changes along the control parameter. */
export function boundaries(answers: Answers): ReturnType<typeof signFlips> | undefined {
  const outputs = answers.predictions?.outputs;
  if (!answers.predictions?.classes || outputs?.cols !== 2) return undefined;
  const order = risingInside(answers);
  return signFlips(
    order.map((t) => answers.set.points.control[t]!),
    order.map((t) => outputs.data[2 * t + 1]! - outputs.data[2 * t]!),
  );
}

/** Where the alignment with the top eigenvector changes its sign. */
function alignmentFlips(answers: Answers): ReturnType<typeof signFlips> | undefined {
  if (!answers.predictions?.classes) return undefined;
  const order = risingInside(answers);
  return signFlips(
    order.map((t) => answers.set.points.control[t]!),
    order.map((t) => answers.alignment[t]!),
  );
}
