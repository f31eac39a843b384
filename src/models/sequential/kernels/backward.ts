import type { Post } from "../plan.ts";
import { activationSlope } from "./activation.ts";
import { addScaled, pullBack, unfillBoxes } from "./affine.ts";
import type { StageSpace, Workspace } from "./workspace.ts";

/**
 * Slopes of the scalar Σ_c r_c·f_c by every intermediate, after `forward` and `markLive`: they stay in the workspace.
 * `r` has one value an output, from `at`.
 */
export function backward(space: Workspace, theta: Float64Array, r: Float64Array, at = 0): void {
  const { stages, plan } = space;
  stages
    .at(-1)!
    .slopes.at(-1)!
    .set(r.subarray(at, at + plan.outputs));
  for (let s = stages.length - 1; s >= 0; s--) {
    const one = stages[s]!;
    for (let p = one.stage.posts.length - 1; p >= 0; p--) postBackward(one, p);
    if (s === 0) return;
    const slopes = one.slopes[0]!;
    one.boxSlopes.fill(0);
    const count = one.liveFrom[one.stage.outputs]!;
    for (let i = 0; i < count; i++) {
      const element = one.live[i]!;
      pullBack(one.stage, theta, element, slopes[element]!, one.boxSlopes);
    }
    unfillBoxes(one.stage, one.boxSlopes, one.inputSlopes);
    stages[s - 1]!.slopes.at(-1)!.set(one.inputSlopes);
  }
}

function postBackward(one: StageSpace, p: number): void {
  const post: Post = one.stage.posts[p]!;
  const before = one.slopes[p]!;
  const after = one.slopes[p + 1]!;
  if (post.kind === "activation") {
    const [x, y] = [one.values[p]!, one.values[p + 1]!];
    const name = post.function;
    for (let i = 0; i < x.length; i++) before[i] = after[i]! * activationSlope(name, x[i]!, y[i]!);
    return;
  }
  before.fill(0);
  spread(post, one.winners[p], after, before);
}

/** The transpose of a pooling: every window's value goes to its winner, or evenly to its elements. */
export function spread(
  post: Extract<Post, { size: number }>,
  winners: Int32Array | undefined,
  after: Float64Array,
  before: Float64Array,
): void {
  const { size, from, to } = post;
  for (let e = 0; e < after.length; e++) {
    if (winners !== undefined) before[winners[e]!] = after[e]!;
    else {
      const first = Math.floor(e / to) * from + (e % to) * size;
      before.fill(after[e]! / size, first, first + size);
    }
  }
}

/** Adds the parameters' slopes that {@link backward} left in the workspace to `gradient` (from `at`). */
export function addGradient(space: Workspace, gradient: Float64Array, at = 0): void {
  for (const one of space.stages) {
    const { outputs, positions, fan, weight, bias } = one.stage;
    const slopes = one.slopes[0]!;
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      const to = one.liveFrom[o + 1]!;
      for (let i = one.liveFrom[o]!; i < to; i++) {
        const element = one.live[i]!;
        const slope = slopes[element]!;
        sum += slope;
        const position = element - o * positions;
        addScaled(gradient, at + weight + o * fan, slope, one.patches, position * fan, fan);
      }
      gradient[at + bias + o]! += sum;
    }
  }
}
