/**
 * Kernels on columns: unit j of a layer over the rows of a block lies at j·stride. Sums run in one fixed order, whatever
 * the number of threads that call them.
 */

/** out_j ← bias_j + Σ_k weights[j][k] input_k, for the first `rows` of every column. */
export function affine(
  out: Float64Array,
  input: Float64Array,
  inputAt: number,
  w: Float64Array,
  layer: { weightsAt: number; biasAt: number; from: number; to: number },
  rows: number,
  stride: number,
): void {
  const { weightsAt, biasAt, from, to } = layer;
  for (let j = 0; j < to; j++) {
    const bias = biasAt < 0 ? 0 : w[biasAt + j]!;
    accumulate(out, j * stride, input, inputAt, w, weightsAt + j * from, 1, from, bias, rows, stride);
  }
}

/** out_k ← Σ_j weights[j][k] input_j: a layer's weights the other way round. */
export function transposed(
  out: Float64Array,
  input: Float64Array,
  w: Float64Array,
  layer: { weightsAt: number; from: number; to: number },
  rows: number,
  stride: number,
): void {
  const { weightsAt, from, to } = layer;
  for (let k = 0; k < from; k++) {
    accumulate(out, k * stride, input, 0, w, weightsAt + k, from, to, 0, rows, stride);
  }
}

/** One column: out ← start + Σ_i w[at + i·step] · column i of the input, four columns at a time. */
function accumulate(
  out: Float64Array,
  outAt: number,
  input: Float64Array,
  inputAt: number,
  w: Float64Array,
  at: number,
  step: number,
  count: number,
  start: number,
  rows: number,
  stride: number,
): void {
  let i = 0;
  const odd = count & 3;
  if (odd === 0) {
    for (let d = 0; d < rows; d++) out[outAt + d] = start;
  } else {
    const [a, b, c] = [w[at]!, odd > 1 ? w[at + step]! : 0, odd > 2 ? w[at + 2 * step]! : 0];
    const second = odd > 1 ? inputAt + stride : inputAt;
    const third = odd > 2 ? inputAt + 2 * stride : inputAt;
    for (let d = 0; d < rows; d++) {
      out[outAt + d] = start + a * input[inputAt + d]! + b * input[second + d]! + c * input[third + d]!;
    }
    i = odd;
  }
  for (; i < count; i += 4) {
    const a = w[at + i * step]!;
    const b = w[at + (i + 1) * step]!;
    const c = w[at + (i + 2) * step]!;
    const e = w[at + (i + 3) * step]!;
    const p = inputAt + i * stride;
    const q = p + stride;
    const r = q + stride;
    const s = r + stride;
    for (let d = 0; d < rows; d++) {
      out[outAt + d]! += a * input[p + d]! + b * input[q + d]! + (c * input[r + d]! + e * input[s + d]!);
    }
  }
}

/** g[weights j, k] += Σ_d delta_j(d) input_k(d) and g[bias j] += Σ_d delta_j(d). */
export function addProducts(
  g: Float64Array,
  delta: Float64Array,
  input: Float64Array,
  inputAt: number,
  layer: { weightsAt: number; biasAt: number; from: number; to: number },
  rows: number,
  stride: number,
): void {
  const { weightsAt, biasAt, from, to } = layer;
  for (let j = 0; j < to; j++) {
    const column = j * stride;
    const at = weightsAt + j * from;
    if (biasAt >= 0) {
      let sum = 0;
      for (let d = 0; d < rows; d++) sum += delta[column + d]!;
      g[biasAt + j]! += sum;
    }
    let k = 0;
    for (; k + 3 < from; k += 4) {
      const p = inputAt + k * stride;
      const q = p + stride;
      const r = q + stride;
      const s = r + stride;
      let [a, b, c, e] = [0, 0, 0, 0];
      for (let d = 0; d < rows; d++) {
        const value = delta[column + d]!;
        a += value * input[p + d]!;
        b += value * input[q + d]!;
        c += value * input[r + d]!;
        e += value * input[s + d]!;
      }
      g[at + k]! += a;
      g[at + k + 1]! += b;
      g[at + k + 2]! += c;
      g[at + k + 3]! += e;
    }
    for (; k < from; k++) {
      const p = inputAt + k * stride;
      let sum = 0;
      for (let d = 0; d < rows; d++) sum += delta[column + d]! * input[p + d]!;
      g[at + k]! += sum;
    }
  }
}
