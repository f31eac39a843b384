import { UserError } from "../../../core/errors.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { choleskyLarge, choleskySolveRows } from "../../../linalg/cholesky-large.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { addGram, gram, mirrorLower, product } from "../../../linalg/products.ts";
import { transpose } from "../../../linalg/transpose.ts";
import type { CurvatureOperator, CurvatureSolver } from "../operator.ts";
import { type IterativeOptions, iterativeSolver } from "./iterative-solver.ts";
import { lazy } from "./lazy.ts";
import { type MatrixSolverOptions, matrixSolver, requireDamping, requireWidth } from "./matrix-operator.ts";
import { defaultMemoryLimit, denseBytes, requireMemory } from "./memory.ts";

/** How to solve with a sum of outer products. */
export type Route = "primal" | "dual" | "matrix-free";

export interface OuterProductOptions extends MatrixSolverOptions {
  /**
   * "primal" forms the d × d matrix; "dual" the kernel matrix of the n·C rows and Woodbury's identity; "matrix-free"
   * conjugate gradients. Default: the smaller matrix, matrix-free where neither fits.
   */
  route?: Route;
  /** Samples whose rows are computed at once; default what fits 128 MiB. */
  batch?: number;
  iterative?: IterativeOptions;
  /** Bytes that matrices may take; default half of the machine's memory. */
  memoryLimit?: number;
}

/** Rows a of samples from … to − 1, with B = Σ a aᵀ + ridge·1 over all samples. */
export interface OuterProductSource {
  name: string;
  size: number;
  samples: number;
  /** Most rows that one sample gives. */
  rowsEach: number;
  ridge: number;
  batch: number;
  rows(from: number, to: number): Promise<Matrix>;
}

/**
 * The operator of B = AᵀA + ridge·1 with the rows of A computed in batches: kept where they take at most a quarter of
 * the memory, else computed again for each use. Positive semi-definite by construction.
 */
export function outerProductOperator(
  source: OuterProductSource,
  options: OuterProductOptions = {},
): CurvatureOperator {
  const { name, size: d, samples, rowsEach, ridge } = source;
  const { memoryLimit = defaultMemoryLimit() } = options;
  const batch = Math.max(1, Math.min(samples, options.batch ?? source.batch));
  const most = samples * rowsEach;
  const keep = 8 * most * d <= memoryLimit / 4;
  const kept = lazy(async () => {
    const parts: Matrix[] = [];
    for (let from = 0; from < samples; from += batch) {
      parts.push(await source.rows(from, Math.min(samples, from + batch)));
    }
    return stack(parts, d);
  });
  /** Calls `use` with the rows, in one piece or in batches. */
  const eachBatch = async (use: (rows: Matrix) => Promise<void>, task: Task = quietTask): Promise<void> => {
    if (keep) return use(await kept());
    for (let from = 0; from < samples; from += batch) {
      task.check();
      await use(await source.rows(from, Math.min(samples, from + batch)));
    }
  };
  const dense = lazy(async () => {
    requireMemory({
      what: `${name} of ${d} parameters: a dense ${d}×${d} matrix`,
      bytes: denseBytes(d),
      limit: memoryLimit,
      instead: "use its dual or matrix-free route, KFAC, a low rank or the last layer",
    });
    const out = matrix(d, d);
    await eachBatch((rows) => addGram(out, rows, "columns"));
    mirrorLower(out);
    for (let i = 0; i < d; i++) out.data[i * d + i]! += ridge;
    return out;
  });
  const multiply = async (vectors: Matrix): Promise<Matrix> => {
    requireWidth(name, vectors, d);
    const out = matrix(
      vectors.rows,
      d,
      vectors.data.map((v) => ridge * v),
    );
    await eachBatch(async (rows) => {
      const along = await product(vectors, rows, { transposeB: true });
      const part = await product(along, rows);
      for (let k = 0; k < out.data.length; k++) out.data[k]! += part.data[k]!;
    });
    return out;
  };
  const operator: CurvatureOperator = {
    name,
    size: d,
    semidefinite: true,
    multiply,
    dense,
    async solver({ damping, task }) {
      requireDamping(name, damping);
      const withTask = task ? { task } : {};
      const route = options.route ?? chooseRoute(d, most, memoryLimit, ridge + damping);
      if (route === "primal") return matrixSolver(await dense(), { ...options, name, damping, ...withTask });
      if (route === "matrix-free") {
        return iterativeSolver(operator, { ...options.iterative, damping, floor: ridge, ...withTask });
      }
      return woodbury(damping, task);
    },
  };
  return operator;

  /** (AᵀA + μ)⁻¹v = (v − Aᵀ(AAᵀ + μ)⁻¹Av)/μ with μ = ridge + damping. */
  async function woodbury(damping: number, task: Task = quietTask): Promise<CurvatureSolver> {
    const mu = ridge + damping;
    if (!(mu > 0)) {
      throw new UserError(
        `${name}: the dual route needs ridge + damping > 0, got ${mu}; add damping or take the primal route`,
      );
    }
    requireMemory({
      what: `${name}: the ${most}×${most} kernel matrix of its rows`,
      bytes: denseBytes(most),
      limit: memoryLimit,
      instead: "use its matrix-free route",
    });
    const kernel = keep ? await gram(await kept(), "rows", { task }) : await kernelInBatches(task);
    const m = kernel.rows;
    for (let i = 0; i < m; i++) kernel.data[i * m + i]! += mu;
    const factor = await choleskyLarge(kernel, { inPlace: true, task });
    return {
      method: "woodbury",
      damping,
      warnings: [],
      async solve(right) {
        requireWidth(name, right, d);
        const along: Matrix[] = [];
        await eachBatch(async (rows) => {
          along.push(await product(rows, right, { transposeB: true }));
        }, task);
        const inner = transpose(stack(along, right.rows));
        const weights = await choleskySolveRows(factor, inner, { task });
        const out = matrix(right.rows, d, right.data.slice());
        let from = 0;
        await eachBatch(async (rows) => {
          const part = await product(columns(weights, from, from + rows.rows), rows);
          for (let k = 0; k < out.data.length; k++) out.data[k]! -= part.data[k]!;
          from += rows.rows;
        }, task);
        for (let k = 0; k < out.data.length; k++) out.data[k]! /= mu;
        return out;
      },
    };
  }

  /** AAᵀ panel by panel: as many batches as fit a quarter of the memory are held, those before them stream past. */
  async function kernelInBatches(task: Task): Promise<Matrix> {
    const batchesHeld = Math.max(1, Math.floor(memoryLimit / 4 / (8 * batch * rowsEach * d)));
    const blocks: { row: number; col: number; block: Matrix }[] = [];
    let row = 0;
    for (let from = 0; from < samples; from += batch * batchesHeld) {
      const parts: Matrix[] = [];
      for (let at = from; at < Math.min(samples, from + batch * batchesHeld); at += batch) {
        task.check();
        parts.push(await source.rows(at, Math.min(samples, at + batch)));
      }
      const panel = stack(parts, d);
      blocks.push({ row, col: row, block: await gram(panel, "rows", { task }) });
      let col = 0;
      for (let other = 0; other < from; other += batch) {
        task.check();
        const b = await source.rows(other, Math.min(samples, other + batch));
        blocks.push({ row, col, block: await product(panel, b, { transposeB: true, task }) });
        col += b.rows;
      }
      row += panel.rows;
      task.report(Math.min(1, row / (samples * rowsEach)) ** 2, "kernel matrix");
    }
    const out = matrix(row, row);
    for (const { row: i, col: j, block } of blocks) {
      for (let r = 0; r < block.rows; r++) {
        out.data.set(block.data.subarray(r * block.cols, (r + 1) * block.cols), (i + r) * row + j);
      }
    }
    mirrorLower(out);
    return out;
  }
}

/** The smaller of the two matrices; matrix-free where neither fits. The dual needs μ > 0. */
function chooseRoute(size: number, rows: number, limit: number, mu: number): Route {
  if (rows < size && mu > 0 && denseBytes(rows) <= limit) return "dual";
  return denseBytes(size, 2) <= limit ? "primal" : "matrix-free";
}

function stack(parts: readonly Matrix[], cols: number): Matrix {
  if (parts.length === 1) return parts[0]!;
  const out = matrix(
    parts.reduce((sum, part) => sum + part.rows, 0),
    cols,
  );
  let at = 0;
  for (const part of parts) {
    out.data.set(part.data, at);
    at += part.data.length;
  }
  return out;
}

function columns(a: Matrix, from: number, to: number): Matrix {
  const out = matrix(a.rows, to - from);
  for (let i = 0; i < a.rows; i++) {
    out.data.set(a.data.subarray(i * a.cols + from, i * a.cols + to), i * (to - from));
  }
  return out;
}
