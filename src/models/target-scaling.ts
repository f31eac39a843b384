import { UserError } from "../core/errors.ts";
import type { Samples } from "./samples.ts";

/** Affine maps between the network's output and each task's unit: value = low + range·output. */
export interface TargetScaling {
  low: readonly number[];
  range: readonly number[];
}

/**
 * Least and greatest value of each task over `samples`. Training samples alone keep the held-out values out of the
 * model; the paper took the whole table.
 * @throws UserError for a task without samples, or whose values are all the same.
 */
export function minMaxScaling(samples: Samples, tasks: readonly string[]): TargetScaling {
  const low = tasks.map(() => Number.POSITIVE_INFINITY);
  const high = tasks.map(() => Number.NEGATIVE_INFINITY);
  samples.value.forEach((value, i) => {
    const task = samples.task[i]!;
    low[task] = Math.min(low[task]!, value);
    high[task] = Math.max(high[task]!, value);
  });
  const range = tasks.map((name, task) => {
    const width = high[task]! - low[task]!;
    if (width > 0 && width < Infinity) return width;
    const found = low[task] === Number.POSITIVE_INFINITY ? "no samples" : `only the value ${low[task]}`;
    throw new UserError(`minMaxScaling: task '${name}' has ${found}; it cannot be scaled: leave it out`);
  });
  return { low, range };
}

/** Values of `task`s in the network's scale. */
export function scaleTargets(
  { low, range }: TargetScaling,
  value: Float64Array,
  task: Int32Array,
): Float64Array {
  return value.map((v, i) => (v - low[task[i]!]!) / range[task[i]!]!);
}

/** The network's outputs in their tasks' units. */
export function unscaleOutputs(
  { low, range }: TargetScaling,
  output: ArrayLike<number>,
  task: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(
    { length: output.length },
    (_, i) => low[task[i]!]! + range[task[i]!]! * output[i]!,
  );
}
