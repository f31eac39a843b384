import { breathe } from "../core/breathe.ts";
import { UserError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import { quietTask, type Task } from "../core/task.ts";
import { eigenSymmetric, type SymmetricEigen } from "./eigen-symmetric.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { orthonormalise, removeAlong } from "./orthogonalise.ts";
import { product } from "./products.ts";
import { randomRows, type SymmetricOperator } from "./symmetric-operator.ts";

export interface LanczosOptions {
  /** Eigenpairs wanted (of each end for "both"). */
  count: number;
  /** "top": largest, "bottom": smallest, "both": these from each end, "magnitude": largest |λ|. */
  which: "top" | "bottom" | "both" | "magnitude";
  /** The start; the same stream gives the same pairs. */
  random: Random;
  /** Vectors multiplied at once, default 4: eigenvalues of a multiplicity up to this are found with their multiplicity. */
  block?: number;
  /** Converged where ‖Av − λv‖ ≤ tolerance·‖A‖; default 1e-10. */
  tolerance?: number;
  /**
   * Vectors kept before a restart, this × d × 8 bytes; default 3·wanted + 20 blocks, at least 240, at most d, fewer
   * where they would take more than 1 GiB.
   */
  maxBasis?: number;
  /** Products Av before giving up; default 20·maxBasis. */
  maxProducts?: number;
  task?: Task;
}

export interface Eigenpairs {
  /** Largest first. */
  values: Float64Array;
  /** Row i is the unit eigenvector of `values[i]`; signs are arbitrary. */
  vectors: Matrix;
  /** ‖Av − λv‖ of each pair, from a product of its own. */
  residuals: Float64Array;
  /** The largest |Ritz value|: an estimate of ‖A‖ from below. */
  norm: number;
  /** Products Av that it took. */
  products: number;
}

/**
 * Extreme eigenpairs of a symmetric operator: block Lanczos with full reorthogonalisation and thick restart (Golub &
 * Underwood 1977; Wu & Simon 2000). The projection QAQᵀ is formed from products, never assumed tridiagonal.
 * @throws UserError where the residual asked for is not reached, naming it; RangeError for a bad count; Cancelled.
 */
export async function lanczos(a: SymmetricOperator, options: LanczosOptions): Promise<Eigenpairs> {
  const { count, which, random, tolerance = 1e-10, task = quietTask } = options;
  const d = a.size;
  const wanted = Math.min(d, which === "both" ? 2 * count : count);
  if (!Number.isInteger(count) || count < 1 || count > d) {
    throw new RangeError(`lanczos: ${count} eigenpairs of ${d}; expected 1 to ${d}`);
  }
  const block = Math.min(options.block ?? 4, d);
  const maxBasis = Math.min(d, options.maxBasis ?? defaultBasis(d, wanted, block));
  if (maxBasis < d && maxBasis < wanted + 2 * block) {
    throw new RangeError(
      `lanczos: maxBasis ${maxBasis} is too small; expected at least ${wanted + 2 * block}`,
    );
  }
  const maxProducts = options.maxProducts ?? 20 * maxBasis + 10 * block;

  const q = matrix(maxBasis, d);
  const projected = new Float64Array(maxBasis * maxBasis);
  let next = randomRows(block, d, random, "normal");
  let size = 0;
  let fresh = 0;
  let products = 0;
  let norm = 0;
  let checked = 0;

  /** Puts the rows of `next`, which are orthogonal to the basis already, made orthonormal into it; fills up with random directions where the space is closed. */
  const extend = (): void => {
    const room = Math.min(next.rows, maxBasis - size);
    next = matrix(room, d, next.data.slice(0, room * d));
    let { count: kept, shortest } = orthonormalise(next, Math.max(norm, Number.MIN_VALUE) * 1e-14);
    if (kept > 0 && shortest < 0.01 * norm) {
      // Dividing a short remainder by its length lets old directions grow back.
      const rows = matrix(kept, d, next.data.subarray(0, kept * d));
      removeAlong(rows, q, size);
      kept = orthonormalise(rows, 0.1).count;
    }
    for (let tries = 0; kept === 0 && size < d && tries < 5; tries++) {
      next = randomRows(1, d, random, "normal");
      removeAlong(next, q, size);
      kept = orthonormalise(next, 1e-8).count;
    }
    q.data.set(next.data.subarray(0, kept * d), size * d);
    fresh = kept;
    size += kept;
  };

  extend();
  for (;;) {
    task.check();
    const w = await a.multiply(matrix(fresh, d, q.data.slice((size - fresh) * d, size * d)));
    products += fresh;
    requireFinite(w);
    const along = removeAlong(w, q, size);
    for (let r = 0; r < fresh; r++) {
      const row = size - fresh + r;
      for (let i = 0; i < size; i++) {
        projected[row * maxBasis + i] = along.data[r * size + i]!;
        projected[i * maxBasis + row] = along.data[r * size + i]!;
      }
      norm = Math.max(norm, rowNorm(along, r));
    }
    next = w;
    const full = size === d || (maxBasis < d && size + fresh > maxBasis);
    if (full || (size >= wanted && size >= checked * 1.25 + block)) {
      checked = size;
      const ritz = eigenSymmetric(leading(projected, maxBasis, size));
      norm = Math.max(norm, Math.abs(ritz.values[0]!), Math.abs(ritz.values[size - 1]!));
      const chosen = choose(ritz.values, which, count);
      const estimates = chosen.map((i) => couplingNorm(ritz, i, next, size, fresh));
      const worst = Math.max(...estimates);
      task.report(Math.min(0.99, products / maxProducts), `Lanczos, residual ${worst.toExponential(1)}`);
      if (size === d || worst <= 0.3 * tolerance * norm) {
        const found = await finish(a, q, ritz, chosen, size, norm);
        products += chosen.length;
        if (Math.max(...found.residuals) <= tolerance * norm) return { ...found, norm, products };
        if (size === d) {
          throw new UserError(
            `lanczos: residual ${Math.max(...found.residuals).toExponential(1)} with a complete basis; the operator is not symmetric or not the same at each call`,
          );
        }
      }
      if (products >= maxProducts) {
        throw new UserError(
          `lanczos: residual ${(worst / norm).toExponential(1)}·‖A‖ after ${products} products, expected ${tolerance}·‖A‖; ask for fewer eigenpairs, a larger tolerance, maxBasis or maxProducts`,
        );
      }
      if (full && size < d) {
        await restart(ritz, restartChoice(ritz.values, which, wanted, maxBasis, next.rows));
        checked = 0;
      }
      await breathe(task);
    }
    extend();
  }

  /** Keeps the Ritz vectors at `kept` as the basis; the projection on them is diagonal. */
  async function restart(ritz: SymmetricEigen, kept: readonly number[]): Promise<void> {
    q.data.set((await ritzVectors(q, ritz, kept, size)).data);
    projected.fill(0);
    for (const [to, from] of kept.entries()) projected[to * maxBasis + to] = ritz.values[from]!;
    size = kept.length;
  }
}

function defaultBasis(d: number, wanted: number, block: number): number {
  const good = Math.max(240, 3 * wanted + 20 * block);
  return Math.max(wanted + 4 * block, Math.min(good, Math.floor(2 ** 30 / (8 * d))));
}

/** ‖A·(Qᵀs) − θ·Qᵀs‖: what the last block's remainders `w` (not normalised) contribute through the last entries of s. */
function couplingNorm(ritz: SymmetricEigen, i: number, w: Matrix, size: number, fresh: number): number {
  const sum = new Float64Array(w.cols);
  for (let r = 0; r < fresh; r++) {
    const s = ritz.vectors.data[i * size + size - fresh + r]!;
    for (let j = 0; j < w.cols; j++) sum[j]! += s * w.data[r * w.cols + j]!;
  }
  return Math.sqrt(sum.reduce((a, b) => a + b * b, 0));
}

async function finish(
  a: SymmetricOperator,
  q: Matrix,
  ritz: SymmetricEigen,
  chosen: readonly number[],
  size: number,
  norm: number,
): Promise<{ values: Float64Array; vectors: Matrix; residuals: Float64Array }> {
  const d = a.size;
  const vectors = await ritzVectors(q, ritz, chosen, size);
  orthonormalise(vectors, 1e-8 * Math.min(1, norm || 1));
  const image = await a.multiply(vectors);
  const values = Float64Array.from(chosen, (i) => ritz.values[i]!);
  const residuals = Float64Array.from(chosen, (_, i) => {
    let squares = 0;
    for (let j = 0; j < d; j++) {
      squares += (image.data[i * d + j]! - values[i]! * vectors.data[i * d + j]!) ** 2;
    }
    return Math.sqrt(squares);
  });
  return { values, vectors, residuals };
}

/** Indices into the descending Ritz values, in their order. */
function choose(values: Float64Array, which: LanczosOptions["which"], count: number): number[] {
  const all = Array.from(values.keys());
  const m = values.length;
  if (which === "top") return all.slice(0, count);
  if (which === "bottom") return all.slice(Math.max(0, m - count));
  if (which === "both") return all.filter((i) => i < count || i >= m - count);
  const order = all.sort((i, j) => Math.abs(values[j]!) - Math.abs(values[i]!));
  return order.slice(0, count).sort((i, j) => i - j);
}

/** More Ritz vectors than are wanted survive a restart: half of the room, which speeds convergence. */
function restartChoice(
  values: Float64Array,
  which: LanczosOptions["which"],
  wanted: number,
  maxBasis: number,
  block: number,
): number[] {
  const keep = Math.min(maxBasis - 2 * block, Math.max(wanted + block, Math.floor(maxBasis / 2)));
  return choose(values, which, which === "both" ? Math.floor(keep / 2) : keep);
}

/** The Ritz vectors at `chosen`: combinations of the basis's first `size` rows. */
function ritzVectors(
  q: Matrix,
  ritz: SymmetricEigen,
  chosen: readonly number[],
  size: number,
): Promise<Matrix> {
  const weights = matrix(chosen.length, size);
  for (const [to, from] of chosen.entries()) {
    weights.data.set(ritz.vectors.data.subarray(from * size, (from + 1) * size), to * size);
  }
  return product(weights, matrix(size, q.cols, q.data.subarray(0, size * q.cols)));
}

function leading(square: Float64Array, stride: number, size: number): Matrix {
  const out = matrix(size, size);
  for (let i = 0; i < size; i++) out.data.set(square.subarray(i * stride, i * stride + size), i * size);
  return out;
}

function rowNorm(a: Matrix, row: number): number {
  let squares = 0;
  for (let j = 0; j < a.cols; j++) squares += a.data[row * a.cols + j]! ** 2;
  return Math.sqrt(squares);
}

function requireFinite(w: Matrix): void {
  const bad = w.data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new UserError(
    `lanczos: the operator gave ${w.data[bad]} in element ${bad % w.cols} of a product; check the parameters and the data for values that are not finite`,
  );
}
