import type { Machine } from "./machine.ts";
import { addProducts, below, entropyOf, forward, outputs, transposed } from "./passes.ts";
import type { CheckedProblem } from "./problem.ts";

/**
 * L(w) = −(1/N) Σ_d ln p_{c(d)}(x_d) + λ Σ w² (no factor ½) and its gradient: h = tanh a forwards, G = (P − T)/N at the
 * outputs, and backwards D = (WᵀD′)·(1 − h²), ∇W = D hᵀ, ∇b = Σ D, +2λw. Nothing is allocated in a call; sums run in one
 * fixed order.
 */
export function classifierLoss(
  problem: CheckedProblem,
  machine: Machine,
  decays: Float64Array,
): (w: Float64Array, gradient: Float64Array) => number {
  const { kernels, layers, stride, blocks, active, delta, weights, result, numbers } = machine;
  const last = layers.length;
  return (w, gradient) => {
    const n = w.length;
    numbers.set(w, weights / 8);
    let value = 0;
    for (let i = 0; i < n; i++) {
      const pull = decays[i]! * w[i]!;
      value += pull * w[i]!;
      numbers[result / 8 + i] = 2 * pull;
    }
    let entropy = 0;
    for (let b = 0; b < blocks; b++) {
      forward(machine, b);
      outputs(machine, b);
      entropy += entropyOf(machine, b);
      for (let l = last; l >= 1; l--) {
        addProducts(machine, l, delta[l]!, below(machine, l, b));
        if (l === 1) break;
        transposed(machine, l, delta[l - 1]!, delta[l]!, weights);
        kernels.timesSlope(delta[l - 1]!, active[l - 1]!, layers[l - 1]!.from * stride);
      }
    }
    for (let i = 0; i < n; i++) gradient[i] = numbers[result / 8 + i]!;
    return value + entropy / problem.rows;
  };
}
