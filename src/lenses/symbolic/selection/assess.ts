import { UserError } from "../../../core/errors.ts";
import {
  type DescriptionLength,
  gaussianNegativeLogLikelihood,
} from "../../../expressions/description-length.ts";
import { type Evaluator, evaluator } from "../../../expressions/evaluator.ts";
import { constantsOf, type Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { variance } from "../../../stats/describe.ts";
import type { SearchProblem } from "../search/contract.ts";
import { codeLength } from "./code-length.ts";
import { isFitted } from "./refit.ts";

/**
 * Residuals below this share of the target's deviation count as this share: what is left of an exact law is rounding,
 * and rounding must not decide which formula is taken.
 */
export const resolution = 1e-8;

/** An expression with its constants, held against the data. */
export interface Assessment {
  expression: Expression;
  /** f at every row. */
  values: Float64Array;
  /** y − f. */
  residuals: Float64Array;
  /** ∂f/∂cₖ at every row, one column for each constant. */
  gradient: Float64Array[];
  /** 1/σ² of every row, errors of the columns included; undefined where no errors are stated. */
  weights: Float64Array | undefined;
  /** Constants that are fitted: those that are no whole numbers. */
  parameters: number;
  /** Σ w·r², or Σ r² without weights. */
  squares: number;
  /** Root mean square of the residuals, in the target's unit. */
  rms: number;
  /** 1 − Σ w·r²/Σ w·(y − ȳ)². */
  determination: number;
  /** σ of the likelihood: √(Σ r²/n), not below {@link resolution}; 1 (in units of the stated errors) with weights. */
  sigma: number;
  negativeLogLikelihood: number;
  /** Fisher information of each constant. */
  information: Float64Array;
  descriptionLength: DescriptionLength;
  /** 2·(−ln L̂) + p·ln n, p the constants and, where it is not stated, σ. */
  bic: number;
}

/** Assesses expressions on one problem. */
export interface Assessor {
  /** Is the expression finite at every row? */
  finite(expression: Expression): boolean;
  /** @throws UserError for an expression that is not. */
  assess(expression: Expression): Assessment;
  engine: Evaluator;
}

/**
 * A tool that assesses expressions on a problem, its columns copied once. The likelihood is Gaussian: with
 * `weights` 1/σ² those errors are believed; without, one σ for all rows is estimated. With errors in the columns a
 * row's variance is σ² + Σ (∂f/∂xᵢ·σᵢ)² (Orear, Am. J. Phys. 50 (1982) 912).
 * A constant that is exactly a whole number up to 10 is part of the form and not fitted.
 */
export function assessor(problem: SearchProblem, operators: OperatorSet = standardOperators): Assessor {
  const { columns, target, weights: given, inputErrors } = problem;
  const n = target.length;
  const inputs = columns.length > 0 ? columns : [new Float64Array(n)];
  const engine = evaluator(inputs, { operators });
  const noisy = (inputErrors ?? []).flatMap((errors, i) => (errors === undefined ? [] : [i]));
  const spread = Math.sqrt(variance(target, 0)) || 1;
  const total = weighted(target, given);

  const assess = (expression: Expression): Assessment => {
    const { values: f, gradient: g, finite } = engine.constantGradient(expression);
    if (!finite) {
      throw new UserError("assessor: the expression is not finite at every row; it cannot be assessed.");
    }
    const values = Float64Array.from(f);
    const gradient = g.map((column) => Float64Array.from(column));
    const residuals = target.map((y, i) => y - values[i]!);
    const weights =
      given !== undefined && noisy.length > 0
        ? effective(given, engine.variableGradient(expression, noisy).gradient, noisy, inputErrors!)
        : given;
    let squares = 0;
    let plain = 0;
    residuals.forEach((r, i) => {
      squares += (weights?.[i] ?? 1) * r * r;
      plain += r * r;
    });
    const floor = n * (resolution * spread) ** 2;
    const kept = weights === undefined ? Math.max(squares, floor) : squares;
    const sigma = weights === undefined ? Math.sqrt(kept / n) : 1;
    const negativeLogLikelihood =
      weights === undefined
        ? gaussianNegativeLogLikelihood(kept, n)
        : 0.5 * squares + 0.5 * weights.reduce((sum, w) => sum + Math.log((2 * Math.PI) / w), 0);
    const information = Float64Array.from(gradient, (column) => {
      let sum = 0;
      column.forEach((d, i) => {
        if (Number.isFinite(d)) sum += (weights?.[i] ?? 1) * d * d;
      });
      return sum / sigma ** 2;
    });
    const parameters = constantsOf(expression).filter(isFitted).length;
    return {
      expression,
      values,
      residuals,
      gradient,
      weights,
      parameters,
      squares,
      rms: Math.sqrt(plain / n),
      determination: clean(total > 0 ? 1 - weighted(residuals, given, 0) / total : 0),
      sigma,
      negativeLogLikelihood,
      information,
      descriptionLength: codeLength(expression, { negativeLogLikelihood, information, rows: n }),
      bic: 2 * negativeLogLikelihood + (parameters + (weights === undefined ? 1 : 0)) * Math.log(n),
    };
  };
  return { assess, finite: (expression) => engine.evaluate(expression).finite, engine };
}

/** Without the rounding about 0 that a constant leaves. */
const clean = (value: number) => (Math.abs(value) < 1e-12 ? 0 : value);

/** Σ w·(v − centre)²; centre is the weighted mean unless given. */
function weighted(values: Float64Array, weights: Float64Array | undefined, centre?: number): number {
  let sum = 0;
  let all = 0;
  values.forEach((v, i) => {
    sum += (weights?.[i] ?? 1) * v;
    all += weights?.[i] ?? 1;
  });
  const about = centre ?? sum / all;
  return values.reduce((s, v, i) => s + (weights?.[i] ?? 1) * (v - about) ** 2, 0);
}

function effective(
  weights: Float64Array,
  slopes: readonly ArrayLike<number>[],
  noisy: readonly number[],
  errors: readonly (Float64Array | undefined)[],
): Float64Array {
  return weights.map((w, i) => {
    let sum = 1 / w;
    noisy.forEach((column, k) => {
      sum += (slopes[k]![i]! * errors[column]![i]!) ** 2;
    });
    return 1 / sum;
  });
}
