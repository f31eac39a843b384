import type { Random } from "../../core/random.ts";
import type { SequentialModel } from "./sequential.ts";

/**
 * Seeded starting parameters as PyTorch's Conv1d and Linear draw them: weights and biases uniform on ±1/√fan_in,
 * fan_in = inputs·kernel of the layer (Kaiming uniform with a = √5). Each parameter has its own stream, named after it.
 */
export function initialSequentialParameters(model: SequentialModel, rng: Random): Float64Array {
  const flat = new Float64Array(model.layout.size);
  for (const name of model.layout.names) {
    const layer = name.slice(0, name.lastIndexOf("."));
    const [, ...fan] = model.layout.shapes[`${layer}.weight`]!;
    const bound = 1 / Math.sqrt(fan.reduce((product, n) => product * n, 1));
    const stream = rng.fork(name);
    const { start, end } = model.layout.slice(name);
    for (let i = start; i < end; i++) flat[i] = bound * (2 * stream.uniform() - 1);
  }
  return flat;
}
