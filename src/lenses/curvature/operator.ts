import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";

/** A d × d symmetric curvature B of the training loss (ridge included) under one interface, whatever stores it. */
export interface CurvatureOperator {
  /** "exact Hessian", "generalised Gauss–Newton", "KFAC" … */
  name: string;
  size: number;
  /** Is it positive semi-definite by construction? */
  semidefinite: boolean;
  /** B·v for every row v of `vectors` (k × d). */
  multiply(vectors: Matrix): Promise<Matrix>;
  /** B as a matrix. @throws UserError with the memory it would need where that is too much. */
  dense(): Promise<Matrix>;
  /** Solves with B + damping·I; factored once, used for many right-hand sides. */
  solver(options: { damping: number; task?: Task }): Promise<CurvatureSolver>;
}

/** (B + damping·I)⁻¹ applied to rows. */
export interface CurvatureSolver {
  method:
    | "cholesky"
    | "ldl"
    | "pseudo-inverse"
    | "conjugate gradients"
    | "minres"
    | "kronecker"
    | "woodbury"
    | "low rank";
  damping: number;
  /** How many eigenvalues of B + damping·I are negative, where the method tells: 0 by Cholesky, LDLᵀ by its inertia. */
  negative?: number;
  /** One solution a row of `right` (k × d). @throws UserError where an iteration does not converge, with its residual. */
  solve(right: Matrix): Promise<Matrix>;
  /** What the reader must know: negative pivots, truncated space. */
  warnings: readonly string[];
}
