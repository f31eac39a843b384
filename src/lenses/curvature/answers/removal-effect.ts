import { breathe } from "../../../core/breathe.ts";
import { UserError } from "../../../core/errors.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { demandRows, rowProducts } from "./rows.ts";

/**
 * What changes Δθ of the parameters do to the queries' quantities, to first order: q·Δθ, t × changes.
 * @param queries q, t × d @param changes Δθ, one a row
 */
export function linearEffect(queries: Matrix, changes: Matrix): Matrix {
  demandRows("linearEffect", "the changes", changes, queries.cols);
  return rowProducts(queries, changes);
}

/**
 * The same without linearising: a(θ̂ + Δθ) − a(θ̂), t × changes, one evaluation a change.
 * @param evaluate the t quantities at given parameters
 * @throws UserError where `evaluate` gives another number of values or one that is not finite
 */
export async function evaluatedEffect(
  changes: Matrix,
  parameters: Float64Array,
  evaluate: (parameters: Float64Array) => Promise<Float64Array>,
  task: Task = quietTask,
): Promise<Matrix> {
  const where = "evaluatedEffect";
  demandRows(where, "the changes", changes, parameters.length);
  const before = await evaluate(parameters);
  const out = matrix(before.length, changes.rows);
  for (let c = 0; c < changes.rows; c++) {
    await breathe(task);
    task.report(c / changes.rows);
    const from = c * changes.cols;
    const after = await evaluate(parameters.map((value, j) => value + changes.data[from + j]!));
    if (after.length !== before.length) {
      throw new UserError(`${where}: ${after.length} values after change ${c}, ${before.length} before`);
    }
    for (let t = 0; t < before.length; t++) {
      const difference = after[t]! - before[t]!;
      if (!Number.isFinite(difference)) {
        throw new UserError(`${where}: quantity ${t} goes from ${before[t]} to ${after[t]} at change ${c}`);
      }
      out.data[t * changes.rows + c] = difference;
    }
  }
  return out;
}
