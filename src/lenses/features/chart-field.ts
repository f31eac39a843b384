import type { Random } from "../../core/random.ts";
import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { matmul } from "../../linalg/matmul.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { variance } from "../../stats/describe.ts";

/** Points with whole-number coordinates. */
export interface Lattice {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/**
 * How far a field on a lattice stays similar to itself, in steps: the lag at which 1 − ½⟨(Tᵢ − Tⱼ)²⟩/variance, the
 * autocorrelation read off the variogram and averaged over the two axes, falls to e^(−1/2), linearly between whole
 * lags. White noise has 0.4; a Gaussian field with covariance exp(−d²/2ℓ²) on a chart much larger than ℓ has ℓ. Only
 * pairs that are both on the chart count; where along either axis fewer than a fiftieth of the points still have a
 * partner, the fall is continued as that of a Gaussian covariance, so that a trend across the whole chart can have a
 * length beyond it.
 */
export function fieldLength({ x, y }: Lattice, values: ArrayLike<number>): number {
  const n = values.length;
  const at = new Map<number, number>();
  const key = (px: number, py: number) => px * 100_003 + py;
  for (let i = 0; i < n; i++) at.set(key(x[i]!, y[i]!), i);
  const spread = variance(values, 0);
  const level = Math.exp(-0.5);
  const similarity = (dx: number, dy: number) => {
    let square = 0;
    let pairs = 0;
    for (let i = 0; i < n; i++) {
      const j = at.get(key(x[i]! + dx, y[i]! + dy));
      if (j === undefined) continue;
      square += (values[i]! - values[j]!) ** 2;
      pairs++;
    }
    return pairs < Math.max(2, n / 50) ? undefined : 1 - square / pairs / 2 / spread;
  };
  let before = 1;
  for (let lag = 1; ; lag++) {
    const along = similarity(lag, 0);
    const across = similarity(0, lag);
    if (along === undefined || across === undefined) {
      // Before the first lag there is nothing to go on: isolated points are independent.
      return lag === 1 ? 0 : (lag - 1) / Math.sqrt(-2 * Math.log(Math.min(before, 1 - 1e-9)));
    }
    const here = (along + across) / 2;
    if (here <= level) return lag - 1 + (before - level) / (before - here);
    before = here;
  }
}

/**
 * Σ_k x[from_i + k]·y[to_i + k] over `length` terms for each i, each sum in order; four at a time, which the processor
 * adds side by side.
 */
export function dotsOfRows(
  x: Float64Array,
  y: Float64Array,
  { from, to }: { from: Int32Array; to: Int32Array },
  length: number,
): Float64Array {
  const count = from.length;
  const out = new Float64Array(count);
  for (let i = 0; i < count; i += 4) {
    // Past the end the last pair is summed again.
    const second = Math.min(i + 1, count - 1);
    const third = Math.min(i + 2, count - 1);
    const fourth = Math.min(i + 3, count - 1);
    const a = from[i]!;
    const b = from[second]!;
    const c = from[third]!;
    const d = from[fourth]!;
    const p = to[i]!;
    const q = to[second]!;
    const r = to[third]!;
    const s = to[fourth]!;
    let sa = 0;
    let sb = 0;
    let sc = 0;
    let sd = 0;
    for (let k = 0; k < length; k++) {
      sa += x[a + k]! * y[p + k]!;
      sb += x[b + k]! * y[q + k]!;
      sc += x[c + k]! * y[r + k]!;
      sd += x[d + k]! * y[s + k]!;
    }
    out[i] = sa;
    out[second] = sb;
    out[third] = sc;
    out[fourth] = sd;
  }
  return out;
}

/** Draws one field, a value a point. */
export type FieldModel = (random: Random) => Float64Array;

/**
 * Gaussian random fields on the points of a lattice: mean zero, variance one, covariance exp(−|d|²/2ℓ²), `length` ℓ in
 * steps. The covariance is a product over the axes: each axis keeps the eigenvectors that hold all but 1e-6 of it, so
 * that smooth fields need few normals. Below half a step neighbours are uncorrelated (less than 0.14): white noise.
 */
export function chartField({ x, y }: Lattice, length: number): FieldModel {
  const n = x.length;
  if (length < 0.5) return (random) => Float64Array.from({ length: n }, () => random.normal());
  const [ax, ay] = [axis(x, length), axis(y, length)];
  const [rx, ry] = [ax.cols, ay.cols];
  const [x0, y0] = [least(x), least(y)];
  const normals = matrix(ry, rx);
  const places = {
    from: Int32Array.from(y, (line) => (line - y0) * rx),
    to: Int32Array.from(x, (place) => (place - x0) * rx),
  };
  return (random) => {
    for (let k = 0; k < normals.data.length; k++) normals.data[k] = random.normal();
    return dotsOfRows(matmul(ay, normals).data, ax.data, places, rx);
  };
}

/** K^(1/2) of the Gaussian kernel over the coordinates from least to greatest, one column an eigenvector kept. */
function axis(values: ArrayLike<number>, length: number): Matrix {
  const from = least(values);
  const count = Array.prototype.reduce.call(
    values,
    (most, v) => Math.max(most as number, v as number),
    from,
  ) as number;
  const size = count - from + 1;
  const kernel = matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++)
      kernel.data[i * size + j] = Math.exp(-((i - j) ** 2) / (2 * length * length));
  }
  const { values: spectrum, vectors } = eigenSymmetric(kernel);
  const kept = spectrum.findLastIndex((value) => value > 1e-6 * spectrum[0]!) + 1;
  const out = matrix(size, kept);
  for (let a = 0; a < kept; a++) {
    const root = Math.sqrt(spectrum[a]!);
    for (let i = 0; i < size; i++) out.data[i * kept + a] = root * vectors.data[a * size + i]!;
  }
  return out;
}

function least(values: ArrayLike<number>): number {
  return Array.prototype.reduce.call(
    values,
    (low, v) => Math.min(low as number, v as number),
    Infinity,
  ) as number;
}
