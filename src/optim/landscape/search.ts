import { breathe } from "../../core/breathe.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { symmetrise } from "../../linalg/symmetric.ts";
import type { AnyLandscape, AsyncLandscape, Landscape } from "./landscape.ts";

/** What a search asks for: value and gradient at a point, or the second derivatives there. */
export type Ask = Float64Array | { hessianAt: Float64Array };

/** What it is told. The gradient is overwritten by the next answer: copy what is to be kept. */
export interface Answer {
  value: number;
  gradient: Float64Array;
  hessian?: Matrix;
}

/**
 * A search over a landscape that does not evaluate it: a generator that yields what it asks for and is given the
 * answer, so that one algorithm serves functions that are called and functions that are awaited.
 */
export type Search<T> = Generator<Ask, T, Answer>;

/** Evaluations so far. */
export interface Evaluations {
  gradients: number;
  hessians: number;
}

/** Runs `search` over a landscape that answers at once. Adds what it evaluates to `spent`. */
export function runSearch<T>(landscape: Landscape, search: Search<T>, spent?: Evaluations): T {
  const answer: Answer = { value: 0, gradient: new Float64Array(landscape.n) };
  let next = search.next();
  while (!next.done) next = search.next(answerTo(next.value, landscape, answer, spent));
  return next.value;
}

/** The answer to `ask`, in `answer` where it is a gradient. */
function answerTo(ask: Ask, landscape: Landscape, answer: Answer, spent?: Evaluations): Answer {
  if (ask instanceof Float64Array) {
    if (spent) spent.gradients++;
    answer.value = landscape.valueAndGradient(ask, answer.gradient);
    return answer;
  }
  if (spent) spent.hessians++;
  const at = ask.hessianAt;
  if (landscape.hessian) return { ...answer, hessian: landscape.hessian(at) };
  if (!landscape.hvp) return { ...answer, hessian: runSearch(landscape, differencedHessian(at), spent) };
  const rows = matrix(landscape.n, landscape.n);
  for (let i = 0; i < landscape.n; i++) landscape.hvp(at, axis(landscape.n, i), rowOf(rows, i));
  return { ...answer, hessian: symmetrise(rows) };
}

/** {@link runSearch} for a landscape that is awaited. @throws Cancelled between evaluations once `task` says so. */
export async function runSearchAsync<T>(
  landscape: AsyncLandscape,
  search: Search<T>,
  options: { task?: Task; spent?: Evaluations } = {},
): Promise<T> {
  const { task = quietTask, spent } = options;
  const gradient = new Float64Array(landscape.n);
  let next = search.next();
  for (let count = 0; !next.done; count++) {
    if (count % 64 === 0) await breathe(task);
    const ask = next.value;
    if (ask instanceof Float64Array) {
      if (spent) spent.gradients++;
      next = search.next({ value: await landscape.valueAndGradient(ask, gradient), gradient });
    } else {
      if (spent) spent.hessians++;
      const at = ask.hessianAt;
      const hessian = await hessianOf(landscape, at, options);
      next = search.next({ value: Number.NaN, gradient, hessian });
    }
  }
  return next.value;
}

async function hessianOf(
  landscape: AsyncLandscape,
  x: Float64Array,
  options: { task?: Task; spent?: Evaluations },
): Promise<Matrix> {
  if (landscape.hessian) return landscape.hessian(x);
  if (!landscape.hvp) return runSearchAsync(landscape, differencedHessian(x), options);
  const rows = matrix(landscape.n, landscape.n);
  for (let i = 0; i < landscape.n; i++) await landscape.hvp(x, axis(landscape.n, i), rowOf(rows, i));
  return symmetrise(rows);
}

function axis(n: number, i: number): Float64Array {
  const v = new Float64Array(n);
  v[i] = 1;
  return v;
}

function rowOf({ data, cols }: Matrix, i: number): Float64Array {
  return data.subarray(i * cols, (i + 1) * cols);
}

/**
 * Runs `search` on either kind of landscape and listens now and then, so that long searches can be stopped.
 * @throws Cancelled once `task` says so.
 */
export async function solve<T>(
  landscape: AnyLandscape,
  search: Search<T>,
  options: { task?: Task; spent?: Evaluations } = {},
): Promise<T> {
  if ("asynchronous" in landscape) return runSearchAsync(landscape, search, options);
  const { task = quietTask, spent } = options;
  task.check();
  const answer: Answer = { value: 0, gradient: new Float64Array(landscape.n) };
  let next = search.next();
  for (let count = 1; !next.done; count++) {
    if (count % 4096 === 0) await breathe(task);
    next = search.next(answerTo(next.value, landscape, answer, spent));
  }
  return next.value;
}

/**
 * The Hessian from central differences of the gradient, H_ij = ½(D_ij + D_ji) with D_i = (g(x + δe_i) − g(x − δe_i))/2δ
 * and δ = `step`·max(1, |x_i|): 2n gradients, relative error about 1e-9 in float64.
 */
export function* differencedHessian(x: Float64Array, step = 1e-5): Search<Matrix> {
  const n = x.length;
  const rows = new Float64Array(n * n);
  const moved = x.slice();
  for (let i = 0; i < n; i++) {
    const delta = step * Math.max(1, Math.abs(x[i]!));
    moved[i] = x[i]! + delta;
    rows.set((yield moved).gradient, i * n);
    moved[i] = x[i]! - delta;
    const { gradient } = yield moved;
    for (let j = 0; j < n; j++) rows[i * n + j] = (rows[i * n + j]! - gradient[j]!) / (2 * delta);
    moved[i] = x[i]!;
  }
  return symmetrise(matrix(n, n, rows));
}
