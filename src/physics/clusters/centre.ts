/** The coordinates with their mean moved to the origin, as a copy. 3N numbers, atom after atom. */
export function centred(x: Float64Array): Float64Array {
  const atoms = x.length / 3;
  const out = x.slice();
  for (let c = 0; c < 3; c++) {
    let mean = 0;
    for (let i = c; i < x.length; i += 3) mean += x[i]!;
    mean /= atoms;
    for (let i = c; i < x.length; i += 3) out[i]! -= mean;
  }
  return out;
}

/** √Σ (x − y)². */
export function distanceBetween(x: Float64Array, y: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i]! - y[i]!) ** 2;
  return Math.sqrt(squares);
}

/** R·x for every atom, R row-major 3 × 3. */
export function rotated(x: Float64Array, r: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      out[i + c] = r[3 * c]! * x[i]! + r[3 * c + 1]! * x[i + 1]! + r[3 * c + 2]! * x[i + 2]!;
    }
  }
  return out;
}

/** The atoms of x in another order: atom k of the result is atom order[k]. */
export function reordered(x: Float64Array, order: Int32Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let k = 0; k < order.length; k++) out.set(x.subarray(3 * order[k]!, 3 * order[k]! + 3), 3 * k);
  return out;
}
