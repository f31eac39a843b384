import type { Stage } from "../plan.ts";
import { activationCurvature } from "./activation.ts";
import { addOuterProducts } from "./outer-products.ts";
import { rowsUnder, type SecondOrderSpace } from "./tangents.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Adds Σ slope·σ″(v)·Dv ⊗ Dv over the units of the smooth function that is post p of stage s to the lower triangle of
 * `h`. Where the function stands right behind the map, Dv = Σ_a W[o, a]·D patch_a for the parameters before the stage,
 * and Σ_o c_o Dv ⊗ Dv = Σ_ab M_ab D patch_a ⊗ D patch_b with M = Σ_o c_o W[o] ⊗ W[o]: far fewer products where the
 * tangents of a patch touch few parameters each. Else each unit's row is multiplied with itself.
 */
export function bend(
  space: Workspace,
  memory: SecondOrderSpace,
  theta: Float64Array,
  s: number,
  p: number,
  h: Float64Array,
): void {
  const one = space.stages[s]!;
  const { stage } = one;
  const post = stage.posts[p]!;
  if (post.kind !== "activation") return;
  const { rows, width, rowOf } = memory.stages[s]!;
  const { offsets, weights } = memory;
  const [x, y] = [one.values[p]!, one.values[p + 1]!];
  const slopes = one.slopes[p + 1]!;
  const { outputs, fan, weight, bias } = stage;
  const size = space.plan.size;
  const before = space.stages[s - 1]?.stage;
  const byPatches = p === 0 && before !== undefined && patchesPay(stage, before);
  const bends = memory.bends.subarray(0, x.length);
  for (let e = 0; e < x.length; e++) {
    bends[e] = slopes[e]! * activationCurvature(post.function, x[e]!, y[e]!);
  }
  for (let o = 0; o < outputs; o++) {
    let count = 0;
    for (let e = o * post.from; e < (o + 1) * post.from; e++) {
      const row = rowOf[e]!;
      if (row < 0) continue;
      offsets[count] = row * width;
      weights[count++] = bends[e]!;
    }
    const places = { length: width, split: weight, shift: o * fan, last: bias + o };
    const rowsFrom = byPatches ? weight : 0;
    addOuterProducts(h, size, { data: rows, offsets, weights, count }, { ...places, from: rowsFrom });
  }
  if (!byPatches) return;
  for (let j = 0; j < stage.positions; j++) bendPatches(space, memory, theta, s, j, bends, before, h);
}

/** Products a position by way of the patches, against those of the units' rows. */
function patchesPay(stage: Stage, before: Stage): boolean {
  const { outputs, fan, kernel, inputs, weight } = stage;
  const [prefix, own] = [before.weight, before.fan + 1];
  const pairs = (inputs * inputs) / 2;
  const patches =
    (outputs * fan * fan) / 2 +
    fan * prefix * (fan + prefix / 2 + own) +
    pairs * kernel * own * (kernel + own);
  return patches < (0.5 * outputs * (weight * weight)) / 2;
}

/** Σ_ab M_ab D patch_a ⊗ D patch_b at position j, lower triangle. */
function bendPatches(
  space: Workspace,
  memory: SecondOrderSpace,
  theta: Float64Array,
  s: number,
  j: number,
  bends: Float64Array,
  before: Stage,
  h: Float64Array,
): void {
  const { stage } = space.stages[s]!;
  const { inputs, fan } = stage;
  const { under, mixed, mixedRows, offsets, weights } = memory;
  const source = rowsUnder(stage, memory, s, j);
  mixWeights(stage, theta, bends, j, mixed);
  const prefix = before.weight;
  const size = space.plan.size;
  if (prefix > 0) {
    for (let a = 0; a < fan; a++) {
      if (under[a]! < 0) continue;
      mixedRows.fill(0, a * prefix, (a + 1) * prefix);
      let count = 0;
      for (let b = 0; b < fan; b++) {
        if (under[b]! < 0) continue;
        offsets[count] = under[b]!;
        weights[count++] = mixed[a * fan + b]!;
      }
      addRows(mixedRows, a * prefix, source, offsets, weights, count, prefix);
    }
    prefixTerms(memory, stage, before, source, size, h);
  }
  for (let c = 0; c < inputs; c++) {
    for (let other = 0; other <= c; other++) bendChannels(memory, stage, before, source, c, other, size, h);
  }
}

/** The terms of parameters before the last stage but one with each other, and with that stage's own. */
function prefixTerms(
  memory: SecondOrderSpace,
  { inputs, kernel, fan }: Stage,
  before: Stage,
  source: Float64Array,
  size: number,
  h: Float64Array,
): void {
  const { under, mixedRows, offsets, weights } = memory;
  const prefix = before.weight;
  const own = before.fan;
  const add = (first: number, end: number, element: number, at: number, length: number) => {
    let count = 0;
    for (let a = first; a < end; a++) {
      if (under[a]! < 0) continue;
      offsets[count] = a * prefix;
      weights[count++] = source[under[a]! + element]!;
    }
    addRows(h, at, mixedRows, offsets, weights, count, length);
  };
  for (let i = 0; i < prefix; i++) add(0, fan, i, i * size, i + 1);
  for (let c = 0; c < inputs; c++) {
    const [first, end] = [c * kernel, (c + 1) * kernel];
    for (let i = 0; i < own; i++) {
      add(first, end, prefix + i, (before.weight + c * own + i) * size, prefix);
    }
    add(first, end, prefix + own, (before.bias + c) * size, prefix);
  }
}

/** M_ab = Σ_o bend[o, j]·W[o, a]·W[o, b], all fan² of it. */
function mixWeights(
  { outputs, positions, fan, weight }: Stage,
  theta: Float64Array,
  bends: Float64Array,
  j: number,
  mixed: Float64Array,
): void {
  mixed.fill(0, 0, fan * fan);
  for (let o = 0; o < outputs; o++) {
    const bent = bends[o * positions + j]!;
    const w = weight + o * fan;
    for (let a = 0; a < fan; a++) {
      const scale = bent * theta[w + a]!;
      for (let b = 0; b <= a; b++) mixed[a * fan + b]! += scale * theta[w + b]!;
    }
  }
  for (let a = 0; a < fan; a++) for (let b = 0; b < a; b++) mixed[b * fan + a] = mixed[a * fan + b]!;
}

/** The terms between the own parameters of two channels of the stage before. */
function bendChannels(
  memory: SecondOrderSpace,
  { kernel, fan }: Stage,
  before: Stage,
  source: Float64Array,
  c: number,
  other: number,
  size: number,
  h: Float64Array,
): void {
  const { under, mixed, mixedOwn, offsets, weights } = memory;
  const { weight: prefix, fan: own, bias } = before;
  const [row, column] = [prefix + c * own, prefix + other * own];
  const width = own + 1;
  for (let k = 0; k < kernel; k++) {
    const a = c * kernel + k;
    if (under[a]! < 0) continue;
    mixedOwn.fill(0, k * width, (k + 1) * width);
    for (let b = other * kernel; b < (other + 1) * kernel; b++) {
      if (under[b]! < 0) continue;
      const m = mixed[a * fan + b]!;
      const at = under[b]! + prefix;
      for (let i = 0; i < width; i++) mixedOwn[k * width + i]! += m * source[at + i]!;
    }
  }
  for (let i = 0; i < width; i++) {
    let count = 0;
    for (let k = 0; k < kernel; k++) {
      const from = under[c * kernel + k]!;
      if (from < 0) continue;
      offsets[count] = k * width;
      weights[count++] = source[from + prefix + i]!;
    }
    const line = (i === own ? bias + c : row + i) * size;
    const length = c === other ? Math.min(i + 1, own) : own;
    addRows(h, line + column, mixedOwn, offsets, weights, count, length);
    // Biases come after all weights, so that a weight's element with a bias lies in the bias's row.
    let last = 0;
    for (let u = 0; u < count; u++) last += weights[u]! * mixedOwn[offsets[u]! + own]!;
    if (i === own) h[line + bias + other]! += last;
    else if (c !== other) h[(bias + other) * size + row + i]! += last;
  }
}

/** h[at + i] += Σ_u weights_u·x[offsets_u + i] for i < length, four rows at a time. */
function addRows(
  h: Float64Array,
  at: number,
  x: Float64Array,
  offsets: Int32Array,
  weights: Float64Array,
  count: number,
  length: number,
): void {
  let u = 0;
  for (; u + 3 < count; u += 4) {
    const a = weights[u]!;
    const b = weights[u + 1]!;
    const c = weights[u + 2]!;
    const d = weights[u + 3]!;
    const p = offsets[u]!;
    const q = offsets[u + 1]!;
    const r = offsets[u + 2]!;
    const s = offsets[u + 3]!;
    for (let i = 0; i < length; i++) {
      h[at + i]! += a * x[p + i]! + b * x[q + i]! + c * x[r + i]! + d * x[s + i]!;
    }
  }
  for (; u + 1 < count; u += 2) {
    const a = weights[u]!;
    const b = weights[u + 1]!;
    const p = offsets[u]!;
    const q = offsets[u + 1]!;
    for (let i = 0; i < length; i++) h[at + i]! += a * x[p + i]! + b * x[q + i]!;
  }
  if (u < count) {
    const a = weights[u]!;
    const p = offsets[u]!;
    for (let i = 0; i < length; i++) h[at + i]! += a * x[p + i]!;
  }
}
