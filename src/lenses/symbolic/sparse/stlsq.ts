import { UserError } from "../../../core/errors.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { solveActive } from "./normal.ts";

export interface ThresholdOptions {
  /** Coefficients smaller than this are set to zero. Default 0.1. */
  threshold?: number;
  /** Ridge, in units of the columns' squared lengths. Default 0. */
  ridge?: number;
  /** Most rounds of thresholding. Default 20. */
  iterations?: number;
}

/**
 * Sequentially thresholded least squares: solve, set coefficients below the threshold to zero, solve for the rest, until
 * nothing changes. Source: Brunton, Proctor & Kutz, PNAS 113, 3932 (2016).
 * @param gram ΘᵀΘ, p × p. @param right Θᵀẋ. @returns p coefficients, most of them 0.
 * @throws UserError for a negative threshold and terms that depend on each other.
 */
export function thresholdedLeastSquares(
  gram: Matrix,
  right: Float64Array,
  options: ThresholdOptions = {},
): Float64Array {
  const { threshold = 0.1, ridge = 0, iterations = 20 } = options;
  if (!(threshold >= 0)) {
    throw new UserError(`sparse regression: a threshold of ${threshold}; expected a number from 0`);
  }
  let active = Array.from({ length: gram.cols }, (_, j) => j);
  for (let round = 0; round < iterations; round++) {
    const coefficients = solveActive(gram, right, active, ridge);
    const kept = active.filter((j) => Math.abs(coefficients[j]!) >= threshold);
    if (kept.length === active.length) return coefficients;
    active = kept;
  }
  return solveActive(gram, right, active, ridge);
}
