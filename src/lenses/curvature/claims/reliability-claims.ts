import { type Baseline, type EvidenceCard, type Faithfulness, notRun } from "../../../claims/card.ts";
import type { Reliability } from "../../../claims/kinds/reliability.ts";
import { permuted } from "../../../claims/nulls/permuted.ts";
import { runNull } from "../../../claims/nulls/run-null.ts";
import type { ClaimWithCard } from "../../../claims/report-claims.ts";
import type { Random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { auc } from "../../../stats/auc.ts";
import { spearman } from "../../../stats/correlation.ts";
import { quantile } from "../../../stats/quantile.ts";
import { type Answers, queryNorms } from "../ask.ts";
import type { RemovalCheck } from "../check-removal.ts";
import type { CurvatureOptions } from "../prepare.ts";
import type { CurvatureSubject } from "../subject.ts";
import { largest } from "./influence-claim.ts";

/** Rank correlation with the spread of retrained networks from which an uncertainty counts as right. */
const spreadRightFrom = 0.8;
/** Area under the ROC curve from which the extrapolation score counts as right. */
const flagsRightFrom = 0.8;

interface Context {
  options: CurvatureOptions;
  task: Task;
  random: Random;
}

const multiplicity = {
  configurations: 1,
  what: "one curvature and one damping, no search",
  tests: null,
  adjustedP: null,
};

/** The standard deviation that is drawn and claimed: of the probability, of the prediction in its unit, or of the loss. */
export function shownSpread(
  { spread }: Answers,
  output: CurvatureSubject["output"],
): { values: Float64Array; label: string; unit: string } {
  if (spread.probability) {
    const label = "standard deviation of the predicted class's probability";
    return { values: spread.probability, label, unit: "" };
  }
  if (spread.prediction) {
    const { label, unit, scale } = output ?? { label: "prediction", unit: "", scale: 1 };
    const values = spread.prediction.map((value) => scale * value);
    return { values, label: `standard deviation of the ${label}`, unit };
  }
  return { values: spread.loss, label: "standard deviation of the loss", unit: "" };
}

/** How sure each prediction is: the resampling uncertainty as a reliability claim, tested against retrained networks. */
export async function uncertaintyClaim(
  subject: CurvatureSubject,
  answers: Answers,
  removal: RemovalCheck | undefined,
  context: Context,
): Promise<ClaimWithCard> {
  const { random, task, options } = context;
  const { values, label, unit } = shownSpread(answers, subject.output);
  const units = unit === "" ? "" : ` ${unit}`;
  const { set, predictions } = answers;
  const at = largest(values, 1)[0]!;
  const claim: Reliability = {
    ...reliability(subject, answers, "uncertainty", values),
    unit,
    title: `How sure: ${subject.title}, set '${set.name}'`,
    statement: `${capital(subject.title)} is least sure of ${set.points.names[at]!} in the set '${set.name}': over resampled training sets the ${label} is ${say(values[at]!)}${units} there and ${say(quantile(values, 0.5))}${units} in the median.`,
  };
  const { id } = claim;
  const spread = removal?.bootstrap;
  const known = spread && varies(spread.deviation) && varies(values);
  const ownRho = known ? spearman(values, spread.deviation) : Number.NaN;
  const card: EvidenceCard = {
    null: known
      ? [
          (
            await runNull({
              name: "permuted points",
              statistic: `rank correlation with the spread of ${spread.draws} networks retrained on resampled data`,
              observed: ownRho,
              draw: (stream) => spearman(permuted(values, stream), spread.deviation),
              rounds: options.nulls,
              random: random.fork("points", id),
              reference: "docs/nulls/permuted-labels.md",
              cost: { each: "one shuffle of the test points" },
              task,
            })
          ).test,
        ]
      : notRun("No network was retrained on resampled data, so there is nothing to compare with."),
    baselines: known
      ? [
          randomSpread(values, spread.deviation, ownRho, random.fork("random", id)),
          ...(predictions?.confidence
            ? [
                rankBaseline(
                  "softmax confidence (1 − probability)",
                  predictions.confidence.map((p) => 1 - p),
                  spread.deviation,
                  ownRho,
                ),
              ]
            : []),
        ]
      : notRun("No network was retrained on resampled data."),
    stability: notRun("One network; the study compares those of several seeds."),
    faithfulness: predictions
      ? [setAside(answers, values, random.fork("aside", id))]
      : notRun("No losses are known."),
    truth: known
      ? [
          {
            truth: `the spread of ${spread.draws} networks retrained on resampled training sets`,
            measure: "rank correlation over the test points",
            score: ownRho,
            threshold: spreadRightFrom,
          },
        ]
      : notRun("No network was retrained on resampled data."),
    outOfDistribution: notRun(
      "It speaks of resampling the data at hand; whether points lie beyond them is the extrapolation score's question.",
    ),
    multiplicity,
    leakage: notRun("It uses no label of the test points."),
  };
  return { claim, card };
}

/** The extrapolation score over the length of the gradient: which share of it the training data leave open, 0 to 1. */
export function openShare(answers: Answers): Float64Array {
  const norms = queryNorms(answers);
  return answers.extrapolation.scores.map((score, t) => (norms[t] ? score / norms[t]! : 0));
}

/**
 * Whether each prediction goes beyond the training data, tested on points known to: by the extrapolation score, or by
 * the share of the gradient that it is. Both are always reported, so each counts as one of two that were tried.
 */
export async function extrapolationClaim(
  subject: CurvatureSubject,
  answers: Answers,
  settled: number,
  by: "score" | "share",
  context: Context,
): Promise<ClaimWithCard> {
  const { random, task, options } = context;
  const { set, predictions } = answers;
  const scores = by === "score" ? answers.extrapolation.scores : openShare(answers);
  const words =
    by === "score" ? "extrapolation score" : "share of the gradient that the training data leave open";
  const flags = set.outside ?? [];
  const known = flags.some(Boolean) && !flags.every(Boolean);
  const at = largest(scores, 1)[0]!;
  const own = known ? auc(scores, flags) : Number.NaN;
  const count = flags.filter(Boolean).length;
  const claim: Reliability = {
    ...reliability(subject, answers, by === "score" ? "extrapolation" : "open-share", scores),
    title: `Extrapolating${by === "score" ? "" : ", by share"}: ${subject.title}, set '${set.name}'`,
    statement: known
      ? `Of the set '${set.name}', ${count} of ${scores.length} points lie outside of what ${subject.title} was trained on; the ${words} ranks them above the others with an area under the ROC curve of ${own.toFixed(2)}.`
      : `In the set '${set.name}' the prediction of ${subject.title} for ${set.points.names[at]!} is the least settled by the training data (${words} ${say(scores[at]!)}, median ${say(quantile(scores, 0.5))}).`,
  };
  const { id } = claim;
  const measure = "area under the ROC curve for the points outside";
  const other = (name: string, list: ArrayLike<number>): Baseline => ({
    name,
    role: "classical",
    measure,
    unit: "",
    better: "higher",
    own,
    score: auc(list, flags),
    draws: 1,
  });
  const card: EvidenceCard = {
    null: known
      ? [
          (
            await runNull({
              name: "permuted flags",
              statistic: measure,
              observed: own,
              draw: (stream) => auc(scores, permuted(flags, stream)),
              rounds: options.nulls,
              random: random.fork("flags", id),
              reference: "docs/nulls/permuted-labels.md",
              cost: { each: "one shuffle of the flags" },
              task,
            })
          ).test,
        ]
      : notRun("No point of this set is known to lie outside of the training data."),
    baselines: known
      ? [
          {
            name: "random score",
            role: "random claim",
            measure,
            unit: "",
            better: "higher",
            own,
            score: quantile(
              Array.from({ length: 199 }, (_, b) =>
                auc(permuted(scores, random.fork("random", id, b)), flags),
              ),
              0.95,
            ),
            draws: 199,
          },
          ...(predictions?.confidence
            ? [
                other(
                  "softmax confidence (1 − probability)",
                  predictions.confidence.map((p) => 1 - p),
                ),
              ]
            : []),
          ...(settled > 0
            ? [other("length of the whole gradient, no direction settled", queryNorms(answers))]
            : []),
        ]
      : notRun("No point of this set is known to lie outside of the training data."),
    stability: notRun("One network; the study compares those of several seeds."),
    faithfulness: notRun("The score names no part of the model or of the data that could be taken away."),
    truth: known
      ? [
          {
            truth: `${count} points known to lie outside of the training data`,
            measure: "area under the ROC curve",
            score: own,
            threshold: flagsRightFrom,
          },
        ]
      : notRun("No point of this set is known to lie outside of the training data."),
    outOfDistribution: notRun(
      "The score is about points beyond the training data; those that are known count under known truth.",
    ),
    multiplicity: { ...multiplicity, configurations: 2, what: "the score and its share, both reported" },
    leakage: notRun("It uses no label of the test points."),
  };
  return { claim, card };
}

function reliability(
  subject: CurvatureSubject,
  { set }: Answers,
  what: string,
  values: ArrayLike<number>,
): Omit<Reliability, "title" | "statement"> {
  return {
    kind: "reliability",
    id: `${subject.id}.${what}.${set.name}`,
    unit: "",
    subject: subject.about,
    gives: "expected error",
    points: [...set.points.names],
    values: Array.from(values, (value) => Number(value.toPrecision(6))),
    uncertainty: null,
  };
}

function rankBaseline(
  name: string,
  values: ArrayLike<number>,
  truth: ArrayLike<number>,
  own: number,
): Baseline {
  return {
    name,
    role: "classical",
    measure: "rank correlation with the spread of retrained networks",
    unit: "",
    better: "higher",
    own,
    score: spearman(values, truth),
    draws: 1,
  };
}

function randomSpread(values: Float64Array, truth: Float64Array, own: number, random: Random): Baseline {
  const draws = Array.from({ length: 199 }, (_, b) => spearman(permuted(values, random.fork(b)), truth));
  return {
    ...rankBaseline("random uncertainty", values, truth, own),
    role: "random claim",
    score: quantile(draws, 0.95),
    draws: 199,
  };
}

/** Setting aside the fifth of the points that are least sure, beside random fifths: by how much the mean loss falls. */
function setAside({ predictions, set }: Answers, values: Float64Array, random: Random): Faithfulness {
  const { loss } = predictions!;
  const count = Math.max(1, Math.round(loss.length / 5));
  const mean = (without: ReadonlySet<number>) => {
    const kept = Array.from(loss).filter((_, t) => !without.has(t));
    return kept.reduce((a, b) => a + b, 0) / kept.length;
  };
  const whole = mean(new Set());
  return {
    what: `the ${count} least sure of ${loss.length} points were set aside`,
    quantity: `mean loss of the others in the set '${set.name}', lowered,`,
    unit: "",
    change: whole - mean(new Set(largest(values, count))),
    control: "as many random points, 19 times",
    controls: Array.from(
      { length: 19 },
      (_, b) => whole - mean(new Set(Array.from(random.fork(b).permutation(loss.length)).slice(0, count))),
    ),
  };
}

function varies(values: Float64Array): boolean {
  return values.some((value) => value !== values[0]);
}

function say(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
