import { availableParallelism } from "node:os";
import { breathe } from "../../core/breathe.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { mirrorLower } from "../../linalg/products.ts";
import { openTileProducts, partOf } from "../../linalg/tile-products.ts";
import { backward } from "./kernels/backward.ts";
import { forward, markLive } from "./kernels/forward.ts";
import { addOuterProducts, spareRows } from "./kernels/outer-products.ts";
import { addSecondOrder } from "./kernels/second-order.ts";
import { secondOrderSpace } from "./kernels/tangents.ts";
import { workspace } from "./kernels/workspace.ts";
import { planOf } from "./plan.ts";
import { type SequentialConfig, sequential } from "./sequential.ts";

/** Beyond this many parameters J is kept and multiplied in panels, and no part of H exists twice. */
const panelSize = 2000;
/** Parts of H held at once, at most: 16, and fewer where each is large. */
const partsOf = (d: number) => Math.max(2, Math.min(16, Math.floor(2 ** 24 / (d * d))));
const rowsAtOnce = 64;
const rowsOfPanel = 512;

/** A share of the samples, as it goes to a thread. */
export interface HessianChunk {
  config: SequentialConfig;
  theta: Float64Array;
  /** count samples, row-major. */
  inputs: Float64Array;
  count: number;
  /** w·∂ℓ/∂f, count × C. */
  slopes: Float64Array;
  /** w·∂²ℓ/∂f², count × C². */
  curvatures: Float64Array;
}

/**
 * Σᵢ ∇²ℓᵢ = Σᵢ [Jᵢᵀ Sᵢ Jᵢ + Σ_c r_ic ∇²f_c(xᵢ)], d × d, exact, both triangles. The samples are cut into the same
 * chunks and these are added in the same order whatever the number of threads: the same bytes.
 */
export async function sumOfHessians(
  whole: HessianChunk,
  options: { threads?: number; task?: Task } = {},
): Promise<Matrix> {
  const { threads = 0, task = quietTask } = options;
  const model = sequential(whole.config);
  const d = model.layout.size;
  const h = d > panelSize ? await inPanels(whole, d, task) : await inChunks(whole, d, threads, task);
  const out = matrix(d, d, h);
  mirrorLower(out);
  return out;
}

async function inChunks(whole: HessianChunk, d: number, threads: number, task: Task): Promise<Float64Array> {
  const inputs = chunksOf(whole, partsOf(d));
  const parts = await mapInWorkers<HessianChunk, Float64Array>({
    module: import.meta.url,
    fn: "hessianOfChunk",
    inputs,
    threads: Math.min(threads, availableParallelism()),
    task,
  });
  const h = parts[0] ?? new Float64Array(d * d);
  for (const part of parts.slice(1)) for (let i = 0; i < h.length; i++) h[i]! += part[i]!;
  return h;
}

function chunksOf(whole: HessianChunk, pieces: number): HessianChunk[] {
  const { count } = whole;
  const length = Math.max(8, Math.ceil(count / pieces));
  const result: HessianChunk[] = [];
  for (let from = 0; from < count; from += length) {
    const to = Math.min(count, from + length);
    const part = (all: Float64Array) => all.slice((from * all.length) / count, (to * all.length) / count);
    result.push({
      ...whole,
      count: to - from,
      inputs: part(whole.inputs),
      slopes: part(whole.slopes),
      curvatures: part(whole.curvatures),
    });
  }
  return result;
}

/** Lower triangle of Σᵢ ∇²ℓᵢ over a chunk, d × d: what a thread does. */
export async function hessianOfChunk(chunk: HessianChunk, task: Task): Promise<Float64Array> {
  const d = sequential(chunk.config).layout.size;
  const h = new Float64Array(d * d);
  const held = new Float64Array(rowsAtOnce * d);
  const weights = new Float64Array(rowsAtOnce + spareRows);
  const offsets = new Int32Array(rowsAtOnce + spareRows);
  let count = 0;
  const flush = () => {
    const places = { length: d, split: d - 1, shift: 0, last: d - 1 };
    addOuterProducts(h, d, { data: held, offsets, weights, count }, places);
    count = 0;
  };
  for (const row of factorRows(chunk, h)) {
    held.set(row.values, count * d);
    offsets[count] = count * d;
    weights[count++] = row.weight;
    if (count < rowsAtOnce) continue;
    flush();
    await breathe(task);
  }
  flush();
  return h;
}

async function inPanels(whole: HessianChunk, d: number, task: Task): Promise<Float64Array> {
  const h = matrix(d, d);
  const held = matrix(rowsOfPanel, d);
  const scaled = matrix(rowsOfPanel, d);
  const rank = whole.slopes.length;
  const tiles = await openTileProducts({ work: rank * d * d, depth: rowsOfPanel });
  let count = 0;
  const flush = async () => {
    held.data.fill(0, count * d);
    scaled.data.fill(0, count * d);
    await tiles.add(partOf(h), partOf(scaled, true), partOf(held, true), { scale: 1, lower: true, task });
    count = 0;
  };
  try {
    for (const { values, weight } of factorRows(whole, h.data)) {
      held.data.set(values, count * d);
      for (let i = 0; i < d; i++) scaled.data[count * d + i] = weight * values[i]!;
      if (++count === rowsOfPanel) await flush();
      else if (count % rowsAtOnce === 0) await breathe(task);
    }
    if (count > 0) await flush();
  } finally {
    await tiles.release();
  }
  return h.data;
}

/**
 * Adds the samples' Σ_c r_c ∇²f_c to the lower triangle of `h`, and gives rows a and weights λ with Σ λ a aᵀ = Σ Jᵀ S J,
 * from S = Σ λ v vᵀ, a = Jᵀ v. Weights that are zero but for rounding are left out. The row is reused.
 */
function* factorRows(
  chunk: HessianChunk,
  h: Float64Array,
): Generator<{ values: Float64Array; weight: number }> {
  const plan = planOf(sequential(chunk.config));
  const { size, outputs } = plan;
  const space = workspace(plan);
  const memory = secondOrderSpace(space);
  const jacobian = new Float64Array(outputs * size);
  const values = new Float64Array(size);
  for (let i = 0; i < chunk.count; i++) {
    forward(space, chunk.theta, chunk.inputs, i);
    markLive(space);
    backward(space, chunk.theta, chunk.slopes, i * outputs);
    addSecondOrder(space, memory, chunk.theta, h, jacobian);
    const square = outputs * outputs;
    const curvature = matrix(outputs, outputs, chunk.curvatures.slice(i * square, (i + 1) * square));
    const { values: eigenvalues, vectors } = eigenSymmetric(curvature);
    const least =
      4 * Number.EPSILON * eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let k = 0; k < outputs; k++) {
      const weight = eigenvalues[k]!;
      if (Math.abs(weight) <= least) continue;
      values.fill(0);
      for (let c = 0; c < outputs; c++) {
        const scale = vectors.data[k * outputs + c]!;
        const from = c * size;
        if (scale !== 0) for (let p = 0; p < size; p++) values[p]! += scale * jacobian[from + p]!;
      }
      yield { values, weight };
    }
  }
}
