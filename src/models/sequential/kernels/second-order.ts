import type { Stage } from "../plan.ts";
import { activationSlope } from "./activation.ts";
import { bend } from "./bend.ts";
import { rowsUnder, type SecondOrderSpace } from "./tangents.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Adds Σ_c r_c·∇²f_c of the sample that last went through `forward`, `markLive` and `backward` (with r) to the lower
 * triangle of `h` [d, d], and writes ∂f/∂θ to `jacobian` (outputs rows of d, from `at`).
 *
 * With gates frozen the network is a chain of maps that are bilinear in (weights, input) and of elementwise functions,
 * so ∇² = Σ over maps Σ_o,j δ[o, j]·(∂/∂W[o] ⊗ D patch[j] + transpose) + Σ over functions δ·σ″·Dv ⊗ Dv, with δ the
 * slopes of Σ r_c f_c and D the tangents by θ. One pass over the tangents serves all outputs.
 */
export function addSecondOrder(
  space: Workspace,
  memory: SecondOrderSpace,
  theta: Float64Array,
  h: Float64Array,
  jacobian: Float64Array,
  at = 0,
): void {
  const { size, outputs } = space.plan;
  for (let s = 0; s < space.stages.length; s++) {
    mapTangents(space, memory, s, theta, h);
    postTangents(space, memory, theta, s, h);
  }
  const { stage } = space.stages.at(-1)!;
  const { rows, width, rowOf } = memory.stages.at(-1)!;
  jacobian.fill(0, at, at + outputs * size);
  for (let c = 0; c < outputs; c++) {
    if (rowOf[c]! < 0) continue;
    const row = rows.subarray(rowOf[c]! * width, (rowOf[c]! + 1) * width);
    const to = at + c * size;
    jacobian.set(row.subarray(0, stage.weight), to);
    jacobian.set(row.subarray(stage.weight, width - 1), to + stage.weight + c * stage.fan);
    jacobian[to + stage.bias + c] = row[width - 1]!;
  }
}

/** Tangents of the pre-activations of stage s from those of its input, and the map's cross terms. */
function mapTangents(
  space: Workspace,
  memory: SecondOrderSpace,
  s: number,
  theta: Float64Array,
  h: Float64Array,
): void {
  const one = space.stages[s]!;
  const { stage } = one;
  const own = memory.stages[s]!;
  const { outputs, positions, fan, weight } = stage;
  own.rowOf.fill(-1);
  const count = one.liveFrom[outputs]!;
  for (let i = 0; i < count; i++) {
    const element = one.live[i]!;
    own.rowOf[element] = i;
    const j = element % positions;
    const row = i * own.width;
    own.rows.fill(0, row, row + weight);
    own.rows.set(one.patches.subarray(j * fan, (j + 1) * fan), row + weight);
    own.rows[row + own.width - 1] = 1;
  }
  if (s === 0) return;
  const before = space.stages[s - 1]!.stage;
  const size = space.plan.size;
  for (let j = 0; j < positions; j++) {
    let anyLive = false;
    for (let o = 0; o < outputs && !anyLive; o++) anyLive = own.rowOf[o * positions + j]! >= 0;
    if (!anyLive) continue;
    const source = rowsUnder(stage, memory, s, j);
    for (let o = 0; o < outputs; o++) {
      const element = o * positions + j;
      const live = own.rowOf[element]!;
      if (live < 0) continue;
      crossTerms(stage, before, {
        source,
        under: memory.under,
        theta,
        unit: o,
        slope: one.slopes[0]![element]!,
        rows: own.rows,
        row: live * own.width,
        h,
        size,
      });
    }
  }
}

/** One unit at one position: its tangent, and slope·(∂/∂W ⊗ D patch) for its weights. */
function crossTerms(
  stage: Stage,
  before: Stage,
  unit: {
    source: Float64Array;
    under: Int32Array;
    theta: Float64Array;
    unit: number;
    slope: number;
    rows: Float64Array;
    row: number;
    h: Float64Array;
    size: number;
  },
): void {
  const { source, under, theta, slope, rows, row, h, size } = unit;
  const { inputs, kernel, fan, weight } = stage;
  const prefix = before.weight;
  const weights = weight + unit.unit * fan;
  for (let c = 0; c < inputs; c++) {
    const channel = before.weight + c * before.fan;
    for (let k = 0; k < kernel; k++) {
      const i = c * kernel + k;
      const from = under[i]!;
      if (from < 0) continue;
      const w = theta[weights + i]!;
      const line = (weights + i) * size;
      addPair(source, from, prefix, w, rows, row, slope, h, line);
      addPair(source, from + prefix, before.fan, w, rows, row + channel, slope, h, line + channel);
      const bias = source[from + prefix + before.fan]!;
      rows[row + before.bias + c]! += w * bias;
      h[line + before.bias + c]! += slope * bias;
    }
  }
}

/** x[at + i] += w·v and y[to + i] += slope·v for the values v of a row. */
function addPair(
  source: Float64Array,
  from: number,
  length: number,
  w: number,
  x: Float64Array,
  at: number,
  slope: number,
  y: Float64Array,
  to: number,
): void {
  for (let i = 0; i < length; i++) {
    const v = source[from + i]!;
    x[at + i]! += w * v;
    y[to + i]! += slope * v;
  }
}

/** Sends the tangents of a stage through its posts, adding the curvature of smooth functions on the way. */
function postTangents(
  space: Workspace,
  memory: SecondOrderSpace,
  theta: Float64Array,
  s: number,
  h: Float64Array,
): void {
  const one = space.stages[s]!;
  const { stage } = one;
  const own = memory.stages[s]!;
  const { width, rows } = own;
  stage.posts.forEach((post, p) => {
    if (post.kind === "activation") {
      if (post.function === "relu") {
        const x = one.values[p]!;
        for (let e = 0; e < x.length; e++) if (x[e]! <= 0) own.rowOf[e] = -1;
        return;
      }
      bend(space, memory, theta, s, p, h);
      const [x, y] = [one.values[p]!, one.values[p + 1]!];
      for (let e = 0; e < x.length; e++) {
        const row = own.rowOf[e]!;
        if (row < 0) continue;
        const slope = activationSlope(post.function, x[e]!, y[e]!);
        for (let i = row * width; i < (row + 1) * width; i++) rows[i]! *= slope;
      }
      return;
    }
    const count = stage.outputs * post.to;
    const winners = one.winners[p];
    for (let e = 0; e < count; e++) {
      if (winners !== undefined) {
        // Windows come in order and do not overlap, so what is overwritten has been read.
        own.rowOf[e] = own.rowOf[winners[e]!]!;
        continue;
      }
      const first = Math.floor(e / post.to) * post.from + (e % post.to) * post.size;
      let target = -1;
      for (let i = first; i < first + post.size; i++) {
        const row = own.rowOf[i]!;
        if (row < 0) continue;
        if (target < 0) {
          target = row;
          for (let k = row * width; k < (row + 1) * width; k++) rows[k]! /= post.size;
        } else {
          const step = (row - target) * width;
          for (let k = target * width; k < (target + 1) * width; k++) rows[k]! += rows[k + step]! / post.size;
        }
      }
      own.rowOf[e] = target;
    }
  });
}
