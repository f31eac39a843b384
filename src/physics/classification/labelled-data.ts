import { demand } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";

/** Rows of features, each with its class. */
export interface LabelledData {
  /** As it is printed: "six-feature rule, noise 0.3". */
  name: string;
  /** Rows × features. */
  features: Matrix;
  /** The class of each row, from 0. */
  labels: Int32Array;
  classes: readonly string[];
  /** Of the features. */
  names: readonly string[];
  /** The features that carry the label, by number, where whoever made the data knows. */
  relevant?: readonly number[];
}

/** Labelled data from one function that gives a row and its class. @throws UserError for no rows. */
export function labelled(
  about: Omit<LabelledData, "features" | "labels"> & { rows: number },
  row: (i: number) => { x: ArrayLike<number>; label: number },
): LabelledData {
  const { rows, ...rest } = about;
  demand(
    Number.isInteger(rows) && rows >= 1,
    () => `${about.name}: ${rows} rows; expected a whole number of at least 1`,
  );
  const features = matrix(rows, about.names.length);
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const { x, label } = row(i);
    features.data.set(x, i * features.cols);
    labels[i] = label;
  }
  return { ...rest, features, labels };
}
