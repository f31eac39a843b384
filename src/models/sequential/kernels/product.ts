import { activationCurvature, activationSlope } from "./activation.ts";
import { addScaled, dot, fillPatches, pullBack } from "./affine.ts";
import { spread } from "./backward.ts";
import type { Workspace } from "./workspace.ts";

/** Memory for the derivative of everything in a workspace along a direction of θ. */
export interface TangentSpace {
  stages: {
    patches: Float64Array;
    values: Float64Array[];
    slopes: Float64Array[];
    inputSlopes: Float64Array;
  }[];
}

/** Memory for directions, beside `space`. */
export function tangentSpace(space: Workspace): TangentSpace {
  return {
    stages: space.stages.map((one) => ({
      patches: new Float64Array(one.patches.length),
      values: one.values.map((x) => new Float64Array(x.length)),
      slopes: one.values.map((x) => new Float64Array(x.length)),
      inputSlopes: new Float64Array(one.input.length),
    })),
  };
}

/** ∂f/∂θ·v of the sample that last went forward, with gates as `markLive` found them. v begins at `at`. */
export function forwardTangent(
  space: Workspace,
  tangent: TangentSpace,
  theta: Float64Array,
  v: Float64Array,
  at: number,
): Float64Array {
  space.stages.forEach((one, s) => {
    const { stage } = one;
    const moved = tangent.stages[s]!;
    const { outputs, positions, fan, weight, bias } = stage;
    if (s > 0) fillPatches(stage, tangent.stages[s - 1]!.values.at(-1)!, moved.patches);
    const values = moved.values[0]!.fill(0);
    for (let o = 0; o < outputs; o++) {
      const w = weight + o * fan;
      for (let i = one.liveFrom[o]!; i < one.liveFrom[o + 1]!; i++) {
        const element = one.live[i]!;
        const patch = (element - o * positions) * fan;
        let sum = v[at + bias + o]! + dot(v, at + w, one.patches, patch, fan);
        if (s > 0) sum += dot(theta, w, moved.patches, patch, fan);
        values[element] = sum;
      }
    }
    stage.posts.forEach((post, p) => {
      const [x, y] = [moved.values[p]!, moved.values[p + 1]!];
      if (post.kind === "activation") {
        const base = one.values[p]!;
        for (let i = 0; i < x.length; i++) y[i] = activationSlope(post.function, base[i]!) * x[i]!;
      } else if (post.kind === "max") {
        const winners = one.winners[p]!;
        for (let e = 0; e < y.length; e++) y[e] = x[winners[e]!]!;
      } else {
        for (let e = 0; e < y.length; e++) {
          const first = Math.floor(e / post.to) * post.from + (e % post.to) * post.size;
          let sum = 0;
          for (let i = first; i < first + post.size; i++) sum += x[i]!;
          y[e] = sum / post.size;
        }
      }
    });
  });
  return tangent.stages.at(-1)!.values.at(-1)!;
}

/**
 * Adds d/dt of the gradient of Σ_c r_c(t)·f_c(θ + tv) at t = 0 to `product` (from `at`), where r′ = `rMoved`: with r =
 * ∂ℓ/∂f and r′ = ∂²ℓ/∂f²·J·v that is ∇²ℓ·v. Forward-over-reverse; `backward` with r and `forwardTangent` with v come
 * before.
 */
export function addProduct(
  space: Workspace,
  tangent: TangentSpace,
  theta: Float64Array,
  v: Float64Array,
  rMoved: Float64Array,
  product: Float64Array,
  at: number,
): void {
  tangent.stages.at(-1)!.slopes.at(-1)!.set(rMoved);
  for (let s = space.stages.length - 1; s >= 0; s--) {
    const one = space.stages[s]!;
    const moved = tangent.stages[s]!;
    const { stage } = one;
    for (let p = stage.posts.length - 1; p >= 0; p--) {
      const post = stage.posts[p]!;
      const before = moved.slopes[p]!;
      const after = moved.slopes[p + 1]!;
      if (post.kind === "activation") {
        const x = one.values[p]!;
        const slope = one.slopes[p + 1]!;
        const step = moved.values[p]!;
        for (let i = 0; i < x.length; i++) {
          const bend = activationCurvature(post.function, x[i]!) * slope[i]! * step[i]!;
          before[i] = activationSlope(post.function, x[i]!) * after[i]! + bend;
        }
      } else {
        before.fill(0);
        spread(post, one.winners[p], after, before);
      }
    }
    const { outputs, positions, fan, weight, bias } = stage;
    const slopes = one.slopes[0]!;
    const changes = moved.slopes[0]!;
    if (s > 0) moved.inputSlopes.fill(0);
    for (let o = 0; o < outputs; o++) {
      const w = at + weight + o * fan;
      for (let i = one.liveFrom[o]!; i < one.liveFrom[o + 1]!; i++) {
        const element = one.live[i]!;
        const patch = (element - o * positions) * fan;
        const change = changes[element]!;
        product[at + bias + o]! += change;
        addScaled(product, w, change, one.patches, patch, fan);
        if (s === 0) continue;
        addScaled(product, w, slopes[element]!, moved.patches, patch, fan);
        pullBack(stage, theta, element, change, moved.inputSlopes);
        pullBackAlong(space, s, v, at, element, slopes[element]!, moved.inputSlopes);
      }
    }
    if (s > 0) tangent.stages[s - 1]!.slopes.at(-1)!.set(moved.inputSlopes);
  }
}

/** `pullBack` with the direction's weights in place of the network's. */
function pullBackAlong(
  space: Workspace,
  s: number,
  v: Float64Array,
  at: number,
  element: number,
  slope: number,
  inputSlopes: Float64Array,
): void {
  const direction = at === 0 ? v : v.subarray(at, at + space.plan.size);
  pullBack(space.stages[s]!.stage, direction, element, slope, inputSlopes);
}
