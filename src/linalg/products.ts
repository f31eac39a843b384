import type { Task } from "../core/task.ts";
import { gramOfColumns, gramOfRows } from "./gram.ts";
import { matmul } from "./matmul.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { openTileProducts, partOf, worthTheRuntime } from "./tile-products.ts";
import { transpose } from "./transpose.ts";

export interface ProductOptions {
  transposeA?: boolean;
  transposeB?: boolean;
  /** Threads of the runtime; default 1, where the same input gives the same bytes on any number of cores. */
  threads?: number;
  task?: Task;
}

/**
 * The product op(A)·op(B), each factor as it stands or transposed: {@link matmul} for small matrices, the runtime's
 * product in tiles for large ones (some ten times as quick).
 * @throws RangeError if the inner sizes differ.
 */
export async function product(a: Matrix, b: Matrix, options: ProductOptions = {}): Promise<Matrix> {
  const { transposeA = false, transposeB = false, threads, task } = options;
  const [m, k] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
  const [inner, n] = transposeB ? [b.cols, b.rows] : [b.rows, b.cols];
  if (k !== inner) throw new RangeError(`product: ${m}×${k} times ${inner}×${n}: ${k} ≠ ${inner}`);
  const work = m * n * k;
  if (work < worthTheRuntime) {
    return matmul(transposeA ? transpose(a) : a, transposeB ? transpose(b) : b);
  }
  const out = matrix(m, n);
  const tiles = await openTileProducts({ work, ...(threads === undefined ? {} : { threads }) });
  try {
    await tiles.add(partOf(out), partOf(a, transposeA), partOf(b, !transposeB), {
      scale: 1,
      ...(task ? { task } : {}),
    });
  } finally {
    await tiles.release();
  }
  return out;
}

/**
 * The Gram matrix of the rows (A·Aᵀ) or of the columns (Aᵀ·A), exactly symmetric, half of it computed and mirrored.
 */
export async function gram(
  a: Matrix,
  of: "rows" | "columns",
  options: { threads?: number; task?: Task } = {},
): Promise<Matrix> {
  const n = of === "rows" ? a.rows : a.cols;
  const k = of === "rows" ? a.cols : a.rows;
  if (n * n * k < worthTheRuntime) return of === "rows" ? gramOfRows(a) : gramOfColumns(a);
  const out = matrix(n, n);
  await addGram(out, a, of, options);
  mirrorLower(out);
  return out;
}

/**
 * Adds A·Aᵀ or Aᵀ·A to the lower triangle of `out`: for sums over batches. Call {@link mirrorLower} after the last.
 */
export async function addGram(
  out: Matrix,
  a: Matrix,
  of: "rows" | "columns",
  options: { threads?: number; task?: Task } = {},
): Promise<void> {
  const { threads, task } = options;
  const k = of === "rows" ? a.cols : a.rows;
  const tiles = await openTileProducts({
    work: out.rows * out.rows * k,
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const part = partOf(a, of === "columns");
    await tiles.add(partOf(out), part, part, { scale: 1, lower: true, ...(task ? { task } : {}) });
  } finally {
    await tiles.release();
  }
}

/** Copies the lower triangle of a square matrix over the upper one, in place. */
export function mirrorLower(a: Matrix): void {
  const { rows: n, data } = a;
  const block = 32;
  for (let i0 = 0; i0 < n; i0 += block) {
    for (let j0 = 0; j0 <= i0; j0 += block) {
      for (let i = i0; i < Math.min(n, i0 + block); i++) {
        for (let j = j0; j < Math.min(i, j0 + block); j++) data[j * n + i] = data[i * n + j]!;
      }
    }
  }
}
