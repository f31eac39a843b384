import { breathe } from "../core/breathe.ts";
import { UserError } from "../core/errors.ts";
import { quietTask, type Task } from "../core/task.ts";
import { choleskySolve } from "../linalg/cholesky.ts";
import { choleskyLarge } from "../linalg/cholesky-large.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import { solveLowerRows } from "../linalg/solve-lower.ts";

/** A Gaussian process of mean zero conditioned on values at points. */
export interface GaussianProcess {
  /** n×d: the points that were conditioned on. */
  points: Matrix;
  /** Length ℓ of the kernel exp(−|x − x'|²/2ℓ²), in the unit of the points. */
  length: number;
  /** Variance of the noise in units of {@link amplitude}. */
  noise: number;
  /** Variance of the process, in the squared unit of the values: the one of largest marginal likelihood. */
  amplitude: number;
  /** n×n: Cholesky factor of K + noise·1, K the kernel of amplitude 1 between the points. */
  factor: Matrix;
  /** (K + noise·1)⁻¹·values, n values. */
  weights: Float64Array;
}

/**
 * Conditions a Gaussian process of mean zero, kernel s²·exp(−|x − x'|²/2ℓ²) and independent noise of variance
 * s²·noise on `values` at `points`, exactly: one Cholesky factorisation, n³/3 multiplications. The amplitude
 * s² = yᵀ(K + noise·1)⁻¹y/n maximises the marginal likelihood and sets the width of the predictions, not their mean.
 * Source: Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1 and eq. 5.8.
 * @param points n×d. @param values n values, their mean already taken off.
 * @throws UserError for no points, lengths that differ, numbers that are not finite, a length or noise that is not
 * positive, and a kernel without Cholesky factor.
 */
export async function fitGaussianProcess(
  points: Matrix,
  values: ArrayLike<number>,
  options: { length: number; noise: number; task?: Task },
): Promise<GaussianProcess> {
  const { length, noise, task = quietTask } = options;
  const n = points.rows;
  if (n === 0 || values.length !== n) {
    throw new UserError(
      `fitGaussianProcess: ${values.length} values for ${n} points; expected as many, at least one`,
    );
  }
  for (const [name, value] of [
    ["length", length],
    ["noise", noise],
  ] as const) {
    if (!(value > 0 && value < Infinity)) {
      throw new UserError(`fitGaussianProcess: ${name} ${value}; expected a positive number`);
    }
  }
  for (let i = 0; i < n; i++) {
    const at = points.data.subarray(i * points.cols, (i + 1) * points.cols);
    if (!Number.isFinite(values[i]!) || !at.every(Number.isFinite)) {
      throw new UserError(
        `fitGaussianProcess: point ${i} is (${at.join(", ")}) with value ${values[i]}; expected numbers`,
      );
    }
  }
  const kernel = gaussianKernel(points, points, length);
  for (let i = 0; i < n; i++) kernel.data[i * n + i]! += noise;
  const factor = await factorise(kernel, { length, noise }, task);
  const weights = choleskySolve(factor, values);
  let amplitude = 0;
  for (let i = 0; i < n; i++) amplitude += (values[i]! * weights[i]!) / n;
  return { points, length, noise, amplitude, factor, weights };
}

/** The mean of the process at each row of `points` (m×d): k(x)ᵀ·weights, in the unit of the values. */
export function gaussianProcessMean(process: GaussianProcess, points: Matrix): Float64Array {
  const kernel = gaussianKernel(points, process.points, process.length);
  const n = process.points.rows;
  return Float64Array.from({ length: points.rows }, (_, r) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += kernel.data[r * n + i]! * process.weights[i]!;
    return sum;
  });
}

const rowsAtOnce = 256;

/**
 * The standard deviation of a new observation at each row of `points` (m×d), noise included:
 * s·√(1 + noise − kᵀ(K + noise·1)⁻¹k), in the unit of the values. m·n²/2 multiplications.
 */
export async function gaussianProcessDeviation(
  process: GaussianProcess,
  points: Matrix,
  options: { task?: Task } = {},
): Promise<Float64Array> {
  const { task = quietTask } = options;
  const { noise, amplitude, factor } = process;
  const n = process.points.rows;
  const out = new Float64Array(points.rows);
  for (let from = 0; from < points.rows; from += rowsAtOnce) {
    await breathe(task);
    const to = Math.min(points.rows, from + rowsAtOnce);
    const part = matrix(to - from, points.cols, points.data.slice(from * points.cols, to * points.cols));
    const solved = solveLowerRows(factor, gaussianKernel(part, process.points, process.length));
    for (let r = from; r < to; r++) {
      let explained = 0;
      for (let i = 0; i < n; i++) explained += solved.data[(r - from) * n + i]! ** 2;
      out[r] = Math.sqrt(amplitude * (1 + noise - Math.min(1, explained)));
    }
    task.report(to / points.rows);
  }
  return out;
}

/** exp(−|x − y|²/2ℓ²) for each row of x (m×d) and of y (n×d): m×n. @throws UserError where d differs. */
export function gaussianKernel(x: Matrix, y: Matrix, length: number): Matrix {
  const d = x.cols;
  if (y.cols !== d) throw new UserError(`gaussianKernel: points in ${d} and in ${y.cols} dimensions`);
  const scale = -1 / (2 * length ** 2);
  const out = matrix(x.rows, y.rows);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < y.rows; j++) {
      let square = 0;
      for (let k = 0; k < d; k++) square += (x.data[i * d + k]! - y.data[j * d + k]!) ** 2;
      out.data[i * y.rows + j] = Math.exp(scale * square);
    }
  }
  return out;
}

async function factorise(
  kernel: Matrix,
  { length, noise }: { length: number; noise: number },
  task: Task,
): Promise<Matrix> {
  try {
    return await choleskyLarge(kernel, { inPlace: true, task });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(
      `fitGaussianProcess: the kernel of length ${length} with noise ${noise} is singular in double precision: raise the noise`,
      { cause },
    );
  }
}
