import { matrix } from "../../linalg/matrix.ts";
import type { LayerFactors } from "../objective/contract.ts";
import { eachOutput } from "./evaluate.ts";
import { forward, markLive } from "./kernels/forward.ts";
import { workspace } from "./kernels/workspace.ts";
import type { Plan } from "./plan.ts";

/**
 * For each linear map the inputs it is applied to, with a 1 for the bias (a convolution: one patch a position, the
 * mean of patches where mean pooling follows), and ∂f_c/∂(pre-activation) at each position.
 */
export function layerFactorsOf(
  plan: Plan,
  theta: Float64Array,
  inputs: Float64Array,
  count: number,
): LayerFactors[] {
  const space = workspace(plan);
  const C = plan.outputs;
  const factors = plan.stages.map(({ name, positions, fan, outputs, weight, bias }): LayerFactors => {
    const index = new Int32Array(outputs * (fan + 1));
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < fan; i++) index[o * (fan + 1) + i] = weight + o * fan + i;
      index[o * (fan + 1) + fan] = bias + o;
    }
    return {
      layer: name,
      positions,
      inputs: matrix(count * positions, fan + 1),
      outputSlopes: matrix(count * positions * C, outputs),
      index,
    };
  });
  for (let i = 0; i < count; i++) {
    forward(space, theta, inputs, i);
    markLive(space);
    space.stages.forEach(({ stage, patches }, s) => {
      const { positions, fan } = stage;
      const { data } = factors[s]!.inputs;
      for (let j = 0; j < positions; j++) {
        const row = (i * positions + j) * (fan + 1);
        data.set(patches.subarray(j * fan, (j + 1) * fan), row);
        data[row + fan] = 1;
      }
    });
    eachOutput(space, theta, (c) => {
      space.stages.forEach(({ stage, slopes }, s) => {
        const { positions, outputs } = stage;
        const { data } = factors[s]!.outputSlopes;
        for (let o = 0; o < outputs; o++) {
          for (let j = 0; j < positions; j++) {
            data[((i * positions + j) * C + c) * outputs + o] = slopes[0]![o * positions + j]!;
          }
        }
      });
    });
  }
  return factors;
}
