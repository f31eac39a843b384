/** Rows of numbers inside an array: where each begins, and the coefficient of its outer product. */
export interface WeightedRows {
  data: Float64Array;
  offsets: Int32Array;
  weights: Float64Array;
  count: number;
}

/** Rows that {@link WeightedRows} must have room for beyond `count`. */
export const spareRows = 8;

/**
 * Lower triangle of h += Σ_u weight_u·row_u·row_uᵀ over `length` values a row, eight rows at a time so that h is read
 * and written once for eight products; `rows` needs room for eight more, which are filled with weight 0. Rows of the sum before `from` are left out. Element (i, j)
 * of the sum goes to h[place(i)·size + place(j)], where place(i) = i for i < split and i + shift from there, but for
 * the last, which goes to `last`: the values from `split` on belong to one unit of a layer whose other units lie
 * between.
 */
export function addOuterProducts(
  h: Float64Array,
  size: number,
  rows: WeightedRows,
  places: { length: number; split: number; shift: number; last: number; from?: number },
): void {
  const { count, offsets, weights } = rows;
  if (count === 0) return;
  const { length, split, shift, last, from = 0 } = places;
  offsets.fill(offsets[0]!, count, count + spareRows);
  weights.fill(0, count, count + spareRows);
  const final = length - 1;
  for (let i = from; i < length; i++) {
    const row = (i === final ? last : i < split ? i : i + shift) * size;
    const first = Math.min(i + 1, split);
    const own = Math.min(i + 1, final);
    for (let u = 0; u < count; ) {
      const add = count - u > 4 ? addEight : addFour;
      add(h, row, rows, u, i, 0, first);
      if (own > split) add(h, row + shift, rows, u, i, split, own);
      if (i === final) add(h, row + last - final, rows, u, i, final, length);
      u += count - u > 4 ? 8 : 4;
    }
  }
}

function addEight(
  h: Float64Array,
  row: number,
  { data, offsets, weights }: WeightedRows,
  u: number,
  i: number,
  from: number,
  to: number,
): void {
  const r0 = offsets[u]!;
  const r1 = offsets[u + 1]!;
  const r2 = offsets[u + 2]!;
  const r3 = offsets[u + 3]!;
  const r4 = offsets[u + 4]!;
  const r5 = offsets[u + 5]!;
  const r6 = offsets[u + 6]!;
  const r7 = offsets[u + 7]!;
  const a0 = weights[u]! * data[r0 + i]!;
  const a1 = weights[u + 1]! * data[r1 + i]!;
  const a2 = weights[u + 2]! * data[r2 + i]!;
  const a3 = weights[u + 3]! * data[r3 + i]!;
  const a4 = weights[u + 4]! * data[r4 + i]!;
  const a5 = weights[u + 5]! * data[r5 + i]!;
  const a6 = weights[u + 6]! * data[r6 + i]!;
  const a7 = weights[u + 7]! * data[r7 + i]!;
  for (let j = from; j < to; j++) {
    h[row + j]! +=
      a0 * data[r0 + j]! +
      a1 * data[r1 + j]! +
      a2 * data[r2 + j]! +
      a3 * data[r3 + j]! +
      (a4 * data[r4 + j]! + a5 * data[r5 + j]! + a6 * data[r6 + j]! + a7 * data[r7 + j]!);
  }
}

function addFour(
  h: Float64Array,
  row: number,
  { data, offsets, weights }: WeightedRows,
  u: number,
  i: number,
  from: number,
  to: number,
): void {
  const r0 = offsets[u]!;
  const r1 = offsets[u + 1]!;
  const r2 = offsets[u + 2]!;
  const r3 = offsets[u + 3]!;
  const a0 = weights[u]! * data[r0 + i]!;
  const a1 = weights[u + 1]! * data[r1 + i]!;
  const a2 = weights[u + 2]! * data[r2 + i]!;
  const a3 = weights[u + 3]! * data[r3 + i]!;
  for (let j = from; j < to; j++) {
    h[row + j]! += a0 * data[r0 + j]! + a1 * data[r1 + j]! + a2 * data[r2 + j]! + a3 * data[r3 + j]!;
  }
}
