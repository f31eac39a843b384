import { demand } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { inputGradients } from "../../models/classifier/input-gradients.ts";
import { logits } from "../../models/classifier/predict.ts";
import { type ClassifierShape, layoutOf } from "../../models/classifier/shape.ts";

/** Rows with their classes. */
export interface LabelledRows {
  features: Matrix;
  /** The class of each row, from 0. */
  labels: Int32Array;
}

/**
 * The AUC of weights on labelled rows, as a function that is called thousands of times and allocates nothing: of two
 * classes the AUC of the logits' difference, of more the mean over classes of the AUC of p_c against the rest (classes
 * without a row, or with all, are left out). Equal to `auc` of src/stats; ties count half.
 * @throws UserError where fewer than two classes have rows.
 */
export function classifierAuc(
  shape: ClassifierShape,
  { features, labels }: LabelledRows,
): (weights: Float64Array) => number {
  const { sizes, weightsAt, biasAt } = layoutOf(shape);
  const { rows } = features;
  const { classes } = shape;
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  const asked = (classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c)).filter(
    (c) => counts[c]! > 0 && counts[c]! < rows,
  );
  demand(
    asked.length > 0,
    () => `classifierAuc: ${rows} rows of one class; an AUC needs rows of at least two`,
  );
  const layers = sizes.map((size) => new Float64Array(size));
  const scores = Array.from({ length: asked.length }, () => new Float64Array(rows));
  const sides = asked.map((c) => ({
    inside: new Float64Array(counts[c]!),
    outside: new Float64Array(rows - counts[c]!),
  }));
  return (w) => {
    for (let row = 0; row < rows; row++) {
      layers[0]!.set(features.data.subarray(row * features.cols, (row + 1) * features.cols));
      for (let l = 1; l < sizes.length; l++) {
        const [below, here] = [layers[l - 1]!, layers[l]!];
        const last = l === sizes.length - 1;
        let at = weightsAt[l - 1]!;
        for (let j = 0; j < here.length; j++) {
          let sum = w[biasAt[l - 1]! + j]!;
          for (let k = 0; k < below.length; k++) sum += w[at++]! * below[k]!;
          here[j] = last ? sum : Math.tanh(sum);
        }
      }
      const y = layers.at(-1)!;
      if (classes === 2) scores[0]![row] = y[1]! - y[0]!;
      else
        asked.forEach((c, s) => {
          // Monotone in p_c: the logit less the logarithm of what all the others sum to.
          let top = -Infinity;
          for (let i = 0; i < classes; i++) if (i !== c) top = Math.max(top, y[i]!);
          let sum = 0;
          for (let i = 0; i < classes; i++) if (i !== c) sum += Math.exp(y[i]! - top);
          scores[s]![row] = y[c]! - top - Math.log(sum);
        });
    }
    let total = 0;
    asked.forEach((c, s) => {
      const { inside, outside } = sides[s]!;
      let [a, b] = [0, 0];
      for (let row = 0; row < rows; row++) {
        if (labels[row] === c) inside[a++] = scores[s]![row]!;
        else outside[b++] = scores[s]![row]!;
      }
      total += shareAbove(inside.sort(), outside.sort());
    });
    return total / asked.length;
  };
}

/** The share of pairs (a, b) with a > b, ties counting half; both sorted upwards. */
function shareAbove(inside: Float64Array, outside: Float64Array): number {
  let [below, upTo, sum] = [0, 0, 0];
  for (const a of inside) {
    while (below < outside.length && outside[below]! < a) below++;
    while (upTo < outside.length && outside[upTo]! <= a) upTo++;
    sum += 0.5 * (below + upTo);
  }
  return sum / (inside.length * outside.length);
}

/** A scalar that the classifier puts out for each row, and its gradient with respect to the features. */
export interface ClassifierOutput {
  name: string;
  value(features: Matrix): Float64Array;
  gradient(features: Matrix): Matrix;
}

/** What attributions explain: of two classes the difference of the logits, of more each logit less the mean of all. */
export function classifierOutputs(shape: ClassifierShape, w: Float64Array): ClassifierOutput[] {
  const { classes } = shape;
  const mix =
    classes === 2
      ? [Float64Array.of(-1, 1)]
      : Array.from({ length: classes }, (_, c) =>
          Float64Array.from({ length: classes }, (_, i) => (i === c ? 1 : 0) - 1 / classes),
        );
  return mix.map((weights, c) => ({
    name: classes === 2 ? "logit of class 1 less class 0" : `logit of class ${c} less the mean`,
    value(features) {
      const y = logits(shape, w, features);
      return Float64Array.from({ length: features.rows }, (_, row) => {
        let sum = 0;
        for (let i = 0; i < classes; i++) sum += weights[i]! * y.data[row * classes + i]!;
        return sum;
      });
    },
    gradient(features) {
      const out = matrix(features.rows, features.cols);
      for (let i = 0; i < classes; i++) {
        const { data } = inputGradients(shape, w, features, i);
        for (let k = 0; k < data.length; k++) out.data[k]! += weights[i]! * data[k]!;
      }
      return out;
    },
  }));
}
