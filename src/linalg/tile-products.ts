import { quietTask, type Task } from "../core/task.ts";
import { matmul, transpose } from "../program/ops/index.ts";
import { compile } from "../program/session.ts";
import { trace } from "../program/trace.ts";
import { subtractProducts } from "./subtract-products.ts";

/** A rectangle of a row-major array whose rows are `stride` long, read as it stands or transposed. */
export interface Part {
  data: Float64Array;
  stride: number;
  /** Where it begins. */
  row: number;
  col: number;
  /** Its extent as stored. */
  rows: number;
  cols: number;
  transposed?: boolean;
}

/** Products of large matrices, tile by tile. Release it when done: it holds native memory. */
export interface TileProducts {
  /**
   * C += scale·A·Bᵀ, with A m×k and B n×k as read. `lower`: only tiles that touch the lower triangle of C's array are
   * written. A and B may lie in the array of C where they do not overlap it.
   */
  add(c: Part, a: Part, b: Part, options: { scale: number; lower?: boolean; task?: Task }): Promise<void>;
  release(): Promise<void>;
}

/** Multiplications below which starting the runtime (some 10 ms) costs more than it saves. */
export const worthTheRuntime = 1e8;

/**
 * Opens tile products. Where the work is worth it the tiles are multiplied by the runtime (ten times as quick as a
 * loop here), else in this thread. Every tile has one shape, padded with zeros, so that the bytes of the result depend
 * on the shapes alone; `threads` other than 1 give up that promise.
 * @param options.work multiplications to come, to choose the way.
 */
export async function openTileProducts(options: {
  work: number;
  depth?: number;
  threads?: number;
}): Promise<TileProducts> {
  const { work, depth = 512, threads = 1 } = options;
  const side = 512;
  const native = work >= worthTheRuntime;
  const spec = { shape: [side, depth], dtype: "float64" } as const;
  const session = native
    ? await compile(
        trace((x, y) => matmul(x, transpose(y)), [spec, spec], { name: "tile product" }),
        { threads },
      )
    : undefined;
  const x = new Float64Array(side * depth);
  const y = new Float64Array(side * depth);
  const local = new Float64Array(side * side);
  return {
    async add(c, a, b, { scale, lower = false, task = quietTask }) {
      const [m, k] = extent(a);
      const [n, inner] = extent(b);
      if (k !== inner || c.rows !== m || c.cols !== n) {
        throw new RangeError(`TileProducts.add: ${m}×${k} times ${inner}×${n} into ${c.rows}×${c.cols}`);
      }
      for (let q = 0; q < k; q += depth) {
        const dq = Math.min(depth, k - q);
        for (let i = 0; i < m; i += side) {
          const di = Math.min(side, m - i);
          pack(a, i, di, q, dq, x, depth);
          for (let j = 0; j < n; j += side) {
            const dj = Math.min(side, n - j);
            if (lower && c.col + j > c.row + i + di - 1) continue;
            task.check();
            pack(b, j, dj, q, dq, y, depth);
            if (session && 10 * di * dj * dq > side * side * depth) {
              const [tile] = (await session.run([x, y])) as [Float64Array];
              scatter(c, i, di, j, dj, tile, scale);
            } else {
              local.fill(0);
              subtractProducts(
                { data: local, cols: side },
                { data: x, cols: depth },
                { data: y, cols: depth },
                { rows: { from: 0, to: di }, cols: { from: 0, to: dj }, inner: { from: 0, to: dq } },
              );
              scatter(c, i, di, j, dj, local, -scale);
            }
          }
        }
      }
    },
    release: async () => session?.release(),
  };

  /** Adds scale·tile to the rectangle of C at (i, j). */
  function scatter(c: Part, i: number, di: number, j: number, dj: number, tile: Float64Array, scale: number) {
    const out = c.data;
    for (let r = 0; r < di; r++) {
      let to = (c.row + i + r) * c.stride + c.col + j;
      for (let from = r * side, end = from + dj; from < end; ) out[to++]! += scale * tile[from++]!;
    }
  }
}

/** The whole of a row-major matrix as a part. */
export function partOf(a: { rows: number; cols: number; data: Float64Array }, transposed = false): Part {
  return { data: a.data, stride: a.cols, row: 0, col: 0, rows: a.rows, cols: a.cols, transposed };
}

function extent(part: Part): [number, number] {
  return part.transposed ? [part.cols, part.rows] : [part.rows, part.cols];
}

/** Copies rows i … i+di and columns q … q+dq of `part` as read into `to`, zeros around. */
function pack(
  part: Part,
  i: number,
  di: number,
  q: number,
  dq: number,
  to: Float64Array,
  width: number,
): void {
  const { data, stride, row, col } = part;
  if (di * width < to.length || dq < width) to.fill(0);
  if (!part.transposed) {
    for (let r = 0; r < di; r++) {
      const from = (row + i + r) * stride + col + q;
      to.set(data.subarray(from, from + dq), r * width);
    }
    return;
  }
  for (let r0 = 0; r0 < di; r0 += 16) {
    const r1 = Math.min(di, r0 + 16);
    for (let s = 0; s < dq; s++) {
      const from = (row + q + s) * stride + col + i;
      for (let r = r0; r < r1; r++) to[r * width + s] = data[from + r]!;
    }
  }
}
