import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { CurvatureOperator } from "./operator.ts";
import { type CurvatureKind, curvatureOperator } from "./operators/curvature-operator.ts";
import { lowRank } from "./operators/low-rank.ts";
import { operatorFromMatrix } from "./operators/matrix-operator.ts";
import type { CurvatureSubject } from "./subject.ts";

/**
 * The curvature of that name for a subject. Of arrays there is one, the matrix that was given, and its low rank.
 * @throws UserError for a curvature that arrays cannot give.
 */
export function curvatureOf(
  source: CurvatureSubject["source"],
  kind: CurvatureKind,
  options: { rank: number; memory: number; random: Random; task: Task },
): CurvatureOperator {
  const { rank, task, random } = options;
  const memoryLimit = options.memory * 2 ** 30;
  const seed = random.int(2 ** 31);
  if (source.kind === "arrays") {
    const given = operatorFromMatrix(source.hessian, { name: "given Hessian", symmetry: 1e-3 });
    if (kind === "exact") return given;
    if (kind === "low-rank") {
      return lowRank(given, { rank, which: "magnitude", ridge: source.ridge ?? 0, seed, memoryLimit, task });
    }
    throw new UserError(
      `curvature '${kind}': arrays carry one Hessian and no model to make another curvature of; expected exact or low-rank`,
    );
  }
  const { objective, parameters } = source;
  return curvatureOperator(kind, objective, parameters, { rank, seed, memoryLimit });
}
