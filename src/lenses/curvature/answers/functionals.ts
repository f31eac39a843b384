import { UserError } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";

/**
 * Gradients by θ of a function of a model's outputs, by the chain rule: row t is Σ_c weights[t, c]·∂f_c(x_t)/∂θ. With
 * weights p − y this is the gradient of the cross-entropy, with weights f − y that of ½(f − y)², with a row of the
 * identity that of one output.
 * @param jacobian ∂f/∂θ, (t·C) × d, row t·C + c @param weights t × C
 * @returns t × d @throws UserError for shapes that do not fit
 */
export function chainGradients(jacobian: Matrix, weights: Matrix): Matrix {
  const { rows, cols: outputs } = weights;
  const d = jacobian.cols;
  if (jacobian.rows !== rows * outputs) {
    throw new UserError(
      `chainGradients: a Jacobian of ${jacobian.rows} rows for ${rows} samples of ${outputs} outputs; expected ${rows * outputs}`,
    );
  }
  const out = matrix(rows, d);
  for (let t = 0; t < rows; t++) {
    for (let c = 0; c < outputs; c++) {
      const weight = weights.data[t * outputs + c]!;
      if (weight === 0) continue;
      const from = (t * outputs + c) * d;
      for (let j = 0; j < d; j++) out.data[t * d + j]! += weight * jacobian.data[from + j]!;
    }
  }
  return out;
}

/** Softmax of every row. */
export function probabilities(logits: Matrix): Matrix {
  const { rows, cols } = logits;
  const out = matrix(rows, cols);
  for (let t = 0; t < rows; t++) {
    const row = logits.data.subarray(t * cols, (t + 1) * cols);
    let top = -Infinity;
    for (const z of row) top = Math.max(top, z);
    let sum = 0;
    for (let c = 0; c < cols; c++) {
      const e = Math.exp(row[c]! - top);
      out.data[t * cols + c] = e;
      sum += e;
    }
    for (let c = 0; c < cols; c++) out.data[t * cols + c]! /= sum;
  }
  return out;
}

/** The class with the largest output of every row; the first of equals. */
export function predictedClasses(logits: Matrix): Int32Array {
  const { rows, cols, data } = logits;
  return Int32Array.from({ length: rows }, (_, t) => {
    let best = 0;
    for (let c = 1; c < cols; c++) if (data[t * cols + c]! > data[t * cols + best]!) best = c;
    return best;
  });
}

/**
 * Weights for {@link chainGradients} that give the gradient of the probability of one class each:
 * ∂p_k/∂z_c = p_k(δ_kc − p_c). @param classes k for every row of `logits`
 */
export function probabilityWeights(logits: Matrix, classes: ArrayLike<number>): Matrix {
  demandClasses("probabilityWeights", logits, classes);
  const { rows, cols } = logits;
  const p = probabilities(logits);
  const out = matrix(rows, cols);
  for (let t = 0; t < rows; t++) {
    const k = classes[t]!;
    const pk = p.data[t * cols + k]!;
    for (let c = 0; c < cols; c++) {
      out.data[t * cols + c] = pk * ((c === k ? 1 : 0) - p.data[t * cols + c]!);
    }
  }
  return out;
}

/**
 * Weights for {@link chainGradients} that give the gradient of the logit margin z_k − max_{c≠k} z_c of one class each.
 * @param classes k for every row of `logits`
 */
export function marginWeights(logits: Matrix, classes: ArrayLike<number>): Matrix {
  demandClasses("marginWeights", logits, classes);
  const { rows, cols } = logits;
  const out = matrix(rows, cols);
  for (let t = 0; t < rows; t++) {
    const k = classes[t]!;
    out.data[t * cols + k] = 1;
    out.data[t * cols + rivalOf(logits, t, k)] = -1;
  }
  return out;
}

/** Loss, probability and logit margin of one class each, as {@link resampledSpread} wants them from outputs. */
export function classMeasures(
  logits: Matrix,
  classes: ArrayLike<number>,
): { loss: Float64Array; probability: Float64Array; margin: Float64Array } {
  demandClasses("classMeasures", logits, classes);
  const { rows, cols, data } = logits;
  const p = probabilities(logits);
  const probability = Float64Array.from({ length: rows }, (_, t) => p.data[t * cols + classes[t]!]!);
  const margin = Float64Array.from({ length: rows }, (_, t) => {
    const k = classes[t]!;
    return data[t * cols + k]! - data[t * cols + rivalOf(logits, t, k)]!;
  });
  const loss = Float64Array.from({ length: rows }, (_, t) => {
    const row = data.subarray(t * cols, (t + 1) * cols);
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    return top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0)) - row[classes[t]!]!;
  });
  return { loss, probability, margin };
}

function rivalOf(logits: Matrix, t: number, k: number): number {
  const { cols, data } = logits;
  let rival = k === 0 ? 1 : 0;
  for (let c = 0; c < cols; c++) {
    if (c !== k && data[t * cols + c]! > data[t * cols + rival]!) rival = c;
  }
  return rival;
}

function demandClasses(where: string, logits: Matrix, classes: ArrayLike<number>): void {
  if (logits.cols < 2)
    throw new UserError(`${where}: ${logits.cols} outputs; expected a logit a class, two or more`);
  if (classes.length !== logits.rows) {
    throw new UserError(`${where}: ${classes.length} classes for ${logits.rows} rows of logits`);
  }
  for (let t = 0; t < classes.length; t++) {
    const k = classes[t]!;
    if (!Number.isInteger(k) || k < 0 || k >= logits.cols) {
      throw new UserError(`${where}: class ${k} of row ${t}; expected 0 to ${logits.cols - 1}`);
    }
  }
}
