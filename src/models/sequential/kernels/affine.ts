import type { Stage } from "../plan.ts";

/** Lays the input [inputs, length] out under the map, [positions, fan]: means where pooling is drawn in. */
export function fillPatches(stage: Stage, input: Float64Array, patches: Float64Array): void {
  const { inputs, length, kernel, fan, positions, tapFrom, tapAt, tapScale, plain } = stage;
  if (positions === 1 && plain && kernel === length && tapAt.length === length) {
    patches.set(input);
    return;
  }
  for (let j = 0; j < positions; j++) {
    for (let k = 0; k < kernel; k++) {
      const from = tapFrom[j * kernel + k]!;
      const to = tapFrom[j * kernel + k + 1]!;
      for (let c = 0; c < inputs; c++) {
        let sum = 0;
        for (let t = from; t < to; t++) sum += input[c * length + tapAt[t]!]!;
        patches[j * fan + c * kernel + k] = plain ? sum : sum * tapScale;
      }
    }
  }
}

/** out[o, j] = b[o] + Σᵢ W[o, i]·patches[j, i] for all units and positions. */
export function applyMap(stage: Stage, theta: Float64Array, patches: Float64Array, out: Float64Array): void {
  const { outputs, positions, fan, weight, bias } = stage;
  const wide = outputs - (outputs % 4);
  for (let o = 0; o < wide; o += 4) {
    for (let j = 0; j < positions; j++) {
      let a = theta[bias + o]!;
      let b = theta[bias + o + 1]!;
      let c = theta[bias + o + 2]!;
      let d = theta[bias + o + 3]!;
      let w0 = weight + o * fan;
      let w1 = w0 + fan;
      let w2 = w1 + fan;
      let w3 = w2 + fan;
      const end = (j + 1) * fan;
      for (let i = j * fan; i < end; i++) {
        const x = patches[i]!;
        a += theta[w0++]! * x;
        b += theta[w1++]! * x;
        c += theta[w2++]! * x;
        d += theta[w3++]! * x;
      }
      out[o * positions + j] = a;
      out[(o + 1) * positions + j] = b;
      out[(o + 2) * positions + j] = c;
      out[(o + 3) * positions + j] = d;
    }
  }
  for (let o = wide; o < outputs; o++) {
    for (let j = 0; j < positions; j++) {
      out[o * positions + j] = theta[bias + o]! + dot(theta, weight + o * fan, patches, j * fan, fan);
    }
  }
}

/** Σᵢ x[from + i]·y[at + i] in two partial sums. */
export function dot(x: Float64Array, from: number, y: Float64Array, at: number, length: number): number {
  let a = 0;
  let b = 0;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    a += x[from + i]! * y[at + i]!;
    b += x[from + i + 1]! * y[at + i + 1]!;
  }
  if (i < length) a += x[from + i]! * y[at + i]!;
  return a + b;
}

/** y[at + i] += scale·x[from + i]. */
export function addScaled(
  y: Float64Array,
  at: number,
  scale: number,
  x: Float64Array,
  from: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) y[at + i]! += scale * x[from + i]!;
}

/** The pull-back of one live pre-activation's slope to the input: inputSlopes[c, taps] += scale·slope·W[o, c, k]. */
export function pullBack(
  stage: Stage,
  theta: Float64Array,
  element: number,
  slope: number,
  inputSlopes: Float64Array,
): void {
  const { inputs, length, kernel, fan, positions, weight, tapFrom, tapAt, tapScale } = stage;
  const o = Math.floor(element / positions);
  const j = element - o * positions;
  const scaled = slope * tapScale;
  for (let k = 0; k < kernel; k++) {
    const from = tapFrom[j * kernel + k]!;
    const to = tapFrom[j * kernel + k + 1]!;
    for (let t = from; t < to; t++) {
      const at = tapAt[t]!;
      let w = weight + o * fan + k;
      for (let c = 0; c < inputs; c++, w += kernel) inputSlopes[c * length + at]! += theta[w]! * scaled;
    }
  }
}
