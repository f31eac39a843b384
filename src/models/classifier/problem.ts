import { demand } from "../../core/errors.ts";
import { type ClassifierShape, layoutOf } from "./shape.ts";

/** What a classifier is trained on, as plain data that worker threads can be sent. */
export interface ClassifierProblem {
  /** As it is printed and stored; default made of shape, rows and λ. */
  name?: string;
  shape: ClassifierShape;
  data: {
    /** Row-major, rows × inputs. */
    features: Float64Array | readonly number[];
    /** The class of each row, from 0. */
    labels: Int32Array | readonly number[];
    rows: number;
  };
  /** λ of λΣw²; above 0 there are no flat directions. */
  lambda: number;
  /** Does λ act on biases too? Default true. Without it, adding a constant to all output biases changes nothing. */
  regulariseBiases?: boolean;
}

/** A problem in the form that kernels read, after every check. */
export interface CheckedProblem {
  name: string;
  shape: ClassifierShape;
  features: Float64Array;
  labels: Int32Array;
  rows: number;
  lambda: number;
  regulariseBiases: boolean;
}

/** @throws UserError that names the first field that is wrong: sizes, a value that is no number, a missing class. */
export function checkProblem(problem: ClassifierProblem): CheckedProblem {
  const { shape, data, lambda, regulariseBiases = true } = problem;
  const { sizes } = layoutOf(shape);
  const { rows } = data;
  const { inputs, classes } = shape;
  const where = "classifierLandscape";
  demand(Number.isInteger(rows) && rows >= 1, () => `${where}: data.rows is ${rows}; expected at least 1`);
  demand(
    data.features.length === rows * inputs,
    () =>
      `${where}: data.features holds ${data.features.length} numbers; ${rows} rows of ${inputs} need ${rows * inputs}`,
  );
  demand(
    data.labels.length === rows,
    () => `${where}: data.labels holds ${data.labels.length} classes for ${rows} rows`,
  );
  demand(
    Number.isFinite(lambda) && lambda >= 0,
    () => `${where}: lambda is ${lambda}; expected a number of at least 0`,
  );
  const features = Float64Array.from(data.features);
  const bad = features.findIndex((value) => !Number.isFinite(value));
  demand(
    bad < 0,
    () =>
      `${where}: feature ${bad % inputs} of row ${Math.floor(bad / inputs)} is ${features[bad]}; remove the row, or fill it in`,
  );
  const labels = Int32Array.from(data.labels);
  const seen = new Set<number>();
  labels.forEach((label, row) => {
    demand(
      label === data.labels[row] && label >= 0 && label < classes,
      () =>
        `${where}: the label of row ${row} is ${data.labels[row]}; expected a whole number from 0 to ${classes - 1}`,
    );
    seen.add(label);
  });
  demand(
    seen.size >= 2,
    () =>
      `${where}: every one of ${rows} rows is of class ${labels[0]}; there is nothing to tell apart: take a target with at least two classes`,
  );
  const name =
    problem.name ??
    `classifier ${sizes.join("-")}, ${rows} rows, λ = ${lambda}${regulariseBiases ? "" : " without biases"}`;
  return { name, shape, features, labels, rows, lambda, regulariseBiases };
}
