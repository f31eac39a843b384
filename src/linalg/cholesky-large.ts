import { breathe } from "../core/breathe.ts";
import { quietTask, type Task } from "../core/task.ts";
import { cholesky, choleskySteps } from "./cholesky.ts";
import { dotAt } from "./gram.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { solveLowerRows } from "./solve-lower.ts";
import { openTileProducts, type Part } from "./tile-products.ts";

const block = 256;

/**
 * The Cholesky factor L of a large symmetric positive-definite matrix, A = L·Lᵀ, right-looking in blocks of 256
 * columns whose updates are products of the runtime. Only the lower triangle is read.
 * @param options.inPlace write L over A, which saves n²·8 bytes (800 MB at n = 10⁴) and destroys A, also on failure.
 * @throws RangeError if A is not square, or naming the pivot that is not positive; Cancelled.
 */
export async function choleskyLarge(
  a: Matrix,
  options: { inPlace?: boolean; threads?: number; task?: Task } = {},
): Promise<Matrix> {
  const { inPlace = false, threads = 1, task = quietTask } = options;
  const n = a.rows;
  if (a.cols !== n) throw new RangeError(`choleskyLarge: needs a square matrix, got ${a.rows}×${a.cols}`);
  if (n < 4 * block) {
    const steps = choleskySteps(a);
    for (;;) {
      const step = steps.next();
      if (step.done) {
        if (!inPlace) return step.value;
        a.data.set(step.value.data);
        return a;
      }
      task.report(step.value);
      await breathe(task);
    }
  }
  const l = inPlace ? a.data : a.data.slice();
  const tiles = await openTileProducts({ work: n ** 3 / 6, depth: block, threads });
  try {
    for (let from = 0; from < n; from += block) {
      const to = Math.min(n, from + block);
      const diagonal = factorDiagonal(l, n, from, to);
      const panel = matrix(n - to, to - from);
      for (let i = to; i < n; i++) {
        panel.data.set(l.subarray(i * n + from, i * n + to), (i - to) * (to - from));
      }
      const solved = solveLowerRows(diagonal, panel);
      for (let i = to; i < n; i++) {
        l.set(solved.data.subarray((i - to) * (to - from), (i - to + 1) * (to - from)), i * n + from);
      }
      const left: Part = { data: l, stride: n, row: to, col: from, rows: n - to, cols: to - from };
      const rest: Part = { data: l, stride: n, row: to, col: to, rows: n - to, cols: n - to };
      await tiles.add(rest, left, left, { scale: -1, lower: true, task });
      task.report(1 - (1 - to / n) ** 3);
      await breathe(task);
    }
  } finally {
    await tiles.release();
  }
  for (let i = 0; i < n; i++) l.fill(0, i * n + i + 1, (i + 1) * n);
  return matrix(n, n, l);
}

/** Factors the block from … to of the diagonal in place. */
function factorDiagonal(l: Float64Array, n: number, from: number, to: number): Matrix {
  const size = to - from;
  const small = matrix(size, size);
  for (let i = 0; i < size; i++) {
    small.data.set(l.subarray((from + i) * n + from, (from + i) * n + to), i * size);
  }
  let factor: Matrix;
  try {
    factor = cholesky(small);
  } catch (cause) {
    const found = /pivot (\d+) is (\S+),/.exec((cause as Error).message);
    throw new RangeError(
      `choleskyLarge: pivot ${from + Number(found?.[1])} is ${found?.[2]}, so the matrix is not positive definite`,
      { cause },
    );
  }
  for (let i = 0; i < size; i++) {
    l.set(factor.data.subarray(i * size, (i + 1) * size), (from + i) * n + from);
  }
  return factor;
}

/**
 * Solves L·Lᵀ·x = b for many right-hand sides at once, in blocks: L n×n from a Cholesky factorisation, `right` k×n with
 * one right-hand side a row. @returns k×n, one solution a row. @throws RangeError for shapes that do not fit.
 */
export async function choleskySolveRows(
  l: Matrix,
  right: Matrix,
  options: { threads?: number; task?: Task } = {},
): Promise<Matrix> {
  const { threads = 1, task = quietTask } = options;
  const n = l.rows;
  const k = right.rows;
  if (l.cols !== n || right.cols !== n) {
    throw new RangeError(
      `choleskySolveRows: L is ${l.rows}×${l.cols} and b ${right.rows}×${right.cols}; expected n×n and k×n`,
    );
  }
  const x = right.data.slice();
  const tiles = await openTileProducts({ work: (k * n * n) / 2, depth: block, threads });
  const columns = (from: number, to: number): Part => ({
    data: x,
    stride: n,
    row: 0,
    col: from,
    rows: k,
    cols: to - from,
  });
  try {
    for (let from = 0; from < n; from += block) {
      const to = Math.min(n, from + block);
      for (let r = 0; r < k; r++) {
        for (let j = from; j < to; j++) {
          const known = dotAt(x, r * n + from, l.data, j * n + from, j - from);
          x[r * n + j] = (x[r * n + j]! - known) / l.data[j * n + j]!;
        }
      }
      const below: Part = { data: l.data, stride: n, row: to, col: from, rows: n - to, cols: to - from };
      await tiles.add(columns(to, n), columns(from, to), below, { scale: -1, task });
    }
    for (let to = n; to > 0; to -= to % block || block) {
      const from = to - (to % block || block);
      for (let r = 0; r < k; r++) {
        for (let j = to - 1; j >= from; j--) {
          const value = x[r * n + j]! / l.data[j * n + j]!;
          x[r * n + j] = value;
          for (let i = from; i < j; i++) x[r * n + i]! -= value * l.data[j * n + i]!;
        }
      }
      const left: Part = { data: l.data, stride: n, row: from, col: 0, rows: to - from, cols: from };
      await tiles.add(
        columns(0, from),
        columns(from, to),
        { ...left, transposed: true },
        { scale: -1, task },
      );
    }
  } finally {
    await tiles.release();
  }
  return matrix(k, n, x);
}
