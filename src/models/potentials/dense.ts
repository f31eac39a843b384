/**
 * Y = X·Wᵀ + b for `rows` rows of X (rows×inputs) and W (outputs×inputs, the layout of a published Linear). Every sum
 * runs over the inputs in ascending order, so that a row's result does not depend on which rows go with it.
 * @returns rows×outputs, in `out` if it is given.
 */
export function dense(
  x: Float64Array,
  rows: number,
  w: Float64Array,
  inputs: number,
  outputs: number,
  bias?: Float64Array,
  out = new Float64Array(rows * outputs),
): Float64Array {
  const wholeRows = rows - (rows % 4);
  const wholeOutputs = outputs - (outputs % 4);
  for (let j = 0; j < wholeOutputs; j += 4) {
    for (let i = 0; i < wholeRows; i += 4) tile(x, i, w, j, inputs, outputs, out);
  }
  for (let i = 0; i < rows; i++) {
    for (let j = i < wholeRows ? wholeOutputs : 0; j < outputs; j++) {
      let sum = 0;
      for (let k = 0; k < inputs; k++) sum += x[i * inputs + k]! * w[j * inputs + k]!;
      out[i * outputs + j] = sum;
    }
  }
  if (bias) {
    for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < outputs; j++, at++) out[at]! += bias[j]!;
  }
  return out;
}

/** Four rows times four outputs, held in sixteen registers. */
function tile(
  x: Float64Array,
  i: number,
  w: Float64Array,
  j: number,
  inputs: number,
  outputs: number,
  out: Float64Array,
): void {
  const [x0, x1, x2, x3] = [i * inputs, (i + 1) * inputs, (i + 2) * inputs, (i + 3) * inputs];
  const [w0, w1, w2, w3] = [j * inputs, (j + 1) * inputs, (j + 2) * inputs, (j + 3) * inputs];
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let k = 0; k < inputs; k++) {
    const a0 = x[x0 + k]!;
    const a1 = x[x1 + k]!;
    const a2 = x[x2 + k]!;
    const a3 = x[x3 + k]!;
    const b0 = w[w0 + k]!;
    const b1 = w[w1 + k]!;
    const b2 = w[w2 + k]!;
    const b3 = w[w3 + k]!;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  let at = i * outputs + j;
  out[at] = s00;
  out[at + 1] = s01;
  out[at + 2] = s02;
  out[at + 3] = s03;
  at += outputs;
  out[at] = s10;
  out[at + 1] = s11;
  out[at + 2] = s12;
  out[at + 3] = s13;
  at += outputs;
  out[at] = s20;
  out[at + 1] = s21;
  out[at + 2] = s22;
  out[at + 3] = s23;
  at += outputs;
  out[at] = s30;
  out[at + 1] = s31;
  out[at + 2] = s32;
  out[at + 3] = s33;
}

/** A rows×cols matrix turned into cols×rows. */
export function transposed(w: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(w.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = w[i * cols + j]!;
  return out;
}

/** A linear map y = W x + b with its transpose beside it. */
export interface Dense {
  inputs: number;
  outputs: number;
  /** outputs×inputs. */
  w: Float64Array;
  /** inputs×outputs. */
  wt: Float64Array;
  bias?: Float64Array;
}

/** W x (+ b) on every row. */
export function forward(d: Dense, x: Float64Array, rows: number): Float64Array {
  return dense(x, rows, d.w, d.inputs, d.outputs, d.bias);
}

/** W x on every row: without the bias, as for tangents. */
export function linear(d: Dense, x: Float64Array, rows: number): Float64Array {
  return dense(x, rows, d.w, d.inputs, d.outputs);
}

/** Wᵀ g on every row. */
export function backward(d: Dense, g: Float64Array, rows: number): Float64Array {
  return dense(g, rows, d.wt, d.outputs, d.inputs);
}
