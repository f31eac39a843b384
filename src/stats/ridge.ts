import { UserError } from "../core/errors.ts";
import { cholesky, choleskySolve } from "../linalg/cholesky.ts";
import { gramOfColumns } from "../linalg/gram.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import { solveLowerRows } from "../linalg/solve-lower.ts";

/** What a ridge regression needs of its data; the same for every strength. */
export interface NormalEquations {
  /** XᵀX, p×p. */
  gram: Matrix;
  /** Xᵀy, p values. */
  moments: Float64Array;
  /** yᵀy */
  square: number;
  rows: number;
}

/** A ridge regression. */
export interface RidgeFit {
  coefficients: Float64Array;
  /** Cholesky factor of XᵀX + diag(penalties). */
  factor: Matrix;
  /** Noise variance yᵀ(y − Xc)/(n − free), free the number of columns without penalty: a marginal-likelihood estimate. */
  variance: number;
}

/** XᵀX and Xᵀy of a design (n×p) and n values. @throws UserError for another number of values. */
export function normalEquations(design: Matrix, y: ArrayLike<number>): NormalEquations {
  const { rows, cols, data } = design;
  if (y.length !== rows) throw new UserError(`normalEquations: ${y.length} values for ${rows} rows`);
  const moments = new Float64Array(cols);
  let square = 0;
  for (let i = 0; i < rows; i++) {
    square += y[i]! ** 2;
    for (let j = 0; j < cols; j++) moments[j]! += data[i * cols + j]! * y[i]!;
  }
  return { gram: gramOfColumns(design), moments, square, rows };
}

/**
 * The coefficients c that minimise Σ (yᵢ − Σⱼ Xᵢⱼcⱼ)² + Σⱼ penaltyⱼ cⱼ². A penalty of 0 leaves a coefficient free; such
 * columns should be close to orthonormal, for the normal equations square their condition number. It is the Bayesian
 * estimate with independent normal coefficients of variance s²/penalty, which is where the uncertainty comes from.
 * Source: Hoerl & Kennard, Technometrics 12 (1970) 55; Rasmussen & Williams (2006), section 2.1.
 * @throws UserError for a penalty that is not a number of at least 0 and for free columns that depend on each other.
 */
export function fitRidge(equations: NormalEquations, penalties: ArrayLike<number>): RidgeFit {
  const { gram, moments, square, rows } = equations;
  const p = gram.cols;
  if (penalties.length !== p) throw new UserError(`fitRidge: ${penalties.length} penalties for ${p} columns`);
  const system = matrix(p, p, gram.data.slice());
  let free = 0;
  for (let j = 0; j < p; j++) {
    const penalty = penalties[j]!;
    if (!(penalty >= 0 && penalty < Infinity)) {
      throw new UserError(`fitRidge: penalty ${penalty} of column ${j}; expected a number of at least 0`);
    }
    if (penalty === 0) free++;
    system.data[j * p + j]! += penalty;
  }
  if (rows <= free)
    throw new UserError(`fitRidge: ${rows} rows for ${free} free coefficients; expected more rows`);
  const factor = factorise(system);
  const coefficients = choleskySolve(factor, moments);
  let fitted = 0;
  for (let j = 0; j < p; j++) fitted += moments[j]! * coefficients[j]!;
  return { coefficients, factor, variance: Math.max(0, square - fitted) / (rows - free) };
}

/** The fit's values Xc at the rows of a design (m×p). */
export function ridgeMean({ coefficients }: RidgeFit, design: Matrix): Float64Array {
  const p = design.cols;
  if (p !== coefficients.length)
    throw new UserError(`ridgeMean: ${p} columns for ${coefficients.length} coefficients`);
  return Float64Array.from({ length: design.rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += design.data[i * p + j]! * coefficients[j]!;
    return sum;
  });
}

/** The standard deviation of a new value at the rows x of a design, s√(1 + xᵀ(XᵀX + diag(penalties))⁻¹x). */
export function ridgeDeviation({ factor, variance }: RidgeFit, design: Matrix): Float64Array {
  const solved = solveLowerRows(factor, design);
  const p = design.cols;
  return Float64Array.from({ length: design.rows }, (_, i) => {
    let spread = 1;
    for (let j = 0; j < p; j++) spread += solved.data[i * p + j]! ** 2;
    return Math.sqrt(variance * spread);
  });
}

function factorise(system: Matrix): Matrix {
  try {
    return cholesky(system);
  } catch (cause) {
    throw new UserError("fitRidge: columns depend on each other; give them a penalty or leave one out", {
      cause,
    });
  }
}
