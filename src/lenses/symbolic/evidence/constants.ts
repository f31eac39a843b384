import { UserError } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import { constantsOf } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { type LeastSquares, leastSquares } from "../../../stats/least-squares.ts";
import { quantile } from "../../../stats/quantile.ts";
import { studentHalfWidth } from "../../../stats/student-t.ts";
import type { SearchProblem } from "../search/contract.ts";
import type { Assessment } from "../selection/assess.ts";
import { isFitted, refitter } from "../selection/refit.ts";
import { recognise } from "./recognise.ts";

/** One fitted constant (whole numbers are part of the form) and how far it can be trusted. */
export interface FittedConstant {
  value: number;
  /** One standard deviation from the Fisher information. */
  standardError: number;
  /** Estimate ± t·standard error. */
  fisher: { low: number; high: number };
  /** Percentiles of refits on resampled rows; undefined where none were made. */
  bootstrap: { low: number; high: number } | undefined;
  /** 0 lies within the Fisher interval: the data do not need this constant. */
  nearZero: boolean;
  /** A simple number within the Fisher interval ("1/2", "π"), if there is one and the interval is narrow enough. */
  recognised: string | undefined;
}

export interface ConstantIntervals {
  constants: FittedConstant[];
  level: number;
  /** Resamples of the rows whose fit stands behind the bootstrap intervals; 0 without them. */
  resamples: number;
  /** Covariance of the constants (Fisher); undefined without intervals or constants. */
  covariance: Matrix | undefined;
  /** Why there are no intervals: too few rows, or constants that stand for each other. */
  without: string | undefined;
}

/**
 * Confidence intervals of an expression's constants at the given structure. Fisher: estimate ± t·√(diagonal of the
 * covariance), the covariance being (JᵀWJ)⁻¹ with stated errors and s²(JᵀJ)⁻¹, s² = Σr²/(n − p), without; J the
 * derivatives by the constants, t Student's with n − p degrees of freedom (normal with stated errors). Bootstrap: the
 * constants fitted to `rounds` resamples of the rows, percentiles (Efron 1979); a resample whose fit fails is
 * drawn again. Both take the structure, and whole numbers in it, as given: that it was searched for makes the true uncertainty
 * larger.
 */
export function constantIntervals(
  assessment: Assessment,
  problem: SearchProblem,
  options: { level?: number; rounds?: number; random: Random; operators?: OperatorSet },
): ConstantIntervals {
  const { level = 0.95, rounds = 199, random, operators = standardOperators } = options;
  const { expression, gradient, residuals, weights } = assessment;
  const places = constantsOf(expression).flatMap((value, k) => (isFitted(value) ? [{ value, k }] : []));
  const values = places.map(({ value }) => value);
  const [n, p] = [problem.target.length, values.length];
  if (p === 0) return { constants: [], level, resamples: 0, covariance: undefined, without: undefined };
  if (n <= p) return none(`${n} rows for ${p} constants`);
  const design = matrix(n, p);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < p; k++) design.data[i * p + k] = gradient[places[k]!.k]![i]!;
  let fit: LeastSquares;
  try {
    fit = leastSquares(design, residuals, {
      ...(weights === undefined ? {} : { weights, errors: "weights" as const }),
      names: values.map((_, k) => `constant ${k + 1}`),
    });
  } catch (error) {
    if (error instanceof UserError) return none(error.message.replace(/^leastSquares: /, ""));
    throw error;
  }
  const t = weights === undefined ? studentHalfWidth(level, n - p) : studentHalfWidth(level, 1e7);
  const samples = rounds > 0 ? bootstrap() : undefined;
  const tail = (1 - level) / 2;
  return {
    level,
    resamples: samples?.length ?? 0,
    covariance: fit.covariance,
    without: undefined,
    constants: values.map((value, k): FittedConstant => {
      const width = t * fit.standardErrors[k]!;
      const fisher = { low: value - width, high: value + width };
      const drawn = samples?.map((sample) => sample[k]!);
      return {
        value,
        standardError: fit.standardErrors[k]!,
        fisher,
        bootstrap: drawn && { low: quantile(drawn, tail), high: quantile(drawn, 1 - tail) },
        nearZero: fisher.low <= 0 && fisher.high >= 0,
        recognised: recognise(value, fisher),
      };
    }),
  };

  function none(why: string): ConstantIntervals {
    return { constants: [], level, resamples: 0, covariance: undefined, without: why };
  }

  function bootstrap(): Float64Array[] | undefined {
    const refit = refitter(problem, operators);
    const kept: Float64Array[] = [];
    for (let tried = 0; tried < 3 * rounds && kept.length < rounds; tried++) {
      const counts = new Float64Array(n);
      for (let i = 0; i < n; i++) counts[random.int(n)]!++;
      if (counts.filter((count) => count > 0).length <= p) continue;
      if (weights !== undefined) for (let i = 0; i < n; i++) counts[i]! *= weights[i]!;
      const made = refit(expression, counts);
      if (made === undefined) continue;
      const all = constantsOf(made);
      kept.push(Float64Array.from(places, ({ k }) => all[k]!));
    }
    return kept.length < rounds / 2 ? undefined : kept;
  }
}

/** One standard deviation of f at every row, √(g·C·g), from the uncertainty of its constants. */
export function predictionErrors(
  { expression, gradient: all, values }: Assessment,
  covariance: Matrix | undefined,
): Float64Array | undefined {
  if (covariance === undefined) return undefined;
  const p = covariance.rows;
  const fitted = constantsOf(expression).map(isFitted);
  const gradient = all.filter((_, k) => fitted[k]);
  return values.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < p; k++) {
      for (let l = 0; l < p; l++) sum += gradient[k]![i]! * covariance.data[k * p + l]! * gradient[l]![i]!;
    }
    return Math.sqrt(Math.max(0, sum));
  });
}
