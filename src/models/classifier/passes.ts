import type { Machine } from "./machine.ts";

/** Columns of the layer below layer l (from 1) in block b: features, or activations. */
export function below({ featuresOf, active }: Machine, l: number, b: number): number {
  return l === 1 ? featuresOf(b) : active[l - 1]!;
}

/** out_j ← b_j + Σ_k W[j][k] input_k of layer l, with the weights of the vector at `weights`. */
export function affine(machine: Machine, l: number, out: number, input: number, weights: number): void {
  const { kernels, layers, stride } = machine;
  const { weightsAt, biasAt, from, to } = layers[l - 1]!;
  for (let j = 0; j < to; j++) {
    const start = weights + 8 * (biasAt + j);
    const row = weights + 8 * (weightsAt + j * from);
    kernels.sum(out + j * stride, start, row, 8, from, input, stride, stride);
  }
}

/** The same without biases, added to what `out` holds. */
export function addLinear(machine: Machine, l: number, out: number, input: number, weights: number): void {
  const { kernels, layers, stride, zero } = machine;
  const { weightsAt, from, to } = layers[l - 1]!;
  for (let j = 0; j < to; j++) {
    const row = weights + 8 * (weightsAt + j * from);
    kernels.addSum(out + j * stride, zero, row, 8, from, input, stride, stride);
  }
}

/** out_k ← Σ_j W[j][k] input_j of layer l; with `add` added to what `out` holds. */
export function transposed(
  machine: Machine,
  l: number,
  out: number,
  input: number,
  weights: number,
  add = false,
): void {
  const { kernels, layers, stride, zero } = machine;
  const { weightsAt, from, to } = layers[l - 1]!;
  const kernel = add ? kernels.addSum : kernels.sum;
  for (let k = 0; k < from; k++) {
    kernel(out + k * stride, zero, weights + 8 * (weightsAt + k), 8 * from, to, input, stride, stride);
  }
}

/** Adds Σ_d delta_j(d) input_k(d) to weight (j, k) of layer l in `result`, and Σ_d delta_j(d) to bias j unless told not to. */
export function addProducts(machine: Machine, l: number, delta: number, input: number, bias = true): void {
  const { kernels, layers, stride, result } = machine;
  const { weightsAt, biasAt, from, to } = layers[l - 1]!;
  for (let j = 0; j < to; j++) {
    const column = delta + j * stride;
    kernels.dots(result + 8 * (weightsAt + j * from), column, input, from, stride, stride);
    if (bias) kernels.dots(result + 8 * (biasAt + j), column, input + from * stride, 1, stride, stride);
  }
}

/** Activations of block b for the weights in the machine, up to the logits. */
export function forward(machine: Machine, b: number): void {
  const { kernels, layers, stride, active, weights } = machine;
  for (let l = 1; l <= layers.length; l++) {
    affine(machine, l, active[l]!, below(machine, l, b), weights);
    if (l < layers.length) kernels.tanh(active[l]!, layers[l - 1]!.to * stride);
  }
}

/** Turns the logits of block b into probabilities and the last deltas into (P − T)/N; see the kernel `softmax`. */
export function outputs(machine: Machine, b: number): void {
  const { kernels, layers, stride, active, delta, truthOf, shareOf, totals, gaps } = machine;
  const last = layers.length;
  const { to } = layers[last - 1]!;
  const places = [active[last]!, truthOf(b), delta[last]!, shareOf(b), totals, gaps] as const;
  if (to === 2) kernels.softmaxOfTwo(...places, stride, stride);
  else kernels.softmax(...places, to, stride, stride);
}

/** Σ_d (ln Z + gap) over the rows of block b that count; logarithms of products of many Z at a time. */
export function entropyOf({ numbers, totals, gaps, rowsOf }: Machine, b: number): number {
  const rows = rowsOf(b);
  const [z, gap] = [totals / 8, gaps / 8];
  let sum = 0;
  // Two products at a time: each has to wait for its last factor.
  let [even, odd] = [1, 1];
  for (let d = 0; d < rows; d += 2) {
    const more = d + 1 < rows;
    sum += numbers[gap + d]! + (more ? numbers[gap + d + 1]! : 0);
    even *= numbers[z + d]!;
    odd *= more ? numbers[z + d + 1]! : 1;
    if (even > 1e150 || odd > 1e150) {
      sum += Math.log(even) + Math.log(odd);
      even = 1;
      odd = 1;
    }
  }
  return sum + Math.log(even) + Math.log(odd);
}
