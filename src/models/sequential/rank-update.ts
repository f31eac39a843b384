import { breathe } from "../../core/breathe.ts";
import type { Task } from "../../core/task.ts";
import { spec } from "../../program/dtype.ts";
import { matmul, swapaxes } from "../../program/ops/index.ts";
import { compile } from "../../program/session.ts";
import { trace } from "../../program/trace.ts";

const panel = 512;
const depth = 1024;

/**
 * Lower triangle of h += Σ_u weight_u·row_u·row_uᵀ for rows of `size` values, as matrix products of panels of 512 rows
 * of h, up to 1024 rows of the sum at once, on one thread of ONNX Runtime: always the same sums in the same order.
 */
export async function rankUpdate(
  h: Float64Array,
  size: number,
  rows: readonly Float64Array[],
  weights: readonly number[],
  task: Task,
): Promise<void> {
  const high = Math.min(depth, rows.length);
  if (high === 0) return;
  const wide = Math.min(panel, size);
  const product = trace(
    (a, b) => matmul(swapaxes(a), b),
    [spec([high, wide], "float64"), spec([high, wide], "float64")],
  );
  const session = await compile(product);
  const left = new Float64Array(high * wide);
  const right = new Float64Array(high * wide);
  try {
    for (let first = 0; first < rows.length; first += high) {
      for (let i = 0; i < size; i += wide) {
        fill(left, rows, weights, first, high, i, Math.min(wide, size - i), wide);
        for (let j = 0; j <= i; j += wide) {
          fill(right, rows, undefined, first, high, j, Math.min(wide, size - j), wide);
          const [tile] = (await session.run([left, right])) as [Float64Array];
          addTile(h, size, tile, i, j, wide);
        }
        await breathe(task);
      }
    }
  } finally {
    await session.release();
  }
}

function fill(
  to: Float64Array,
  rows: readonly Float64Array[],
  weights: readonly number[] | undefined,
  first: number,
  high: number,
  column: number,
  count: number,
  wide: number,
): void {
  to.fill(0);
  for (let u = 0; u < high && first + u < rows.length; u++) {
    const row = rows[first + u]!;
    const weight = weights?.[first + u] ?? 1;
    for (let k = 0; k < count; k++) to[u * wide + k] = weight * row[column + k]!;
  }
}

function addTile(
  h: Float64Array,
  size: number,
  tile: Float64Array,
  i: number,
  j: number,
  wide: number,
): void {
  const bottom = Math.min(size, i + wide);
  for (let a = i; a < bottom; a++) {
    const right = Math.min(a + 1, j + wide);
    const from = (a - i) * wide - j;
    for (let b = j; b < right; b++) h[a * size + b]! += tile[from + b]!;
  }
}
