import { matmul } from "../linalg/matmul.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";

/**
 * Are these values drawn uniformly from [0, 1]? The one-sample Kolmogorov–Smirnov test, two-sided:
 * D = max |empirical − uniform distribution function| and the probability of at least that D.
 * @throws RangeError for no values and for a value outside [0, 1].
 */
export function kolmogorovSmirnovUniform(values: ArrayLike<number>): { d: number; p: number } {
  const n = values.length;
  if (n === 0) throw new RangeError("kolmogorovSmirnovUniform: no values");
  const sorted = Float64Array.from(values).sort();
  let d = 0;
  for (let i = 0; i < n; i++) {
    const value = sorted[i]!;
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`kolmogorovSmirnovUniform: a value is ${value}; expected 0 to 1`);
    }
    d = Math.max(d, (i + 1) / n - value, value - i / n);
  }
  return { d, p: kolmogorovSmirnovTail(n, d) };
}

/**
 * The probability that the Kolmogorov–Smirnov distance of `n` independent values from their own distribution reaches
 * `d`: exact by Durbin's matrix power as Marsaglia, Tsang & Wang arrange it (J. Stat. Softw. 8(18) (2003)), and in
 * their right tail (n·d² > 7.24, or above 3.76 with n > 99) by their approximation, whose error in 1 − p
 * is below 1e-6 there.
 */
export function kolmogorovSmirnovTail(n: number, d: number): number {
  const s = n * d * d;
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  if (s > 7.24 || (s > 3.76 && n > 99)) {
    return Math.min(1, 2 * Math.exp(-(2.000071 + 0.331 / Math.sqrt(n) + 1.409 / n) * s));
  }
  const k = Math.floor(n * d) + 1;
  const power = matrixPower(durbin(k, k - n * d), n);
  const size = 2 * k - 1;
  let value = power.matrix.data[(k - 1) * size + k - 1]!;
  let exponent = power.exponent;
  for (let i = 1; i <= n; i++) {
    value *= i / n;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 140;
    }
  }
  return Math.min(1, Math.max(0, 1 - value * 10 ** exponent));
}

/** The (2k−1)×(2k−1) matrix H of the paper, h = k − n·d. */
function durbin(k: number, h: number): Matrix {
  const m = 2 * k - 1;
  const out = matrix(m, m);
  const at = (i: number, j: number) => i * m + j;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) out.data[at(i, j)] = i - j + 1 < 0 ? 0 : 1;
  }
  for (let i = 0; i < m; i++) {
    out.data[at(i, 0)]! -= h ** (i + 1);
    out.data[at(m - 1, i)]! -= h ** (m - i);
  }
  out.data[at(m - 1, 0)]! += 2 * h - 1 > 0 ? (2 * h - 1) ** m : 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      for (let g = 1; g <= i - j + 1; g++) out.data[at(i, j)]! /= g;
    }
  }
  return out;
}

/** aⁿ as `matrix`·10^`exponent`, by squaring. */
function matrixPower(a: Matrix, n: number): { matrix: Matrix; exponent: number } {
  if (n === 1) return { matrix: a, exponent: 0 };
  const half = matrixPower(a, Math.floor(n / 2));
  let product = matmul(half.matrix, half.matrix);
  if (n % 2 === 1) product = matmul(a, product);
  let exponent = 2 * half.exponent;
  const middle = product.data[((a.rows - 1) / 2) * (a.rows + 1)]!;
  if (middle > 1e140) {
    product = matrix(
      a.rows,
      a.rows,
      product.data.map((x) => x * 1e-140),
    );
    exponent += 140;
  }
  return { matrix: product, exponent };
}
