import { forward } from "./kernels/forward.ts";
import { type Workspace, workspace } from "./kernels/workspace.ts";
import type { Plan } from "./plan.ts";

/** One sample's gates: for every max window the winner, for every ReLU unit 1 where it is open, in order of stages. */
export function gatesOf(space: Workspace): Int32Array {
  const parts: number[] = [];
  for (const { stage, values, winners } of space.stages) {
    stage.posts.forEach((post, p) => {
      if (post.kind === "max") parts.push(...winners[p]!);
      else if (post.kind === "activation" && post.function === "relu") {
        for (const x of values[p]!) parts.push(x > 0 ? 1 : 0);
      }
    });
  }
  return Int32Array.from(parts);
}

/** Gates that differ between parameters `a` and `b`, over `count` samples: how many, of how many, in how many samples. */
export function countGateFlips(
  plan: Plan,
  a: Float64Array,
  b: Float64Array,
  inputs: Float64Array,
  count: number,
): { flipped: number; of: number; samplesTouched: number } {
  const space = workspace(plan);
  let flipped = 0;
  let of = 0;
  let samplesTouched = 0;
  for (let i = 0; i < count; i++) {
    forward(space, a, inputs, i);
    const before = gatesOf(space);
    forward(space, b, inputs, i);
    const after = gatesOf(space);
    let here = 0;
    for (let g = 0; g < before.length; g++) if (before[g] !== after[g]) here++;
    flipped += here;
    of += before.length;
    if (here > 0) samplesTouched++;
  }
  return { flipped, of, samplesTouched };
}
