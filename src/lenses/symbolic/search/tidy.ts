import type { Genome } from "./genome.ts";

/**
 * The candidate with those constants made round (0, whole numbers, halves, thirds, quarters) that can be without
 * changing its loss beyond rounding. Undefined where none can.
 * @param loss of a candidate; `most` is what counts as rounding.
 */
export function roundConstants(
  { tokens, constants }: Genome,
  loss: (candidate: Genome) => number,
  most: number,
): Genome | undefined {
  let made = { tokens, constants: constants.slice() };
  let changed = false;
  for (let i = 0; i < constants.length; i++) {
    const value = made.constants[i]!;
    const tries = Math.abs(value) < 1e-6 ? [0] : [];
    for (const unit of [1, 2, 3, 4]) {
      const near = Math.round(value * unit) / unit;
      if (near !== 0 && near !== value && Math.abs(near - value) < 1e-5 * Math.abs(value)) tries.push(near);
    }
    for (const near of tries) {
      const trial = { tokens, constants: made.constants.slice() };
      trial.constants[i] = near;
      if (!(loss(trial) <= most)) continue;
      made = trial;
      changed = true;
      break;
    }
  }
  return changed ? made : undefined;
}
