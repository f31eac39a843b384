import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import { columnOf, takeRows } from "../../linalg/rows.ts";
import type { LabelledData } from "./labelled-data.ts";

/** What brings features to mean 0 and standard deviation 1. */
export interface Scale {
  mean: Float64Array;
  /** With N in the denominator; 1 for a column that is constant. */
  deviation: Float64Array;
}

/** The scale of the rows that are trained on. */
export function scaleOf({ features }: LabelledData): Scale {
  const { rows, cols } = features;
  const mean = new Float64Array(cols);
  const deviation = new Float64Array(cols).fill(1);
  for (let k = 0; k < cols; k++) {
    const column = columnOf(features, k);
    if (column.every((value) => value === column[0])) {
      mean[k] = column[0]!;
      continue;
    }
    for (const value of column) mean[k]! += value / rows;
    let squares = 0;
    for (const value of column) squares += (value - mean[k]!) ** 2;
    deviation[k] = Math.sqrt(squares / rows);
  }
  return { mean, deviation };
}

/** (x − mean)/deviation, column by column: training and test data by the scale of the training data. */
export function standardised(data: LabelledData, { mean, deviation }: Scale): LabelledData {
  const { rows, cols } = data.features;
  const values = data.features.data.map((value, i) => (value - mean[i % cols]!) / deviation[i % cols]!);
  return { ...data, features: matrix(rows, cols, values) };
}

/**
 * Rows split at random into `train` and the rest, each class in its share as far as whole rows allow.
 * @throws UserError where a part would have no row.
 */
export function splitRows(
  data: LabelledData,
  train: number,
  random: Random,
): { train: LabelledData; test: LabelledData } {
  const { rows } = data.features;
  demand(
    Number.isInteger(train) && train >= 1 && train < rows,
    () => `splitRows: ${train} rows to train on of ${rows}; expected a whole number from 1 to ${rows - 1}`,
  );
  // Every row gets the place in its class that it would have; the smallest places are trained on.
  const order = Array.from(random.permutation(rows));
  const seen = new Map<number, number>();
  const count = new Map<number, number>();
  for (const label of data.labels) count.set(label, (count.get(label) ?? 0) + 1);
  const places = order.map((row) => {
    const label = data.labels[row]!;
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    return { row, place: (before + 0.5) / count.get(label)! };
  });
  places.sort((a, b) => a.place - b.place || a.row - b.row);
  const part = (from: number, to: number): LabelledData => {
    const chosen = places.slice(from, to).map(({ row }) => row);
    return {
      ...data,
      features: takeRows(data.features, chosen),
      labels: Int32Array.from(chosen, (row) => data.labels[row]!),
    };
  };
  return { train: part(0, train), test: part(train, rows) };
}
