import { breathe } from "../../../core/breathe.ts";
import type { Random } from "../../../core/random.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { columnOf, takeRows } from "../../../linalg/rows.ts";
import { type ClassifierShape, layersOf } from "../../../models/classifier/shape.ts";
import { auc } from "../../../stats/auc.ts";
import { mean } from "../../../stats/describe.ts";
import { classifierAuc, classifierOutputs, type LabelledRows } from "../classifier-scores.ts";
import { connectionWeights, firstLayerSize } from "./connection-weights.ts";
import { gradientTimesInput, meanSize } from "./gradient-times-input.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import { permutationImportance } from "./permutation-importance.ts";
import { shapleyValues } from "./shapley.ts";

/** The other ways to score the features of a classifier, by name. */
export const attributionMethods = [
  "permutation",
  "shapley",
  "integrated",
  "gradient",
  "connection",
  "first-layer",
  "univariate",
] as const;
export type AttributionMethod = (typeof attributionMethods)[number];

/** How each is printed. */
export const attributionNames: Readonly<Record<AttributionMethod, string>> = {
  permutation: "permutation importance",
  shapley: "Shapley values",
  integrated: "integrated gradients",
  gradient: "gradient × input",
  connection: "connection weights",
  "first-layer": "L1 of the first layer",
  univariate: "|AUC − ½| of each feature alone",
};

/** Scores of the features of one classifier, one a feature, none below zero but for chance. */
export interface Attributions {
  scores: Readonly<Record<AttributionMethod, Float64Array>>;
  /** Over the repeats of the permutation. */
  permutationSd: Float64Array;
  /** Largest |Σ a_k − (f(x) − f(x'))| over rows of integrated gradients, over the mean size of f(x) − f(x'). */
  completeness: number;
  /** Largest |Σ φ_k − (f(x) − f(background))| over rows. */
  efficiency: number;
  /** Orders of features behind the Shapley values. */
  orders: number | "exact";
}

/**
 * Every classical attribution of one network: permutation importance of the AUC on held-out rows, and the mean size over
 * at most `rows` of those rows of Shapley values, integrated gradients and gradient × input of the logits' difference (of
 * more classes each logit less the mean of all, mean over classes); connection weights of that difference; the first
 * layer's Σ|w|; and what the feature alone says, |AUC − ½|. Baseline and background: the means over the training rows.
 */
export async function classifierAttributions(
  shape: ClassifierShape,
  weights: Float64Array,
  { train, test }: { train: Matrix; test: LabelledRows },
  options: { random: Random; rows: number; steps: number; repeats: number; orders: number; task?: Task },
): Promise<Attributions> {
  const { random, rows, steps, repeats, orders, task = quietTask } = options;
  const { features, labels } = test;
  const some = takeRows(
    features,
    Array.from({ length: Math.min(rows, features.rows) }, (_, i) => i),
  );
  const background = Float64Array.from({ length: train.cols }, (_, k) => mean(columnOf(train, k)));
  const outputs = classifierOutputs(shape, weights);
  const sum = (of: readonly Float64Array[]) =>
    Float64Array.from({ length: train.cols }, (_, k) => mean(of.map((one) => one[k]!)));
  const found: Record<"shapley" | "integrated" | "gradient", Float64Array[]> = {
    shapley: [],
    integrated: [],
    gradient: [],
  };
  let [completeness, efficiency] = [0, 0];
  let drawn: Attributions["orders"] = "exact";
  for (const [c, { value, gradient }] of outputs.entries()) {
    await breathe(task);
    const path = integratedGradients(value, gradient, some, background, { steps });
    const [ends, start] = [value(some), value(matrix(1, train.cols, background))[0]!];
    const scale = mean(ends.map((y) => Math.abs(y - start))) || 1;
    const shapley = shapleyValues(value, some, background, { orders, random: random.fork("orders", c) });
    drawn = shapley.orders;
    for (const miss of path.completeness) completeness = Math.max(completeness, Math.abs(miss) / scale);
    for (let i = 0; i < some.rows; i++) {
      let total = 0;
      for (let k = 0; k < train.cols; k++) total += shapley.values.data[i * train.cols + k]!;
      efficiency = Math.max(efficiency, Math.abs(total - (ends[i]! - start)));
    }
    found.shapley.push(meanSize(shapley.values));
    found.integrated.push(meanSize(path.attributions));
    found.gradient.push(meanSize(gradientTimesInput(gradient(some), some)));
    task.report((c + 1) / (outputs.length + 1));
  }
  const score = (m: Matrix) => classifierAuc(shape, { features: m, labels })(weights);
  const permuted = permutationImportance(score, features, { repeats, random: random.fork("permutation") });
  const layers = layersOf(shape, weights).map((layer) => layer.weights);
  return {
    scores: {
      permutation: permuted.mean,
      shapley: sum(found.shapley),
      integrated: sum(found.integrated),
      gradient: sum(found.gradient),
      connection: connectionSizes(connectionWeights(layers)),
      "first-layer": firstLayerSize(layers[0]!),
      univariate: univariate(shape.classes, test),
    },
    permutationSd: permuted.sd,
    ...{ completeness, efficiency, orders: drawn },
  };
}

/** Of two outputs the size of the difference of their rows, of more the mean size of each less the mean of all. */
function connectionSizes({ rows, cols, data }: Matrix): Float64Array {
  return Float64Array.from({ length: cols }, (_, k) => {
    const column = Array.from({ length: rows }, (_, i) => data[i * cols + k]!);
    if (rows === 2) return Math.abs(column[1]! - column[0]!);
    const centre = mean(column);
    return mean(column.map((value) => Math.abs(value - centre)));
  });
}

/** What each feature says by itself: |AUC − ½|, of more classes the mean over one against the rest. */
export function univariate(classes: number, { features, labels }: LabelledRows): Float64Array {
  const asked = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  return Float64Array.from({ length: features.cols }, (_, k) => {
    const column = columnOf(features, k);
    const sizes = asked.flatMap((c) => {
      const positive = Array.from(labels, (label) => label === c);
      return positive.includes(true) && positive.includes(false)
        ? [Math.abs(auc(column, positive) - 0.5)]
        : [];
    });
    return mean(sizes);
  });
}
