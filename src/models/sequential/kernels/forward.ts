import type { Post } from "../plan.ts";
import { activate } from "./activation.ts";
import { applyMap, fillPatches } from "./affine.ts";
import type { StageSpace, Workspace } from "./workspace.ts";

/** Sends sample `index` of `inputs` (row-major) through the network; the result is in `space.output`. */
export function forward(
  space: Workspace,
  theta: Float64Array,
  inputs: Float64Array,
  index: number,
): Float64Array {
  const { plan } = space;
  space.stages[0]!.input.set(inputs.subarray(index * plan.inputs, (index + 1) * plan.inputs));
  for (const one of space.stages) {
    fillPatches(one.stage, one.input, one.boxed, one.patches);
    applyMap(one.stage, theta, one.patches, one.values[0]!);
    one.stage.posts.forEach((post, i) => {
      applyPost(one.stage.outputs, post, one.values[i]!, one.values[i + 1]!, one.winners[i]);
    });
  }
  return space.output;
}

/** A post on [channels, from]; windows with several largest elements choose the first. */
function applyPost(
  channels: number,
  post: Post,
  x: Float64Array,
  y: Float64Array,
  winners: Int32Array | undefined,
): void {
  if (post.kind === "activation") {
    const name = post.function;
    for (let i = 0; i < x.length; i++) y[i] = activate(name, x[i]!);
    return;
  }
  const { size, from, to } = post;
  for (let c = 0; c < channels; c++) {
    for (let j = 0; j < to; j++) {
      const first = c * from + j * size;
      if (winners === undefined) {
        let sum = 0;
        for (let i = first; i < first + size; i++) sum += x[i]!;
        y[c * to + j] = sum / size;
      } else {
        let best = first;
        for (let i = first + 1; i < first + size; i++) if (x[i]! > x[best]!) best = i;
        winners[c * to + j] = best;
        y[c * to + j] = x[best]!;
      }
    }
  }
}

/** After {@link forward}: which elements reach the output, given the pooling winners and the signs at ReLUs. */
export function markLive(space: Workspace): void {
  for (const one of space.stages) {
    const { posts, outputs, positions } = one.stage;
    one.reaches.at(-1)!.fill(1);
    for (let p = posts.length - 1; p >= 0; p--) markThrough(one, p);
    const reaches = one.reaches[0]!;
    let count = 0;
    for (let o = 0; o < outputs; o++) {
      one.liveFrom[o] = count;
      for (let e = o * positions; e < (o + 1) * positions; e++) if (reaches[e] === 1) one.live[count++] = e;
    }
    one.liveFrom[outputs] = count;
  }
}

function markThrough(one: StageSpace, p: number): void {
  const post = one.stage.posts[p]!;
  const before = one.reaches[p]!;
  const after = one.reaches[p + 1]!;
  if (post.kind === "activation") {
    const x = one.values[p]!;
    if (post.function === "relu") {
      for (let i = 0; i < before.length; i++) before[i] = after[i] === 1 && x[i]! > 0 ? 1 : 0;
    } else before.set(after);
    return;
  }
  before.fill(0);
  const { size, from, to } = post;
  const winners = one.winners[p];
  for (let e = 0; e < after.length; e++) {
    if (after[e] !== 1) continue;
    if (winners !== undefined) before[winners[e]!] = 1;
    else {
      const first = Math.floor(e / to) * from + (e % to) * size;
      before.fill(1, first, first + size);
    }
  }
}
