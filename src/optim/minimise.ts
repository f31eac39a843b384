import { UserError } from "../core/errors.ts";
import type { Task } from "../core/task.ts";
import type { Spec, TypedArray } from "../program/dtype.ts";
import type { Value } from "../program/ops/value.ts";
import { compile } from "../program/session.ts";
import { trace } from "../program/trace.ts";
import { valueAndGrad } from "../program/transform/index.ts";
import { adamwState, adamwStep, type FlatVector } from "./adamw.ts";

export interface MinimiseOptions<T extends FlatVector> {
  /** A scalar function of one flat vector of parameters and of the data. */
  loss: (parameters: Value, ...data: Value[]) => Value;
  /** Shapes and element types of the parameters and of each data array. */
  specs: readonly Spec[];
  /** Parameters to start from; not changed. */
  start: T;
  data: readonly TypedArray[];
  steps: number;
  /** Default 0.01. */
  learningRate?: number;
  /** Asked for cancellation at every step. */
  task?: Task;
}

/**
 * Minimises a loss with AdamW (constant rate, no weight decay) on all data at once: enough for a small model. The same
 * input gives the same bytes.
 * @returns the parameters, and the loss before each step
 * @throws UserError if the loss is not finite, naming the step
 */
export async function minimise<T extends FlatVector>(
  options: MinimiseOptions<T>,
): Promise<{ parameters: T; losses: Float64Array }> {
  const { loss, specs, start, data, steps, learningRate = 0.01, task } = options;
  const parameters = start.slice() as T;
  const losses = new Float64Array(steps);
  const state = adamwState(parameters);
  const gradient = valueAndGrad(loss as (...values: Value[]) => Value);
  const session = await compile(
    trace((...values: Value[]) => gradient(...values), [...specs], { name: "minimise" }),
  );
  try {
    for (let step = 0; step < steps; step++) {
      task?.check();
      const [value, slope] = (await session.run([parameters, ...data])) as [T, T];
      losses[step] = value[0]!;
      if (!Number.isFinite(losses[step])) {
        throw new UserError(
          `minimise: the loss is ${value[0]} at step ${step}; lower the learning rate (${learningRate})`,
        );
      }
      adamwStep(parameters, slope, state, { learningRate });
    }
  } finally {
    await session.release();
  }
  return { parameters, losses };
}
