import { demand } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import { type ClassifierLayer, type ClassifierShape, layersOf } from "./shape.ts";

/** Logits of every row, rows × classes: y = W_L h_{L−1} + b_L with h_l = tanh(W_l h_{l−1} + b_l), h_0 = x. */
export function logits(shape: ClassifierShape, w: Float64Array, features: Matrix): Matrix {
  const layers = layersOf(shape, w);
  checkFeatures(shape, features, "logits");
  const out = matrix(features.rows, shape.classes);
  for (let row = 0; row < features.rows; row++) {
    out.data.set(activations(layers, rowOf(features, row)).at(-1)!, row * shape.classes);
  }
  return out;
}

/** Softmax of the logits of every row, rows × classes. */
export function probabilities(shape: ClassifierShape, w: Float64Array, features: Matrix): Matrix {
  const out = logits(shape, w, features);
  for (let row = 0; row < out.rows; row++) softmaxInPlace(rowOf(out, row));
  return out;
}

/** Of one row: its features, each hidden layer's activations, and the logits. */
export function activations(layers: readonly ClassifierLayer[], x: Float64Array): Float64Array[] {
  const out = [x];
  layers.forEach(({ weights, bias }, l) => {
    const below = out[l]!;
    const here = bias.slice();
    for (let j = 0; j < weights.rows; j++) {
      let sum = here[j]!;
      for (let k = 0; k < weights.cols; k++) sum += weights.data[j * weights.cols + k]! * below[k]!;
      here[j] = l < layers.length - 1 ? Math.tanh(sum) : sum;
    }
    out.push(here);
  });
  return out;
}

export function softmaxInPlace(values: Float64Array): void {
  let top = -Infinity;
  for (const value of values) top = Math.max(top, value);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp(values[i]! - top);
    sum += values[i]!;
  }
  for (let i = 0; i < values.length; i++) values[i]! /= sum;
}

export function checkFeatures(shape: ClassifierShape, features: Matrix, where: string): void {
  demand(
    features.cols === shape.inputs,
    () => `${where}: ${features.cols} features for a classifier of ${shape.inputs} inputs`,
  );
}
