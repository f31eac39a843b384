import { UserError } from "../core/errors.ts";

/** What a token regressor learns from: one value of one task at (z, n) a row. */
export interface Samples {
  z: Int32Array;
  n: Int32Array;
  task: Int32Array;
  /** In the task's unit. */
  value: Float64Array;
  /** Factor of the row's squared error; default 1. */
  weight?: Float64Array;
}

/** The samples at `rows`. */
export function takeSamples(samples: Samples, rows: ArrayLike<number>): Samples {
  const ints = (values: Int32Array) => Int32Array.from(rows, (i) => values[i]!);
  const numbers = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
  return {
    z: ints(samples.z),
    n: ints(samples.n),
    task: ints(samples.task),
    value: numbers(samples.value),
    ...(samples.weight && { weight: numbers(samples.weight) }),
  };
}

/** @throws UserError naming the first row with a token outside the vocabularies, or a value that is no number. */
export function checkSamples(samples: Samples, vocabularies: readonly [number, number, number]): void {
  const { z, n, task, value, weight } = samples;
  const columns = { z, n, task };
  const count = value.length;
  Object.entries(columns).forEach(([name, tokens], slot) => {
    if (tokens.length !== count) {
      throw new UserError(`samples: ${count} values but ${tokens.length} tokens '${name}'`);
    }
    const limit = vocabularies[slot]!;
    const bad = tokens.findIndex((token) => token < 0 || token >= limit);
    if (bad >= 0) {
      throw new UserError(
        `samples, row ${bad}: ${name} = ${tokens[bad]}; the vocabulary is 0 to ${limit - 1}`,
      );
    }
  });
  const bad = value.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw new UserError(`samples, row ${bad}: the value is ${value[bad]}; leave the row out`);
  if (!weight) return;
  if (weight.length !== count) throw new UserError(`samples: ${count} values but ${weight.length} weights`);
  const light = weight.findIndex((w) => !(w > 0 && w < Infinity));
  if (light >= 0) {
    throw new UserError(`samples, row ${light}: weight ${weight[light]}; expected a number above 0`);
  }
}
