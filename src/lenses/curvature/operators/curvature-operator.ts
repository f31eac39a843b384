import { usageError } from "../../../core/errors.ts";
import { didYouMean } from "../../../core/suggest.ts";
import type { Objective } from "../../../models/objective/contract.ts";
import type { CurvatureOperator } from "../operator.ts";
import { blockDiagonal, parameterGroups } from "./block-diagonal.ts";
import { type ExactHessianOptions, exactHessian } from "./exact-hessian.ts";
import { empiricalFisher, fisher, gaussNewton } from "./gauss-newton.ts";
import { ekfac, kfac } from "./kfac.ts";
import { lastLayer } from "./last-layer.ts";
import { lowRank } from "./low-rank.ts";
import type { OuterProductOptions } from "./outer-products.ts";

/** Curvatures by name. */
export const curvatureKinds = [
  "exact",
  "ggn",
  "fisher",
  "empirical-fisher",
  "block-diagonal",
  "kfac",
  "ekfac",
  "low-rank",
  "last-layer",
] as const;

/** Up to this many parameters one Hessian costs less than the products of a Lanczos run. */
const quickDense = 3000;

export type CurvatureKind = (typeof curvatureKinds)[number];

/** Options of all kinds; each reads its own. */
export interface CurvatureOptions extends ExactHessianOptions, OuterProductOptions {
  /** "kfac", "ekfac": how convolutions are treated. */
  positions?: "expand" | "reduce";
  /** "block-diagonal": one block a layer (default), or each weight and bias apart. */
  by?: "layer" | "block";
  /** "block-diagonal", "low-rank": of which curvature; default "exact". */
  of?: "exact" | "ggn";
  /** "low-rank": eigenpairs kept; default 50. */
  rank?: number;
  /** "last-layer": another layer than the last. */
  layer?: string;
  /** Start of iterations; default 0. */
  seed?: number;
}

/**
 * The curvature of this name for a model's training loss at these parameters. Nothing is computed before it is used.
 * @throws UserError for an unknown name, for parameters that do not fit, active dropout or batch statistics, and for a
 * matrix that would not fit the memory.
 */
export function curvatureOperator(
  kind: CurvatureKind,
  objective: Objective,
  parameters: Float64Array,
  options: CurvatureOptions = {},
): CurvatureOperator {
  const of = (matrixFree: boolean) =>
    options.of === "ggn"
      ? gaussNewton(objective, parameters, options)
      : exactHessian(objective, parameters, { ...options, matrixFree: options.matrixFree ?? matrixFree });
  switch (kind) {
    case "exact":
      return exactHessian(objective, parameters, options);
    case "ggn":
      return gaussNewton(objective, parameters, options);
    case "fisher":
      return fisher(objective, parameters, options);
    case "empirical-fisher":
      return empiricalFisher(objective, parameters, options);
    case "block-diagonal":
      return blockDiagonal(
        of(false),
        parameterGroups(objective.blocks, objective.size, options.by ?? "layer"),
        options,
      );
    case "kfac":
      return kfac(objective, parameters, options);
    case "ekfac":
      return ekfac(objective, parameters, options);
    case "low-rank":
      return lowRank(of(objective.size > quickDense), {
        ...options,
        tolerance: 1e-8,
        ridge: objective.ridge,
      });
    case "last-layer":
      return lastLayer(objective, parameters, options);
    default:
      throw usageError(
        `curvatureOperator: unknown curvature '${kind as string}'${didYouMean(kind as string, curvatureKinds)}; expected ${curvatureKinds.join(", ")}`,
      );
  }
}
