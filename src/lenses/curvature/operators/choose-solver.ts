import { UserError } from "../../../core/errors.ts";
import type { Task } from "../../../core/task.ts";
import type { CurvatureOperator, CurvatureSolver } from "../operator.ts";
import { type Extremes, extremeEigenvalues } from "./extremes.ts";
import { operatorFromMatrix, requireDamping } from "./matrix-operator.ts";

/** What to do about negative curvature. */
export type NegativeCurvaturePolicy = "damping" | "gauss-newton" | "pseudo-inverse";

export interface ChooseSolverOptions {
  policy: NegativeCurvaturePolicy;
  /** Damping to use where the curvature is definite with it; default 0. */
  damping?: number;
  /** Added to 1.05·|λ_min| by "damping"; default 10⁻⁶·λ_max. */
  floor?: number;
  /** What "gauss-newton" takes instead. */
  instead?: () => CurvatureOperator;
  /** Of "pseudo-inverse", relative to the largest |λ|; default 1e-10. */
  tolerance?: number;
  /** Extreme eigenvalues where they are known already. */
  extremes?: Extremes;
  seed?: number;
  task?: Task;
}

export interface ChosenSolver {
  solver: CurvatureSolver;
  /** The curvature that is solved with: not the one given where another took its place. */
  operator: CurvatureOperator;
  damping: number;
  /** Of the curvature that was given, without damping. */
  extremes: Extremes;
  /** What was done and why, in one sentence for the report. */
  statement: string;
}

/**
 * A solver for a curvature that may have negative eigenvalues, by a stated policy: damping δ = 1.05·|λ_min| + floor,
 * the Gauss–Newton matrix in its place, or the pseudo-inverse on |λ| > tolerance·max|λ|. Where the damping asked for
 * makes it definite already, that is used.
 * @throws UserError for "gauss-newton" without a curvature to take instead.
 */
export async function chooseSolver(
  operator: CurvatureOperator,
  options: ChooseSolverOptions,
): Promise<ChosenSolver> {
  const { policy, damping = 0, task, seed = 0 } = options;
  requireDamping(operator.name, damping);
  const withTask = task ? { task } : {};
  const extremes = options.extremes ?? (await extremeEigenvalues(operator, { seed, ...withTask }));
  const { smallest, largest } = extremes;
  const size = Math.max(Math.abs(smallest), Math.abs(largest));
  const say = (value: number) => value.toPrecision(3);
  if (smallest + damping > 1e-12 * size) {
    return {
      solver: await operator.solver({ damping, ...withTask }),
      operator,
      damping,
      extremes,
      statement: `${operator.name} is positive definite with damping ${say(damping)}: its smallest eigenvalue is ${say(smallest)}.`,
    };
  }
  const why = `the smallest eigenvalue of the ${operator.name} is ${say(smallest)} (largest ${say(largest)})`;
  if (policy === "damping") {
    const chosen = Math.max(damping, 1.05 * Math.max(0, -smallest) + (options.floor ?? 1e-6 * size));
    return {
      solver: await operator.solver({ damping: chosen, ...withTask }),
      operator,
      damping: chosen,
      extremes,
      statement: `Damping ${say(chosen)} was added because ${why}.`,
    };
  }
  if (policy === "gauss-newton") {
    const instead = options.instead?.();
    if (!instead) {
      throw new UserError(
        `chooseSolver: ${why}, and the policy "gauss-newton" has no curvature to take instead; pass \`instead\`, or choose "damping"`,
      );
    }
    return {
      solver: await instead.solver({ damping, ...withTask }),
      operator: instead,
      damping,
      extremes,
      statement: `The ${instead.name} with damping ${say(damping)} stands in because ${why}.`,
    };
  }
  const { tolerance = 1e-10 } = options;
  const inverted = operatorFromMatrix(await operator.dense(), {
    name: operator.name,
    indefinite: "pseudo-inverse",
    tolerance,
  });
  return {
    solver: await inverted.solver({ damping, ...withTask }),
    operator,
    damping,
    extremes,
    statement: `The pseudo-inverse on |λ| > ${tolerance}·max|λ| with damping ${say(damping)} was taken because ${why}.`,
  };
}
