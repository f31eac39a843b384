import { demand } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import { activations, checkFeatures } from "./predict.ts";
import { type ClassifierLayer, type ClassifierShape, layersOf } from "./shape.ts";

/** ∂y_output/∂x of every row, rows × inputs: the logit's gradient with respect to the features. */
export function inputGradients(
  shape: ClassifierShape,
  w: Float64Array,
  features: Matrix,
  output: number,
): Matrix {
  const layers = layersOf(shape, w);
  checkFeatures(shape, features, "inputGradients");
  demand(
    Number.isInteger(output) && output >= 0 && output < shape.classes,
    () => `inputGradients: output ${output}; expected a whole number from 0 to ${shape.classes - 1}`,
  );
  const out = matrix(features.rows, shape.inputs);
  const top = new Float64Array(shape.classes);
  top[output] = 1;
  for (let row = 0; row < features.rows; row++) {
    const active = activations(layers, rowOf(features, row));
    out.data.set(sensitivities(layers, active, top)[0]!, row * shape.inputs);
  }
  return out;
}

/** The derivative of top·y with respect to each layer's sums a, and first with respect to the input: from input to output. */
export function sensitivities(
  layers: readonly ClassifierLayer[],
  active: readonly Float64Array[],
  top: Float64Array,
): Float64Array[] {
  const out = [top];
  for (let l = layers.length - 1; l >= 0; l--) {
    const { weights } = layers[l]!;
    const above = out[0]!;
    const here = new Float64Array(weights.cols);
    for (let j = 0; j < weights.rows; j++) {
      for (let k = 0; k < weights.cols; k++) here[k]! += above[j]! * weights.data[j * weights.cols + k]!;
    }
    if (l > 0) for (let k = 0; k < here.length; k++) here[k]! *= 1 - active[l]![k]! ** 2;
    out.unshift(here);
  }
  return out;
}
