import { demand } from "../../core/errors.ts";
import type { TypedArray } from "../../program/dtype.ts";
import type { Samples } from "./contract.ts";

/** The samples at `rows`, in that order, repeats allowed. @throws UserError naming a row that is not there. */
export function pickSamples(samples: Samples, rows: ArrayLike<number>): Samples {
  const { count, inputs, targets } = samples;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    demand(Number.isInteger(row) && row >= 0 && row < count, () => {
      return `pickSamples: row ${row} at place ${i}; the samples are 0 to ${count - 1}`;
    });
  }
  return {
    count: rows.length,
    inputs: inputs.map((column) => pickRows(column, count, rows)),
    targets: pickRows(targets, count, rows),
  };
}

/** Rows of a typed array that holds `count` of them, as a new one. */
export function pickRows<T extends TypedArray>(column: T, count: number, rows: ArrayLike<number>): T {
  const width = count === 0 ? 0 : column.length / count;
  const out = new (column.constructor as new (length: number) => T)(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width;
    for (let k = 0; k < width; k++) out[i * width + k] = column[from + k]!;
  }
  return out;
}

/**
 * Weights of `count` samples: 0 for those in `removed`, 1 for the others. The normaliser 1/n stays, so a weight of 0
 * is the removal that influence functions predict. @throws UserError naming a row that is not there, or twice.
 */
export function withoutSamples(count: number, removed: ArrayLike<number>): Float64Array {
  const weights = new Float64Array(count).fill(1);
  for (let i = 0; i < removed.length; i++) {
    const row = removed[i]!;
    demand(Number.isInteger(row) && row >= 0 && row < count && weights[row] === 1, () => {
      return `withoutSamples: row ${row}; expected different rows from 0 to ${count - 1}`;
    });
    weights[row] = 0;
  }
  return weights;
}

/** @throws UserError unless there is a sample, whole rows in every input, targets for all and finite numbers. */
export function checkObjectiveSamples(where: string, samples: Samples, targetsEach: number): void {
  const { count, inputs, targets } = samples;
  demand(Number.isInteger(count) && count >= 1, () => `${where}: ${count} samples; expected at least 1`);
  inputs.forEach((column, k) => {
    demand(column.length % count === 0, () => {
      return `${where}: input ${k} has ${column.length} numbers for ${count} samples; expected whole rows`;
    });
    for (let i = 0; i < column.length; i++) {
      demand(Number.isFinite(column[i]!), () => {
        const row = Math.floor(i / (column.length / count));
        return `${where}: input ${k} of sample ${row} holds ${column[i]}; leave the sample out`;
      });
    }
  });
  demand(targets.length === count * targetsEach, () => {
    return `${where}: ${targets.length} targets for ${count} samples; expected ${count * targetsEach}`;
  });
  const bad = targets.findIndex((y) => !Number.isFinite(y));
  demand(bad < 0, () => `${where}: target ${bad} is ${targets[bad]}; leave the sample out`);
}
