import { blocksOf, columnsOf } from "./blocks.ts";
import { addProducts, affine, transposed } from "./columns.ts";
import { forward, outputs } from "./loss.ts";
import type { CheckedProblem } from "./problem.ts";

/**
 * The product of the loss's Hessian with v, exact, by the R-operator (Pearlmutter, Neural Comput. 6, 147 (1994)): with
 * V and c the parts of v that belong to W and b, forwards Ra = V h + W Rh + c, Rh = s·Ra with s = 1 − h²; at the outputs
 * Rp = p(Ry − Σ pRy), RG = Rp/N; backwards RD = (VᵀD′ + WᵀRD′)·s − 2(WᵀD′)·h·s·Ra; and Hv = RD hᵀ + D Rhᵀ for weights,
 * Σ RD for biases, +2λv. Nothing is allocated in a call.
 */
export function classifierProduct(
  problem: CheckedProblem,
): (w: Float64Array, v: Float64Array, out: Float64Array) => void {
  const blocks = blocksOf(problem);
  const { layers, stride, count, features, decays, layout } = blocks;
  const last = layers.length;
  const inputs = layout.sizes[0]!;
  const [active, tangent, rate, back, delta, deltaRate] = Array.from({ length: 6 }, () => columnsOf(blocks));
  const scratch = new Float64Array(Math.max(...layout.sizes) * stride);
  const add = (to: Float64Array, units: number) => {
    for (let i = 0; i < units * stride; i++) to[i]! += scratch[i]!;
  };
  return (w, v, out) => {
    for (let i = 0; i < w.length; i++) out[i] = 2 * decays[i]! * v[i]!;
    for (let b = 0; b < count; b++) {
      const rows = blocks.rowsOf(b);
      const at = b * inputs * stride;
      forward(blocks, w, b, active!);
      for (let l = 1; l <= last; l++) {
        const layer = layers[l - 1]!;
        affine(tangent![l]!, l === 1 ? features : active![l - 1]!, l === 1 ? at : 0, v, layer, rows, stride);
        if (l > 1) {
          affine(scratch, rate![l - 1]!, 0, w, { ...layer, biasAt: -1 }, rows, stride);
          add(tangent![l]!, layer.to);
        }
        if (l === last) break;
        for (let i = 0; i < layer.to * stride; i++) {
          const h = active![l]![i]!;
          rate![l]![i] = (1 - h) * (1 + h) * tangent![l]![i]!;
        }
      }
      outputs(blocks, b, active![last]!, delta![last]!, problem.rows);
      for (let d = 0; d < rows; d++) {
        let mean = 0;
        for (let i = d; i < layers[last - 1]!.to * stride; i += stride)
          mean += active![last]![i]! * tangent![last]![i]!;
        for (let i = d; i < layers[last - 1]!.to * stride; i += stride)
          deltaRate![last]![i] = (active![last]![i]! * (tangent![last]![i]! - mean)) / problem.rows;
      }
      for (let l = last; l >= 1; l--) {
        const layer = layers[l - 1]!;
        const below = l === 1 ? features : active![l - 1]!;
        addProducts(out, deltaRate![l]!, below, l === 1 ? at : 0, layer, rows, stride);
        if (l === 1) break;
        addProducts(out, delta![l]!, rate![l - 1]!, 0, { ...layer, biasAt: -1 }, rows, stride);
        transposed(back![l - 1]!, delta![l]!, w, layer, rows, stride);
        transposed(deltaRate![l - 1]!, delta![l]!, v, layer, rows, stride);
        transposed(scratch, deltaRate![l]!, w, layer, rows, stride);
        add(deltaRate![l - 1]!, layer.from);
        for (let i = 0; i < layer.from * stride; i++) {
          const h = active![l - 1]![i]!;
          const slope = (1 - h) * (1 + h);
          const whole = back![l - 1]![i]!;
          delta![l - 1]![i] = whole * slope;
          deltaRate![l - 1]![i] = deltaRate![l - 1]![i]! * slope - 2 * whole * h * rate![l - 1]![i]!;
        }
      }
    }
  };
}
