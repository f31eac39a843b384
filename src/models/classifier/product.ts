import type { Machine } from "./machine.ts";
import { addLinear, addProducts, affine, below, forward, outputs, transposed } from "./passes.ts";

/**
 * The product of the loss's Hessian with v, exact, by the R-operator (Pearlmutter, Neural Comput. 6, 147 (1994)): with
 * V and c the parts of v that belong to W and b, forwards Ra = V h + W Rh + c, Rh = s·Ra with s = 1 − h²; at the outputs
 * RG = p(Ry − Σ p Ry)/N; backwards RD = (VᵀD′ + WᵀRD′)·s − 2(WᵀD′)·h·Rh; and Hv = RD hᵀ + D Rhᵀ for weights, Σ RD for
 * biases, +2λv. Nothing is allocated in a call.
 */
export function classifierProduct(
  machine: Machine,
  decays: Float64Array,
): (w: Float64Array, v: Float64Array, out: Float64Array) => void {
  const { kernels, layers, stride, blocks, active, delta, weights, vector, result, numbers } = machine;
  const [tangent, rate, slope, back, deltaRate] = machine.extra as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const last = layers.length;
  const width = (l: number) => layers[l - 1]!.to * stride;
  return (w, v, out) => {
    numbers.set(w, weights / 8);
    numbers.set(v, vector / 8);
    for (let i = 0; i < w.length; i++) numbers[result / 8 + i] = 2 * decays[i]! * v[i]!;
    for (let b = 0; b < blocks; b++) {
      forward(machine, b);
      for (let l = 1; l <= last; l++) {
        affine(machine, l, tangent[l]!, below(machine, l, b), vector);
        if (l > 1) addLinear(machine, l, tangent[l]!, rate[l - 1]!, weights);
        if (l === last) break;
        kernels.slope(slope[l]!, active[l]!, width(l));
        kernels.product(rate[l]!, slope[l]!, tangent[l]!, width(l));
      }
      outputs(machine, b);
      const { to } = layers[last - 1]!;
      kernels.softmaxRate(
        deltaRate[last]!,
        active[last]!,
        tangent[last]!,
        machine.shareOf(b),
        to,
        stride,
        stride,
      );
      for (let l = last; l >= 1; l--) {
        addProducts(machine, l, deltaRate[l]!, below(machine, l, b));
        if (l === 1) break;
        addProducts(machine, l, delta[l]!, rate[l - 1]!, false);
        transposed(machine, l, back[l - 1]!, delta[l]!, weights);
        transposed(machine, l, deltaRate[l - 1]!, delta[l]!, vector);
        transposed(machine, l, deltaRate[l - 1]!, deltaRate[l]!, weights, true);
        const bytes = width(l - 1);
        kernels.product(delta[l - 1]!, slope[l - 1]!, back[l - 1]!, bytes);
        kernels.bend(deltaRate[l - 1]!, slope[l - 1]!, back[l - 1]!, active[l - 1]!, rate[l - 1]!, bytes);
      }
    }
    for (let i = 0; i < w.length; i++) out[i] = numbers[result / 8 + i]!;
  };
}
