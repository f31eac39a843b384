import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { lanczos } from "../../../linalg/lanczos.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import type { SymmetricOperator } from "../../../linalg/symmetric-operator.ts";
import { conjugateGradients } from "../../../optim/conjugate-gradients.ts";
import { minres } from "../../../optim/minres.ts";
import type { CurvatureOperator, CurvatureSolver } from "../operator.ts";
import { requireDamping, requireWidth } from "./matrix-operator.ts";

export interface IterativeOptions {
  /** Relative residual; default 1e-8. */
  tolerance?: number;
  /** Products per right-hand side; default 10·d, at most 5000. */
  maxIterations?: number;
  /** Default "auto": conjugate gradients where the smallest eigenvalue (by Lanczos) and the damping are positive together. */
  method?: "auto" | "conjugate gradients" | "minres";
  /**
   * A cheaper positive definite curvature whose solutions, with the same damping, precondition conjugate gradients:
   * KFAC, EK-FAC, a block-diagonal. MINRES runs without it.
   */
  preconditioner?: CurvatureOperator;
  /** Of the Lanczos start; default 0. */
  seed?: number;
}

/**
 * Solves with B + damping·1 by its products alone.
 * @param options.floor what the smallest eigenvalue of B is known to be at least (the ridge of a semi-definite one).
 */
export async function iterativeSolver(
  b: SymmetricOperator & { name: string },
  options: IterativeOptions & { damping: number; floor?: number; task?: Task },
): Promise<CurvatureSolver> {
  const { damping, floor, tolerance = 1e-8, seed = 0, task } = options;
  requireDamping(b.name, damping);
  const maxIterations = options.maxIterations ?? Math.max(50, Math.min(5000, 10 * b.size));
  const warnings: string[] = [];
  let method = options.method ?? "auto";
  if (method === "auto") {
    const smallest =
      floor !== undefined && floor + damping > 0 ? floor : await boundSmallest(b, damping, seed, task);
    method = smallest + damping > 0 ? "conjugate gradients" : "minres";
    if (method === "minres") {
      warnings.push(
        `${b.name} with damping ${damping} is not positive definite (smallest eigenvalue ${(smallest + damping).toPrecision(4)}): solved by MINRES; damping above ${Math.abs(smallest).toPrecision(4)}, or the Gauss–Newton matrix, avoids that`,
      );
    }
  }
  const shifted: SymmetricOperator = {
    size: b.size,
    async multiply(vectors) {
      const image = await b.multiply(vectors);
      const out = matrix(image.rows, image.cols, image.data.slice());
      for (let k = 0; k < out.data.length; k++) out.data[k]! += damping * vectors.data[k]!;
      return out;
    },
  };
  const chosen = method;
  const inner =
    chosen === "minres"
      ? undefined
      : await options.preconditioner?.solver({ damping, ...(task ? { task } : {}) });
  return {
    method: chosen,
    damping,
    warnings,
    async solve(right: Matrix) {
      requireWidth(b.name, right, b.size);
      const given = { tolerance, maxIterations, ...(task ? { task } : {}) };
      const found =
        chosen === "minres"
          ? await minres(shifted, right, given)
          : await conjugateGradients(shifted, right, {
              ...given,
              ...(inner ? { preconditioner: (rows: Matrix) => inner.solve(rows) } : {}),
            });
      for (const [i, how] of found.ended.entries()) {
        if (how === "converged" || found.residuals[i]! <= 10 * tolerance) continue;
        const what =
          how === "negative curvature"
            ? `met negative curvature: with damping ${damping} it is not positive definite; use more damping, MINRES or the Gauss–Newton matrix`
            : `right-hand side ${i} stands at a relative residual of ${found.residuals[i]!.toExponential(1)} after ${found.iterations[i]} products (${how}), expected ${tolerance}; use more damping, a larger tolerance or maxIterations`;
        throw new UserError(`${b.name}, ${chosen}: ${what}`);
      }
      return found.solution;
    },
  };
}

/**
 * The smallest eigenvalue of B, or what it is at least: no more exactly than it takes to know whether B + damping·1 is
 * positive definite.
 */
async function boundSmallest(
  b: SymmetricOperator,
  damping: number,
  seed: number,
  task: Task | undefined,
): Promise<number> {
  let bound = Number.NaN;
  for (const tolerance of [1e-2, 1e-4, 1e-6]) {
    const found = await lanczos(b, {
      count: 1,
      which: "bottom",
      random: random(seed, "smallest eigenvalue"),
      tolerance,
      ...(task ? { task } : {}),
    });
    const value = found.values[0]!;
    bound = value - found.residuals[0]!;
    if (value + damping <= 0) return value;
    if (bound + damping > 0) return bound;
  }
  return bound;
}
