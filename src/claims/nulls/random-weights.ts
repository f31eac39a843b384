import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";

/** A parameter's place in a flat vector of weights: first and last-plus-one position. */
export interface Block {
  start: number;
  end: number;
}

/**
 * Weights that know nothing: every block is replaced by a random direction with the block's own Euclidean norm, so that
 * sizes stay and what was learned goes (weight randomisation: Adebayo et al., NeurIPS 2018). Positions outside the
 * blocks are kept. Same type and length as `weights`, which is not changed.
 * @throws UserError for a block outside the vector.
 */
export function randomWeights<T extends Float32Array | Float64Array>(
  weights: T,
  blocks: readonly Block[],
  random: Random,
): T {
  const out = weights.slice() as T;
  for (const { start, end } of blocks) {
    if (
      !(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= out.length)
    ) {
      throw new UserError(
        `randomWeights: a block from ${start} to ${end}, but there are ${out.length} weights`,
      );
    }
    const direction = Float64Array.from({ length: end - start }, () => random.normal());
    let norm = 0;
    for (let k = start; k < end; k++) norm += weights[k]! ** 2;
    const scale = Math.sqrt(norm / direction.reduce((sum, x) => sum + x * x, 0));
    for (let k = start; k < end; k++) out[k] = end > start ? direction[k - start]! * scale : out[k]!;
  }
  return out;
}
