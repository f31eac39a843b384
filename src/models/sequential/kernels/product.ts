import { activationCurvature, activationSlope } from "./activation.ts";
import { addScaled, dot, fillPatches, pullBack, unfillBoxes } from "./affine.ts";
import { spread } from "./backward.ts";
import { boxesFor, slopeSpace, type Workspace } from "./workspace.ts";

/** Memory for the derivative of everything in a workspace along a direction of θ. */
export interface TangentSpace {
  stages: {
    boxed: Float64Array;
    patches: Float64Array;
    values: Float64Array[];
    slopes: Float64Array[];
    boxSlopes: Float64Array;
    inputSlopes: Float64Array;
  }[];
}

/** Memory for directions, beside `space`. */
export function tangentSpace(space: Workspace): TangentSpace {
  let input = new Float64Array(space.plan.inputs);
  const stages = space.stages.map((one) => {
    const values = one.values.map((x) => new Float64Array(x.length));
    const made = {
      boxed: boxesFor(one.stage, input),
      patches: new Float64Array(one.patches.length),
      values,
      slopes: one.values.map((x) => new Float64Array(x.length)),
      ...slopeSpace(one.stage),
    };
    input = values.at(-1)!;
    return made;
  });
  return { stages };
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
    if (s > 0) fillPatches(stage, tangent.stages[s - 1]!.values.at(-1)!, moved.boxed, moved.patches);
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
        const [base, image] = [one.values[p]!, one.values[p + 1]!];
        const name = post.function;
        for (let i = 0; i < x.length; i++) y[i] = activationSlope(name, base[i]!, image[i]!) * x[i]!;
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
  const direction = at === 0 ? v : v.subarray(at, at + space.plan.size);
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
        const [x, y] = [one.values[p]!, one.values[p + 1]!];
        const name = post.function;
        const slope = one.slopes[p + 1]!;
        const step = moved.values[p]!;
        for (let i = 0; i < x.length; i++) {
          const bend = activationCurvature(name, x[i]!, y[i]!) * slope[i]! * step[i]!;
          before[i] = activationSlope(name, x[i]!, y[i]!) * after[i]! + bend;
        }
      } else {
        before.fill(0);
        spread(post, one.winners[p], after, before);
      }
    }
    const { outputs, positions, fan, weight, bias } = stage;
    const slopes = one.slopes[0]!;
    const changes = moved.slopes[0]!;
    if (s > 0) moved.boxSlopes.fill(0);
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
        pullBack(stage, theta, element, change, moved.boxSlopes);
        pullBack(stage, direction, element, slopes[element]!, moved.boxSlopes);
      }
    }
    if (s === 0) return;
    unfillBoxes(stage, moved.boxSlopes, moved.inputSlopes);
    tangent.stages[s - 1]!.slopes.at(-1)!.set(moved.inputSlopes);
  }
}
