import { random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { lanczos } from "../../../linalg/lanczos.ts";
import type { CurvatureOperator } from "../operator.ts";

/** The smallest and the largest eigenvalue of a curvature. */
export interface Extremes {
  smallest: number;
  largest: number;
}

/**
 * The extreme eigenvalues: from the full spectrum up to 300 parameters, else by Lanczos to a residual of 10⁻⁷ of the
 * norm, which bounds their error by its square over the gap.
 */
export async function extremeEigenvalues(
  operator: CurvatureOperator,
  options: { seed?: number; task?: Task } = {},
): Promise<Extremes> {
  const { seed = 0, task } = options;
  if (operator.size <= 300) {
    const { values } = eigenSymmetric(await operator.dense());
    return { smallest: values.at(-1)!, largest: values[0]! };
  }
  const { values } = await lanczos(operator, {
    count: 1,
    which: "both",
    random: random(seed, "extreme eigenvalues"),
    tolerance: 1e-7,
    ...(task ? { task } : {}),
  });
  return { smallest: values.at(-1)!, largest: values[0]! };
}
