import { breathe } from "../../core/breathe.ts";
import type { Task } from "../../core/task.ts";
import { gaussNewton } from "../../lenses/curvature/operators/gauss-newton.ts";
import type { Objective } from "../../models/objective/contract.ts";
import { norm } from "../../optim/vector.ts";

/** Parameters nearer to a minimum. */
export interface Polished {
  parameters: Float64Array;
  /** ‖∇R‖ before and after. */
  before: number;
  after: number;
  /** Steps that were taken. */
  steps: number;
}

/**
 * Levenberg and Marquardt's method: steps −(G + δ)⁻¹∇R with the Gauss–Newton matrix G, δ falling after steps that lower
 * the loss and rising after others. For residuals that are small G is nearly the Hessian.
 */
export async function polishNetwork(
  objective: Objective,
  start: Float64Array,
  { steps, task }: { steps: number; task: Task },
): Promise<Polished> {
  let parameters = start;
  let { value, gradient } = await objective.valueAndGradient(parameters);
  const before = norm(gradient);
  let damping = 1e-3 * value;
  let taken = 0;
  for (let step = 0; step < steps; step++) {
    await breathe(task);
    task.report(
      step / steps,
      `polishing: loss ${value.toExponential(2)}, gradient norm ${norm(gradient).toExponential(1)}`,
    );
    const solver = await gaussNewton(objective, parameters).solver({ damping, task });
    const move = (await solver.solve({ rows: 1, cols: gradient.length, data: gradient })).data;
    const next = parameters.map((x, j) => x - move[j]!);
    const there = await objective.valueAndGradient(next);
    if (there.value < value) {
      parameters = next;
      ({ value, gradient } = there);
      damping /= 4;
      taken++;
    } else damping *= 16;
  }
  return { parameters, before, after: norm(gradient), steps: taken };
}
