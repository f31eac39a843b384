import { type Blocks, blocksOf, columnsOf } from "./blocks.ts";
import { addProducts, affine, transposed } from "./columns.ts";
import { expOfNegative, tanhInPlace } from "./exponentials.ts";
import type { CheckedProblem } from "./problem.ts";

/** Loss and gradient of a classifier over its data, with workspace of its own: nothing is allocated in a call. */
export interface ClassifierLoss {
  /** L(w) = −(1/N) Σ_d ln p_{c(d)}(x_d) + λ Σ w²; fills `gradient`. */
  valueAndGradient(w: Float64Array, gradient: Float64Array): number;
}

/**
 * Mean cross-entropy of softmax outputs plus λΣw² (no factor ½), by columns: h = tanh a forwards, G = (P − T)/N at the
 * outputs, and backwards D = (WᵀD′)·(1 − h²), ∇W = D hᵀ, ∇b = Σ D, +2λw.
 */
export function classifierLoss(problem: CheckedProblem): ClassifierLoss {
  const blocks = blocksOf(problem);
  const { layers, stride, count, features, decays, layout } = blocks;
  const active = columnsOf(blocks);
  const delta = columnsOf(blocks);
  const last = layers.length;
  const inputs = layout.sizes[0]!;
  return {
    valueAndGradient(w, gradient) {
      let value = 0;
      for (let i = 0; i < w.length; i++) {
        const pull = decays[i]! * w[i]!;
        value += pull * w[i]!;
        gradient[i] = 2 * pull;
      }
      let entropy = 0;
      for (let b = 0; b < count; b++) {
        const rows = blocks.rowsOf(b);
        const at = b * inputs * stride;
        forward(blocks, w, b, active);
        entropy += outputs(blocks, b, active[last]!, delta[last]!, problem.rows);
        for (let l = last; l >= 1; l--) {
          const layer = layers[l - 1]!;
          const below = l === 1 ? features : active[l - 1]!;
          addProducts(gradient, delta[l]!, below, l === 1 ? at : 0, layer, rows, stride);
          if (l === 1) break;
          transposed(delta[l - 1]!, delta[l]!, w, layer, rows, stride);
          timesSlopes(delta[l - 1]!, active[l - 1]!, layer.from, rows, stride);
        }
      }
      return value + entropy / problem.rows;
    },
  };
}

/** Activations of block b: columns of each hidden layer and, last, of the logits. */
export function forward(blocks: Blocks, w: Float64Array, b: number, active: readonly Float64Array[]): void {
  const { layers, stride, features, layout } = blocks;
  const rows = blocks.rowsOf(b);
  for (let l = 1; l <= layers.length; l++) {
    const below = l === 1 ? features : active[l - 1]!;
    const at = l === 1 ? b * layout.sizes[0]! * stride : 0;
    affine(active[l]!, below, at, w, layers[l - 1]!, rows, stride);
    if (l === layers.length) break;
    for (let j = 0; j < layout.sizes[l]!; j++) tanhInPlace(active[l]!, j * stride, rows);
  }
}

/**
 * Turns the logits of a block into probabilities and `delta` into (P − T)/N. Returns −Σ_d ln p of the true classes:
 * Σ_d (y_top − y_true) + ln Π_d Σ_i exp(y_i − y_top), where the product is taken over a few rows at a time.
 */
export function outputs(
  { labels, stride, layout, ...blocks }: Blocks,
  b: number,
  logits: Float64Array,
  delta: Float64Array,
  total: number,
): number {
  const classes = layout.sizes.at(-1)!;
  const rows = blocks.rowsOf(b);
  let value = 0;
  let product = 1;
  for (let d = 0; d < rows; d++) {
    const label = labels[b * stride + d]!;
    let top = logits[d]!;
    for (let i = 1; i < classes; i++) {
      const y = logits[i * stride + d]!;
      if (y > top) top = y;
    }
    value += top - logits[label * stride + d]!;
    let sum = 0;
    for (let i = 0; i < classes; i++) {
      const below = logits[i * stride + d]! - top;
      const share = below === 0 ? 1 : expOfNegative(below);
      logits[i * stride + d] = share;
      sum += share;
    }
    const scale = 1 / sum;
    for (let i = 0; i < classes; i++) {
      const p = logits[i * stride + d]! * scale;
      logits[i * stride + d] = p;
      delta[i * stride + d] = (p - (i === label ? 1 : 0)) / total;
    }
    product *= sum;
    if (product > 1e200) {
      value += Math.log(product);
      product = 1;
    }
  }
  return value + Math.log(product);
}

/** delta ← delta·(1 − h²), column by column. */
function timesSlopes(
  delta: Float64Array,
  active: Float64Array,
  units: number,
  rows: number,
  stride: number,
): void {
  for (let j = 0; j < units; j++) {
    for (let i = j * stride; i < j * stride + rows; i++) {
      const h = active[i]!;
      delta[i]! *= (1 - h) * (1 + h);
    }
  }
}
