import { auc } from "../../stats/auc.ts";
import { type Diagnostic, emptyFindings, type Findings } from "../contract.ts";
import { note, warning } from "../diagnostic.ts";
import type { CurvatureAnalysis } from "./analyse.ts";
import { groupsOf } from "./analyse.ts";
import type { Answers } from "./ask.ts";
import { cutShort, spreadOut } from "./check-removal.ts";
import { groupInfluence, largest } from "./claims/influence-claim.ts";
import { openShare, shownSpread } from "./claims/reliability-claims.ts";
import { stretchedDensity } from "./density.ts";
import { answersFigure } from "./figures/answers.ts";
import { extrapolationCurve } from "./figures/extrapolation-curve.ts";
import { influenceCurves } from "./figures/influence-curves.ts";
import { leaveOutFigure } from "./figures/leave-out.ts";
import { densityFigure, spectrumFigure } from "./figures/spectrum.ts";
import { formulas } from "./formulas.ts";
import { curvatureMetrics } from "./metrics.ts";
import type { CurvatureOptions } from "./prepare.ts";
import type { CurvatureSubject } from "./subject.ts";
import { answersTable, datamodellingTable, generalisationTable, healthTable } from "./tables.ts";

const say = (value: number) => String(Number(value.toPrecision(3))).replace("-", "−");

/** The findings of the curvature lens: metrics, figures, tables, claims, and every warning of the health panel. */
export function curvatureFindings(
  subject: CurvatureSubject,
  analysis: CurvatureAnalysis,
  options: CurvatureOptions,
): Findings {
  const { answers, health, claims, generalisation, subsets } = analysis;
  return {
    ...emptyFindings(),
    metrics: curvatureMetrics(subject, analysis),
    figures: figuresOf(subject, analysis, options),
    tables: [
      healthTable(subject, health),
      ...answers.map((one) => answersTable(subject, one)),
      generalisationTable(subject, generalisation.thresholds, generalisation.shares),
      ...(subsets ? [datamodellingTable(subject, answers[0]!, subsets)] : []),
    ],
    formulas: [...formulas],
    diagnostics: diagnosticsOf(subject, analysis),
    summary: summaryOf(subject, analysis, options),
    claims,
  };
}

function diagnosticsOf(
  { title }: CurvatureSubject,
  { health, settled, removal, subsets, prepared }: CurvatureAnalysis,
): Diagnostic[] {
  const bad = health.filter(({ good }) => !good);
  const headline = ["gradient_norm", "least_eigenvalue", "damping", "lds"];
  return [
    ...bad.map(({ says }) => warning(`${capital(title)}: ${says}`)),
    ...settled.warnings.map((text) => warning(`${capital(title)}, extrapolation score: ${text}.`)),
    ...health
      .filter(({ good, key }) => good && headline.includes(key))
      .map(({ says }) => note(`${capital(title)}: ${says}`)),
    note(
      `${capital(title)}: curvature is the ${prepared.operator.name}, solved by ${prepared.solver.method}; ${settled.m} of ${prepared.size} directions count as settled by the training data.`,
    ),
    ...(removal || subsets
      ? []
      : [
          note(
            `${capital(title)}: nothing was retrained, so whether influence predicts removal was not checked.`,
          ),
        ]),
  ];
}

function summaryOf(
  subject: CurvatureSubject,
  { answers, removal, health }: CurvatureAnalysis,
  options: CurvatureOptions,
): string[] {
  const [first] = answers as [Answers];
  const { axis, train, title } = subject;
  const driven = groupsOf(first).map((group) => {
    const top = largest(groupInfluence(first, group.tests), options.top).map((i) => train.control[i]!);
    const [low, high] = [Math.min(...top), Math.max(...top)];
    return `${group.name} by those at ${axis.label} = ${say(low)}${high > low ? ` to ${say(high)}` : ""}`;
  });
  const spread = shownSpread(first, subject.output).values;
  const sure = first.set.points.control[largest(spread, 1)[0]!]!;
  const beyond = first.set.points.control[largest(first.extrapolation.scores, 1)[0]!]!;
  const troubles = health.filter(({ good }) => !good).length;
  return [
    `Which training points drove the predictions of ${title}: ${driven.join("; ")}. It is least sure at ${axis.label} = ${say(sure)}, and least settled by its training data at ${say(beyond)} (set '${first.set.name}').`,
    ...(removal
      ? [
          `Retrained without single training points, its losses change as influence predicts with a correlation of ${removal.firstOrder.pearson.toFixed(4)} (${removal.rows.length} pairs${cutShort(removal) ? "; cut after a few steps, before any minimum, so that agreement shows nothing" : ""}).`,
        ]
      : []),
    ...answers.flatMap((one) => {
      const { set, extrapolation, predictions } = one;
      const flags = set.outside;
      if (!flags?.some(Boolean) || flags.every(Boolean)) return [];
      const own = auc(extrapolation.scores, flags);
      const confidence = predictions?.confidence
        ? `, softmax confidence with ${auc(
            predictions.confidence.map((p) => 1 - p),
            flags,
          ).toFixed(2)}`
        : "";
      return [
        `The extrapolation score finds the ${flags.filter(Boolean).length} points of the set '${set.name}' that are outside of the training data with an area under the ROC curve of ${own.toFixed(2)} (its share of the gradient with ${auc(openShare(one), flags).toFixed(2)})${confidence} (0.5 is chance).`,
      ];
    }),
    ...(troubles > 0
      ? [
          `The health panel has ${troubles} warning${troubles === 1 ? "" : "s"} for ${title}; read ${troubles === 1 ? "it" : "them"} first.`,
        ]
      : []),
  ];
}

function figuresOf(
  subject: CurvatureSubject,
  { answers, prepared, settled, removal }: CurvatureAnalysis,
  options: CurvatureOptions,
): Findings["figures"] {
  const { id, title, provenance = [] } = subject;
  const { spectrum, ridge, damping, operator } = prepared;
  const linear = ridge > 0 ? ridge : 1e-8 * spectrum.values[0]!;
  const density = stretchedDensity(spectrum.values, { linear });
  return [
    ...answers.map((one) => answersOf(subject, one, options)),
    influenceOf(subject, answers[0]!, options.top),
    spectrumFigure({
      name: `${id}-spectrum`,
      title: `Curvature of ${title}: eigenvalues`,
      values: spectrum.values,
      complete: spectrum.complete,
      ridge,
      kept: settled.m,
      damping: damping.value,
      operator: operator.name,
      provenance,
    }),
    ...(spectrum.complete
      ? [
          densityFigure({
            name: `${id}-density`,
            title: `Curvature of ${title}: density of the eigenvalues`,
            ...density,
            linearBelow: linear,
            how: `all ${spectrum.values.length} of them, each drawn as a normal curve a quarter wide in arsinh(λ/${say(linear)})`,
            provenance,
          }),
        ]
      : []),
    ...(removal
      ? [
          leaveOutFigure({
            name: `${id}-leave-out`,
            title: `Does influence predict removal? ${capital(title)}`,
            rows: removal.rows,
            pearson: removal.firstOrder.pearson,
            caption:
              `Change of the loss of ${options.leaveOutTests} test points when single training points are left out and the network is retrained from where it was, against what influence predicts: ${removal.rows.length} pairs of ${removal.left.length} training points (the ${options.leaveOut} most influential and as many random ones) and ${options.leaveOutTests} test points. ` +
              `Pearson ${say(removal.firstOrder.pearson)} to first order, ${say(removal.newton.pearson)} by one Newton step; one network. Both axes are linear near zero and logarithmic beyond.`,
            provenance,
          }),
        ]
      : []),
    ...answers.flatMap((one) => {
      const flags = one.set.outside;
      if (!flags?.some(Boolean) || flags.every(Boolean)) return [];
      const { counts, curve } = one.extrapolation;
      const column = (c: number) =>
        Float64Array.from({ length: curve.rows }, (_, t) => curve.data[t * curve.cols + c]!);
      return [
        extrapolationCurve({
          name: `${id}-${one.set.name}-extrapolation`,
          title: "How well does the extrapolation score find points outside of the training data?",
          caption: `Area under the ROC curve for ${flags.filter(Boolean).length} of ${flags.length} points of the set '${one.set.name}' known to be outside, over how many of the strongest curvature directions count as settled; one network. The share is the score over the length of the whole gradient. The dashed line is the number chosen (${settled.m}) before looking. 0.5 is chance.`,
          m: counts,
          auc: Float64Array.from(counts, (_, c) => auc(column(c), flags)),
          chosen: settled.m,
          share: Float64Array.from(counts, (_, c) => {
            const norms = column(0);
            return auc(
              column(c).map((score, t) => (norms[t] ? score / norms[t]! : 0)),
              flags,
            );
          }),
          others: one.predictions?.confidence
            ? [
                {
                  label: "softmax confidence",
                  auc: auc(
                    one.predictions.confidence.map((p) => 1 - p),
                    flags,
                  ),
                },
              ]
            : [],
          provenance,
        }),
      ];
    }),
  ];
}

function influenceOf(
  { id, title, axis, train, provenance = [] }: CurvatureSubject,
  one: Answers,
  top: number,
) {
  const { influence, set } = one;
  const probes = spreadOut(one, 3).map((t) => ({
    label: `${axis.label} = ${say(set.points.control[t]!)}${set.points.phase ? `, ${set.points.phase[t]}` : ""}`,
    control: set.points.control[t]!,
    values: influence.data.subarray(t * influence.cols, (t + 1) * influence.cols),
    top: [...one.top[t]!.helpful, ...one.top[t]!.harmful].map(({ index }) => index),
  }));
  return influenceCurves({
    name: `${id}-influence`,
    title: `Which training points drove three predictions of ${title}?`,
    caption: `Change of the test point's loss when a training point is left out, to first order, for ${influence.cols} training points and three test points (dashed); one network. Positive: the training point helps. Each row is divided by its largest value; circles are the ${top} most helpful and the ${top} most harmful. The vertical axis is linear near zero and logarithmic beyond.`,
    axis,
    control: train.control,
    names: train.names,
    probes,
    provenance,
  });
}

function answersOf(subject: CurvatureSubject, one: Answers, options: CurvatureOptions) {
  const { axis, title, id, train } = subject;
  const { set } = one;
  const shown = shownSpread(one, subject.output);
  const places = (of: "helpful" | "harmful") =>
    one.top.map((lists) => lists[of].map(({ index }) => train.control[index]!));
  const outside = set.outside?.some(Boolean);
  return answersFigure({
    name: `${id}-${set.name}-answers`,
    title: `Why, how sure, and beyond what was trained on? ${capital(title)}, set '${set.name}'`,
    caption:
      `For ${set.points.names.length} test points: ${axis.label} of the ${options.top} most helpful and ${options.top} most harmful training points (the dashed line is the test point's own); ${shown.label} over resampled training sets; the part of the gradient in directions the training data leave open${subject.known ? `; and beneath, ${subject.known.label}` : ""}. One network.` +
      (one.predictions?.wrong?.some(Boolean) ? " Rings: wrong predictions." : "") +
      (outside ? " Hollow: points known to lie outside of the training data." : "") +
      (subject.trained ? " Grey: what was trained on." : ""),
    axis,
    control: set.points.control,
    names: set.points.names,
    helpful: places("helpful"),
    harmful: places("harmful"),
    resampling: {
      label: `${shown.label}${shown.unit === "" ? "" : ` (${shown.unit})`}`,
      values: shown.values,
    },
    extrapolation: { label: "gradient in directions the data leave open", values: one.extrapolation.scores },
    ...(outside ? { outside: set.outside! } : {}),
    ...(one.predictions?.wrong ? { wrong: one.predictions.wrong } : {}),
    ...(subject.known ? { known: subject.known } : {}),
    ...(subject.marks ? { marks: subject.marks } : {}),
    ...(subject.trained ? { trained: subject.trained } : {}),
    provenance: subject.provenance ?? [],
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
