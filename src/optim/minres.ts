import { breathe } from "../core/breathe.ts";
import { quietTask } from "../core/task.ts";
import { dotAt } from "../linalg/gram.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import type { SymmetricOperator } from "../linalg/symmetric-operator.ts";
import {
  type KrylovOptions,
  type KrylovResult,
  normOfRow,
  relativeResiduals,
} from "./conjugate-gradients.ts";

/** One right-hand side on its way: Lanczos vectors, the two last plane rotations and search directions. */
interface Row {
  x: Float64Array;
  before: Float64Array;
  now: Float64Array;
  w1: Float64Array;
  w2: Float64Array;
  beta: number;
  eta: number;
  norm: number;
  /** ‖A‖ as seen so far. */
  size: number;
  c0: number;
  s0: number;
  c1: number;
  s1: number;
}

/**
 * MINRES (Paige & Saunders 1975) for A·x = b with A symmetric, definite or not: the x of the Krylov space with the
 * least ‖b − Ax‖. For singular A with b in its range it gives the solution of least length. Several right-hand sides
 * share their products. Rows that cannot reach the tolerance end as "iterations" or, where the space is closed or
 * the precision spent, "stagnation".
 * @param right k × d, one right-hand side a row.
 * @throws RangeError if sizes differ; Cancelled.
 */
export async function minres(
  a: SymmetricOperator,
  right: Matrix,
  options: KrylovOptions = {},
): Promise<KrylovResult> {
  const { rows: k, cols: d } = right;
  if (d !== a.size) throw new RangeError(`minres: right-hand sides of ${d} values, A has ${a.size}`);
  const { tolerance = 1e-10, maxIterations = Math.max(50, 10 * d), task = quietTask } = options;
  const iterations = new Int32Array(k);
  const ended: (KrylovResult["ended"][number] | undefined)[] = new Array(k).fill(undefined);
  const rows = Array.from({ length: k }, (_, i) => startRow(right, i));
  for (const [i, row] of rows.entries()) if (row.norm === 0) ended[i] = "converged";

  for (let step = 0; ; step++) {
    task.check();
    const active = Array.from(ended.keys()).filter((i) => ended[i] === undefined);
    if (active.length === 0) break;
    const block = matrix(active.length, d);
    for (const [at, i] of active.entries()) block.data.set(rows[i]!.now, at * d);
    const image = await a.multiply(block);
    for (const [at, i] of active.entries()) {
      const row = rows[i]!;
      const closed = advance(row, image.data.subarray(at * d, (at + 1) * d));
      iterations[i]!++;
      if (Math.abs(row.eta) <= tolerance * row.norm) ended[i] = "converged";
      else if (closed) ended[i] = "stagnation";
      else if (iterations[i]! >= maxIterations) ended[i] = "iterations";
    }
    task.report(Math.min(0.99, step / maxIterations));
    await breathe(task);
  }
  const solution = matrix(k, d);
  for (const [i, row] of rows.entries()) solution.data.set(row.x, i * d);
  const residuals = await relativeResiduals(a, solution, right);
  return {
    solution,
    residuals,
    iterations,
    ended: ended.map((how, i) =>
      how === "converged" && residuals[i]! > 10 * tolerance ? "stagnation" : (how ?? "iterations"),
    ),
  };
}

function startRow(right: Matrix, i: number): Row {
  const d = right.cols;
  const norm = normOfRow(right, i);
  const now = right.data.slice(i * d, (i + 1) * d);
  if (norm > 0) for (let j = 0; j < d; j++) now[j]! /= norm;
  const zeros = () => new Float64Array(d);
  return {
    x: zeros(),
    before: zeros(),
    now,
    w1: zeros(),
    w2: zeros(),
    beta: 0,
    eta: norm,
    norm,
    size: 0,
    c0: 1,
    s0: 0,
    c1: 1,
    s1: 0,
  };
}

/** One Lanczos step and the rotation that follows it; says whether the Krylov space is closed. |eta| is ‖b − Ax‖. */
function advance(row: Row, v: Float64Array): boolean {
  const d = v.length;
  const alpha = dotAt(v, 0, row.now, 0, d);
  for (let j = 0; j < d; j++) v[j]! -= alpha * row.now[j]! + row.beta * row.before[j]!;
  const beta = Math.sqrt(dotAt(v, 0, v, 0, d));

  const epsilon = row.s0 * row.beta;
  const rotated = row.c0 * row.beta;
  const delta = row.c1 * rotated + row.s1 * alpha;
  const head = row.c1 * alpha - row.s1 * rotated;
  const gamma = Math.hypot(head, beta);
  row.size = Math.max(row.size, Math.abs(alpha) + beta + row.beta);
  // ‖A·r‖/‖r‖: where it vanishes r is the least residual there is, and a further step would only amplify rounding.
  if (Math.hypot(head, row.c1 * beta) <= 1e-13 * row.size) return true;
  const c = head / gamma;
  const s = beta / gamma;
  for (let j = 0; j < d; j++) {
    const w = (row.now[j]! - delta * row.w2[j]! - epsilon * row.w1[j]!) / gamma;
    row.w1[j] = row.w2[j]!;
    row.w2[j] = w;
    row.x[j]! += c * row.eta * w;
  }
  row.eta *= -s;
  row.c0 = row.c1;
  row.s0 = row.s1;
  row.c1 = c;
  row.s1 = s;
  const closed = beta <= Number.EPSILON * row.size;
  const held = row.before;
  row.before = row.now;
  row.now = held;
  if (!closed) for (let j = 0; j < d; j++) row.now[j] = v[j]! / beta;
  row.beta = beta;
  return closed;
}
