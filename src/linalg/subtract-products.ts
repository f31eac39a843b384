import { dotAt } from "./gram.ts";

/** A part of a row-major array: the values and the length of a row in them. */
export interface RowMajor {
  data: Float64Array;
  cols: number;
}

/** Entries from `from` up to, not including, `to`. */
export interface Range {
  from: number;
  to: number;
}

const depth = 256;

/**
 * C_ij −= Σ_k A_ik·B_jk for the rows i and columns j of C and the given k, in tiles of two by four whose sums stay in
 * registers, k in pieces that stay in cache. A and B may be C itself where they do not overlap the entries written.
 */
export function subtractProducts(
  c: RowMajor,
  a: RowMajor,
  b: RowMajor,
  ranges: { rows: Range; cols: Range; inner: Range },
): void {
  const { rows, cols, inner } = ranges;
  const lastRow = rows.from + 2 * Math.floor((rows.to - rows.from) / 2);
  const lastCol = cols.from + 4 * Math.floor((cols.to - cols.from) / 4);
  for (let k = inner.from; k < inner.to; k += depth) {
    const length = Math.min(depth, inner.to - k);
    for (let i = rows.from; i < lastRow; i += 2) {
      for (let j = cols.from; j < lastCol; j += 4) subtractTile(c, a, b, i, j, k, length);
    }
    for (let i = rows.from; i < rows.to; i++) {
      for (let j = i < lastRow ? lastCol : cols.from; j < cols.to; j++) {
        c.data[i * c.cols + j]! -= dotAt(a.data, i * a.cols + k, b.data, j * b.cols + k, length);
      }
    }
  }
}

function subtractTile(
  c: RowMajor,
  a: RowMajor,
  b: RowMajor,
  i: number,
  j: number,
  k: number,
  length: number,
): void {
  const [x, y, out] = [a.data, b.data, c.data];
  let a0 = i * a.cols + k;
  let a1 = a0 + a.cols;
  let b0 = j * b.cols + k;
  let b1 = b0 + b.cols;
  let b2 = b1 + b.cols;
  let b3 = b2 + b.cols;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (const end = a0 + length; a0 < end; ) {
    const x0 = x[a0++]!;
    const x1 = x[a1++]!;
    const y0 = y[b0++]!;
    const y1 = y[b1++]!;
    const y2 = y[b2++]!;
    const y3 = y[b3++]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  const first = i * c.cols + j;
  out[first]! -= s00;
  out[first + 1]! -= s01;
  out[first + 2]! -= s02;
  out[first + 3]! -= s03;
  const second = first + c.cols;
  out[second]! -= s10;
  out[second + 1]! -= s11;
  out[second + 2]! -= s12;
  out[second + 3]! -= s13;
}
