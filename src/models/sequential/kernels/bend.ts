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
  const { inputs, kernel, fan } = stage;
  const { under, mixed, mixedRows } = memory;
  const source = rowsUnder(stage, memory, s, j);
  mixWeights(stage, theta, bends, j, mixed);
  const prefix = before.weight;
  const size = space.plan.size;
  if (prefix > 0) {
    for (let a = 0; a < fan; a++) {
      if (under[a]! < 0) continue;
      mixedRows.fill(0, a * prefix, (a + 1) * prefix);
      for (let b = 0; b < fan; b++) {
        const m = mixed[a * fan + b]!;
        const from = under[b]!;
        if (from < 0 || m === 0) continue;
        for (let i = 0; i < prefix; i++) mixedRows[a * prefix + i]! += m * source[from + i]!;
      }
    }
    for (let a = 0; a < fan; a++) {
      const from = under[a]!;
      if (from < 0) continue;
      for (let i = 0; i < prefix; i++) {
        addTo(h, i * size, source[from + i]!, mixedRows, a * prefix, i + 1);
      }
      const c = Math.floor(a / kernel);
      const own = before.fan;
      for (let i = 0; i < own; i++) {
        const line = (before.weight + c * own + i) * size;
        addTo(h, line, source[from + prefix + i]!, mixedRows, a * prefix, prefix);
      }
      addTo(h, (before.bias + c) * size, source[from + prefix + own]!, mixedRows, a * prefix, prefix);
    }
  }
  for (let c = 0; c < inputs; c++) {
    for (let other = 0; other <= c; other++) bendChannels(memory, stage, before, source, c, other, size, h);
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
  { under, mixed, mixedOwn }: SecondOrderSpace,
  { kernel, fan }: Stage,
  before: Stage,
  source: Float64Array,
  c: number,
  other: number,
  size: number,
  h: Float64Array,
): void {
  const { weight: prefix, fan: own, bias } = before;
  const [row, column] = [prefix + c * own, prefix + other * own];
  for (let a = c * kernel; a < (c + 1) * kernel; a++) {
    const from = under[a]!;
    if (from < 0) continue;
    mixedOwn.fill(0, 0, own + 1);
    for (let b = other * kernel; b < (other + 1) * kernel; b++) {
      if (under[b]! < 0) continue;
      const m = mixed[a * fan + b]!;
      const at = under[b]! + prefix;
      for (let i = 0; i <= own; i++) mixedOwn[i]! += m * source[at + i]!;
    }
    const values = from + prefix;
    for (let i = 0; i < own; i++) {
      const length = c === other ? i + 1 : own;
      addTo(h, (row + i) * size + column, source[values + i]!, mixedOwn, 0, length);
    }
    const last = source[values + own]!;
    addTo(h, (bias + c) * size + column, last, mixedOwn, 0, own);
    h[(bias + c) * size + bias + other]! += last * mixedOwn[own]!;
    if (c === other) continue;
    // Biases come after all weights, so that this pair's element of the lower triangle lies in the bias's row.
    addTo(h, (bias + other) * size + row, mixedOwn[own]!, source, values, own);
  }
}

function addTo(
  h: Float64Array,
  at: number,
  scale: number,
  x: Float64Array,
  from: number,
  length: number,
): void {
  if (scale === 0) return;
  for (let i = 0; i < length; i++) h[at + i]! += scale * x[from + i]!;
}
