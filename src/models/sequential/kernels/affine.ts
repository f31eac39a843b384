import type { Stage } from "../plan.ts";

/** Fills the boxes of an input [inputs, length] and lays them out under the map, [positions, fan]. */
export function fillPatches(
  stage: Stage,
  input: Float64Array,
  boxed: Float64Array,
  patches: Float64Array,
): void {
  const { inputs, kernel, fan, positions, step, boxes } = stage;
  if (boxed !== input) fillBoxes(stage, input, boxed);
  if (positions === 1 && kernel === boxes) {
    patches.set(boxed);
    return;
  }
  for (let c = 0; c < inputs; c++) {
    for (let j = 0; j < positions; j++) {
      const from = c * boxes + j * step;
      const to = j * fan + c * kernel;
      for (let k = 0; k < kernel; k++) patches[to + k] = boxed[from + k]!;
    }
  }
}

function fillBoxes(
  { inputs, length, padding, group, stride, boxes }: Stage,
  input: Float64Array,
  boxed: Float64Array,
): void {
  boxed.fill(0);
  for (let c = 0; c < inputs; c++) {
    for (let i = 0; i < group; i++) {
      const shift = i * stride - padding;
      const from = Math.max(0, -shift);
      const to = Math.min(boxes, length - shift);
      for (let q = from; q < to; q++) boxed[c * boxes + q]! += input[c * length + q + shift]!;
    }
  }
  if (group > 1) for (let q = 0; q < boxed.length; q++) boxed[q]! /= group;
}

/** The transpose of filling the boxes: every box's slope goes evenly to its inputs. */
export function unfillBoxes(
  { inputs, length, padding, group, stride, boxes }: Stage,
  boxSlopes: Float64Array,
  inputSlopes: Float64Array,
): void {
  if (boxSlopes === inputSlopes) return;
  inputSlopes.fill(0);
  for (let c = 0; c < inputs; c++) {
    for (let i = 0; i < group; i++) {
      const shift = i * stride - padding;
      const from = Math.max(0, -shift);
      const to = Math.min(boxes, length - shift);
      for (let q = from; q < to; q++) inputSlopes[c * length + q + shift]! += boxSlopes[c * boxes + q]!;
    }
  }
  if (group > 1) for (let q = 0; q < inputSlopes.length; q++) inputSlopes[q]! /= group;
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

/** The pull-back of one live pre-activation's slope to the boxes it sees: boxSlopes += slope·W[o]. */
export function pullBack(
  { inputs, kernel, fan, positions, weight, step, boxes }: Stage,
  theta: Float64Array,
  element: number,
  slope: number,
  boxSlopes: Float64Array,
): void {
  const o = Math.floor(element / positions);
  const from = (element - o * positions) * step;
  let w = weight + o * fan;
  for (let c = 0; c < inputs; c++) {
    const end = c * boxes + from + kernel;
    for (let q = c * boxes + from; q < end; q++) boxSlopes[q]! += slope * theta[w++]!;
  }
}
