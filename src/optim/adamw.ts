import { UserError } from "../core/errors.ts";

/** A flat vector of parameters, or of anything beside them. */
export type FlatVector = Float32Array | Float64Array;

/** What AdamW remembers between steps. */
export interface AdamWState {
  /** Running mean of the gradient. */
  mean: FlatVector;
  /** Running mean of its square. */
  square: FlatVector;
  /** Steps taken. */
  step: number;
}

export interface AdamWOptions {
  /** Learning rate of this step. */
  learningRate: number;
  weightDecay?: number;
  /** Factor of the learning rate for each parameter; default 1. */
  rate?: FlatVector;
  /** Factor of the weight decay for each parameter (0: none); default 1. */
  decay?: FlatVector;
  /** Decay of the two running means; default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  epsilon?: number;
}

/** State before the first step, in the precision of `parameters`. */
export function adamwState(parameters: FlatVector): AdamWState {
  return { mean: likewise(parameters), square: likewise(parameters), step: 0 };
}

/**
 * One step of AdamW, in place, as one pass over the flat vectors:
 *
 *     m ← β₁m + (1 − β₁)g    v ← β₂v + (1 − β₂)g²    m̂ = m/(1 − β₁ᵗ)    v̂ = v/(1 − β₂ᵗ)
 *     p ← p − η·rᵢ·(m̂/(√v̂ + ε) + λ·dᵢ·p)
 *
 * with learning rate η, weight decay λ and a factor of each for every parameter, rᵢ and dᵢ. Arithmetic is float64,
 * stored in the vectors' precision: the same numbers on every machine. Source: Loshchilov & Hutter, Decoupled Weight
 * Decay Regularization, ICLR 2019, algorithm 2.
 * @throws UserError for vectors of unequal length.
 */
export function adamwStep(
  parameters: FlatVector,
  gradient: FlatVector,
  state: AdamWState,
  options: AdamWOptions,
): void {
  const { learningRate, weightDecay = 0, rate, decay, betas = [0.9, 0.999], epsilon = 1e-8 } = options;
  const n = parameters.length;
  const { mean, square } = state;
  const others = { gradient, mean, square, ...(rate && { rate }), ...(decay && { decay }) };
  for (const [name, vector] of Object.entries(others)) {
    if (vector.length !== n)
      throw new UserError(`adamwStep: ${name} has ${vector.length} numbers for ${n} parameters`);
  }
  state.step++;
  const [b1, b2] = betas;
  const meanScale = 1 / (1 - b1 ** state.step);
  const squareScale = 1 / (1 - b2 ** state.step);
  for (let i = 0; i < n; i++) {
    const g = gradient[i]!;
    const m = b1 * mean[i]! + (1 - b1) * g;
    const v = b2 * square[i]! + (1 - b2) * g * g;
    mean[i] = m;
    square[i] = v;
    const p = parameters[i]!;
    const direction = (m * meanScale) / (Math.sqrt(v * squareScale) + epsilon);
    const decayed = weightDecay === 0 ? 0 : weightDecay * (decay ? decay[i]! : 1) * p;
    parameters[i] = p - learningRate * (rate ? rate[i]! : 1) * (direction + decayed);
  }
}

function likewise(x: FlatVector): FlatVector {
  return x instanceof Float32Array ? new Float32Array(x.length) : new Float64Array(x.length);
}
