import { demand } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { OutputLoss } from "./contract.ts";

/**
 * Cross-entropy of a softmax over C logits, ℓ(f, y) = ln Σ_c exp f_c − f_y, with y the class index. Its slope is
 * p − e_y with p = softmax(f), its curvature diag(p) − ppᵀ, which is also its Fisher matrix. Computed with the largest
 * logit taken out: right for logits of any size, and ℓ keeps its digits where the prediction is certain.
 * @throws UserError from its functions for another number of logits, or a target that is no class, naming the row.
 */
export function crossEntropy(classes: number): OutputLoss {
  demand(Number.isInteger(classes) && classes >= 2, () => {
    return `crossEntropy: ${classes} classes; expected a whole number of at least 2 (one logit a class)`;
  });
  const curvatures = (outputs: Matrix) => {
    checkShape("cross-entropy", outputs, classes);
    const p = softmaxRows(outputs);
    const out = matrix(outputs.rows, classes * classes);
    for (let i = 0; i < outputs.rows; i++) {
      for (let c = 0; c < classes; c++) {
        const own = p.data[i * classes + c]!;
        let rest = 0;
        for (let k = 0; k < classes; k++) {
          if (k === c) continue;
          const other = p.data[i * classes + k]!;
          rest += other;
          out.data[(i * classes + c) * classes + k] = -own * other;
        }
        out.data[(i * classes + c) * classes + c] = own * rest;
      }
    }
    return out;
  };
  return {
    name: "cross-entropy",
    classes: true,
    values(outputs, targets) {
      checkClasses(outputs, targets, classes);
      return Float64Array.from(targets, (y, i) => {
        const row = i * classes;
        const chosen = outputs.data[row + y]!;
        let most = Number.NEGATIVE_INFINITY;
        for (let c = 0; c < classes; c++) if (c !== y) most = Math.max(most, outputs.data[row + c]! - chosen);
        let sum = 0;
        for (let c = 0; c < classes; c++) {
          if (c !== y) sum += Math.exp(outputs.data[row + c]! - chosen - Math.max(most, 0));
        }
        return most <= 0 ? Math.log1p(sum) : most + Math.log(Math.exp(-most) + sum);
      });
    },
    slopes(outputs, targets) {
      checkClasses(outputs, targets, classes);
      const p = softmaxRows(outputs);
      for (let i = 0; i < outputs.rows; i++) {
        let rest = 0;
        const y = i * classes + targets[i]!;
        for (let c = i * classes; c < (i + 1) * classes; c++) if (c !== y) rest += p.data[c]!;
        p.data[y] = -rest;
      }
      return p;
    },
    curvatures(outputs, targets) {
      checkClasses(outputs, targets, classes);
      return curvatures(outputs);
    },
    fisher: curvatures,
  };
}

/**
 * Half the squared error, ℓ(f, y) = ½ Σ_c (f_c − y_c)², with `outputs` target values a sample. Its slope is f − y, its
 * curvature the identity, which is also its Fisher matrix (a normal distribution of unit variance about f).
 * @throws UserError from its functions for other numbers of outputs or targets.
 */
export function squaredError(outputs = 1): OutputLoss {
  demand(Number.isInteger(outputs) && outputs >= 1, () => {
    return `squaredError: ${outputs} outputs; expected a whole number of at least 1`;
  });
  const slopes = (f: Matrix, targets: Float64Array) => {
    checkShape("squared error", f, outputs);
    demand(targets.length === f.data.length, () => {
      return `squared error: ${targets.length} targets for ${f.rows}×${outputs} outputs; expected ${f.data.length}`;
    });
    return matrix(
      f.rows,
      outputs,
      f.data.map((value, i) => value - targets[i]!),
    );
  };
  const identity = (f: Matrix) => {
    checkShape("squared error", f, outputs);
    const out = matrix(f.rows, outputs * outputs);
    for (let i = 0; i < f.rows; i++) {
      for (let c = 0; c < outputs; c++) out.data[(i * outputs + c) * outputs + c] = 1;
    }
    return out;
  };
  return {
    name: "squared",
    classes: false,
    values(f, targets) {
      const error = slopes(f, targets).data;
      return Float64Array.from({ length: f.rows }, (_, i) => {
        let sum = 0;
        for (let c = i * outputs; c < (i + 1) * outputs; c++) sum += error[c]! ** 2;
        return sum / 2;
      });
    },
    slopes,
    curvatures: identity,
    fisher: identity,
  };
}

/** Softmax of every row, Σ_c p_c = 1, with the row's largest value taken out first. */
export function softmaxRows(logits: Matrix): Matrix {
  const { rows, cols } = logits;
  const out = matrix(rows, cols);
  for (let i = 0; i < rows; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = i * cols; c < (i + 1) * cols; c++) most = Math.max(most, logits.data[c]!);
    let sum = 0;
    for (let c = i * cols; c < (i + 1) * cols; c++) {
      const value = Math.exp(logits.data[c]! - most);
      out.data[c] = value;
      sum += value;
    }
    for (let c = i * cols; c < (i + 1) * cols; c++) out.data[c]! /= sum;
  }
  return out;
}

function checkClasses(outputs: Matrix, targets: Float64Array, classes: number): void {
  checkShape("cross-entropy", outputs, classes);
  demand(targets.length === outputs.rows, () => {
    return `cross-entropy: ${targets.length} targets for ${outputs.rows} rows; expected one class index a row`;
  });
  const bad = targets.findIndex((y) => !(Number.isInteger(y) && y >= 0 && y < classes));
  demand(bad < 0, () => {
    return `cross-entropy, row ${bad}: target ${targets[bad]}; expected a class index from 0 to ${classes - 1}`;
  });
}

function checkShape(name: string, outputs: Matrix, cols: number): void {
  demand(outputs.cols === cols, () => {
    return `${name}: ${outputs.rows}×${outputs.cols} outputs; expected ${cols} a row`;
  });
}
