import { breathe } from "../core/breathe.ts";
import { quietTask, type Task } from "../core/task.ts";
import { dotAt } from "../linalg/gram.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import type { SymmetricOperator } from "../linalg/symmetric-operator.ts";

export interface KrylovOptions {
  /** Relative residual ‖b − Ax‖/‖b‖ to reach; default 1e-10. */
  tolerance?: number;
  /** Products per right-hand side; default 10·d, at least 50. */
  maxIterations?: number;
  task?: Task;
}

/** What an iterative solver reached, one entry a right-hand side. It does not throw: the caller judges. */
export interface KrylovResult {
  /** k × d, one solution a row. */
  solution: Matrix;
  /** ‖b − Ax‖/‖b‖ from a product of its own at the end; 0 for b = 0. */
  residuals: Float64Array;
  iterations: Int32Array;
  ended: ("converged" | "iterations" | "negative curvature" | "stagnation")[];
}

/**
 * Conjugate gradients (Hestenes & Stiefel 1952) for A·x = b with A symmetric positive definite, for several right-hand
 * sides whose products are asked for in one batch. A direction p with pᵀAp ≤ 0 ends its row as "negative curvature"
 * with that direction in `directions`: A is not positive definite, use MINRES or damping.
 * @param right k × d, one right-hand side a row.
 * @param options.preconditioner rows r → M⁻¹r, symmetric positive definite.
 * @throws RangeError if sizes differ; Cancelled.
 */
export async function conjugateGradients(
  a: SymmetricOperator,
  right: Matrix,
  options: KrylovOptions & { preconditioner?: (rows: Matrix) => Matrix | Promise<Matrix> } = {},
): Promise<KrylovResult & { directions: Map<number, Float64Array> }> {
  const { rows: k, cols: d } = right;
  if (d !== a.size)
    throw new RangeError(`conjugateGradients: right-hand sides of ${d} values, A has ${a.size}`);
  const { tolerance = 1e-10, maxIterations = Math.max(50, 10 * d), task = quietTask } = options;
  const precondition = options.preconditioner ?? ((rows: Matrix) => matrix(rows.rows, d, rows.data.slice()));
  const x = matrix(k, d);
  const r = matrix(k, d, right.data.slice());
  const norms = Float64Array.from({ length: k }, (_, i) => normOfRow(right, i));
  const ended: (KrylovResult["ended"][number] | undefined)[] = Array.from(norms, (norm) =>
    norm === 0 ? "converged" : undefined,
  );
  const iterations = new Int32Array(k);
  const directions = new Map<number, Float64Array>();
  const p = matrix(k, d);
  const rho = new Float64Array(k);
  for (let step = 0; ; step++) {
    task.check();
    const active = Array.from(ended.keys()).filter((i) => ended[i] === undefined);
    if (active.length === 0) break;
    const z = await precondition(take(r, active));
    for (const [at, i] of active.entries()) {
      const now = dotAt(r.data, i * d, z.data, at * d, d);
      const beta = step === 0 ? 0 : now / rho[i]!;
      rho[i] = now;
      for (let j = 0; j < d; j++) p.data[i * d + j] = z.data[at * d + j]! + beta * p.data[i * d + j]!;
    }
    const image = await a.multiply(take(p, active));
    for (const [at, i] of active.entries()) {
      const curvature = dotAt(p.data, i * d, image.data, at * d, d);
      const direction = p.data.subarray(i * d, (i + 1) * d);
      if (!(curvature > 0)) {
        ended[i] = "negative curvature";
        directions.set(i, direction.slice());
        continue;
      }
      const alpha = rho[i]! / curvature;
      let squares = 0;
      for (let j = 0; j < d; j++) {
        x.data[i * d + j]! += alpha * direction[j]!;
        const left = r.data[i * d + j]! - alpha * image.data[at * d + j]!;
        r.data[i * d + j] = left;
        squares += left * left;
      }
      iterations[i]!++;
      if (Math.sqrt(squares) <= tolerance * norms[i]!) ended[i] = "converged";
      else if (iterations[i]! >= maxIterations) ended[i] = "iterations";
    }
    task.report(Math.min(0.99, step / maxIterations));
    await breathe(task);
  }
  const residuals = await relativeResiduals(a, x, right);
  return {
    solution: x,
    residuals,
    iterations,
    // The recurrence's residual drifts from the true one at the limit of the precision: that row has stagnated.
    ended: ended.map((how, i) =>
      how === "converged" && residuals[i]! > 10 * tolerance ? "stagnation" : (how ?? "iterations"),
    ),
    directions,
  };
}

/** ‖b − Ax‖/‖b‖ a row, 0 where b = 0. */
export async function relativeResiduals(
  a: SymmetricOperator,
  x: Matrix,
  right: Matrix,
): Promise<Float64Array> {
  const image = await a.multiply(x);
  const d = right.cols;
  return Float64Array.from({ length: right.rows }, (_, i) => {
    let squares = 0;
    for (let j = i * d; j < (i + 1) * d; j++) squares += (right.data[j]! - image.data[j]!) ** 2;
    const norm = normOfRow(right, i);
    return norm === 0 ? 0 : Math.sqrt(squares) / norm;
  });
}

/** ‖row i‖. */
export function normOfRow(a: Matrix, i: number): number {
  return Math.sqrt(dotAt(a.data, i * a.cols, a.data, i * a.cols, a.cols));
}

function take(a: Matrix, rows: readonly number[]): Matrix {
  const out = matrix(rows.length, a.cols);
  for (const [to, from] of rows.entries()) {
    out.data.set(a.data.subarray(from * a.cols, (from + 1) * a.cols), to * a.cols);
  }
  return out;
}
