import { product } from "../../../linalg/products.ts";
import type { Objective } from "../../../models/objective/contract.ts";
import type { CurvatureOperator } from "../operator.ts";
import { requireObjective } from "./batches.ts";
import { type IterativeOptions, iterativeSolver } from "./iterative-solver.ts";
import { lazy } from "./lazy.ts";
import { type MatrixSolverOptions, matrixSolver, requireWidth } from "./matrix-operator.ts";
import { defaultMemoryLimit, denseBytes, requireMemory } from "./memory.ts";

export interface ExactHessianOptions extends MatrixSolverOptions {
  /** Never form the matrix for products and solutions. */
  matrixFree?: boolean;
  iterative?: IterativeOptions;
  /** Bytes a dense matrix and its factor may take; default half of the machine's memory. */
  memoryLimit?: number;
}

/**
 * The exact Hessian ∇²R(θ), ridge included: formed once when first needed and factored for solutions, or matrix-free
 * by Hessian–vector products with conjugate gradients or MINRES.
 * @throws UserError where the matrix would not fit, with the estimate, offering the matrix-free way.
 */
export function exactHessian(
  objective: Objective,
  parameters: Float64Array,
  options: ExactHessianOptions = {},
): CurvatureOperator {
  const { matrixFree = false, memoryLimit = defaultMemoryLimit() } = options;
  const name = matrixFree ? "exact Hessian, matrix-free" : "exact Hessian";
  const d = objective.size;
  requireObjective(name, objective, parameters);
  const requireDense = (copies: number) =>
    requireMemory({
      what: `exact Hessian of ${d} parameters: a dense ${d}×${d} matrix${copies > 1 ? " and its factor" : ""}`,
      bytes: denseBytes(d, copies),
      limit: memoryLimit,
      instead: "use the matrix-free Hessian (matrixFree), KFAC, a low rank or the last layer",
    });
  if (!matrixFree) requireDense(2);
  const dense = lazy(() => {
    requireDense(1);
    return objective.hessian(parameters);
  });
  const operator: CurvatureOperator = {
    name,
    size: d,
    semidefinite: false,
    multiply: async (vectors) => {
      requireWidth(name, vectors, d);
      return matrixFree ? objective.hessianProducts(parameters, vectors) : product(vectors, await dense());
    },
    dense,
    solver: async ({ damping, task }) => {
      const withTask = task ? { task } : {};
      return matrixFree
        ? iterativeSolver(operator, { ...options.iterative, damping, ...withTask })
        : matrixSolver(await dense(), { ...options, name, damping, ...withTask });
    },
  };
  return operator;
}
