import { UserError } from "../../../core/errors.ts";
import type { Task } from "../../../core/task.ts";
import { complexity } from "../../../expressions/complexity.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import type { Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { enumerateExpressions } from "../exhaustive/enumerate.ts";
import type { FrontMember } from "../search/contract.ts";
import { searchExpressions } from "../search/search.ts";
import { invarianceSource, withinShare } from "./invariance.ts";

export interface InvariantOptions {
  operators: OperatorSet;
  seed: number;
  /** Budget of the evolution, evaluations. */
  evaluations: number;
  maxComplexity?: number;
  /** All expressions of up to so many nodes without constants are tried first; 0 for none. Default 5. */
  exhaustive?: number;
  /** The shortest formula is chosen whose loss is within this factor of the smallest. Default 1.05. */
  tolerance?: number;
  task: Task;
}

export interface InvariantSearch {
  /** Rising complexity, falling loss: the share of the variance of φ's ranks that lies within orbits. */
  front: FrontMember[];
  /** Place of the chosen one. */
  chosen: number;
  expression: Expression;
  evaluations: number;
}

/**
 * Searches a formula φ that stays constant on each orbit and differs between orbits: all small expressions first, then
 * evolution from the best of them. The loss is {@link withinShare}: it counts monotone functions of φ as the same, so
 * that noise does not favour a flat one, and a constant φ has none.
 * @param columns the state at each row. @param orbit the number of each row's orbit.
 * @throws UserError for lengths that differ, a single orbit, and a search that finds nothing.
 */
export async function searchInvariant(
  columns: readonly Float64Array[],
  names: readonly string[],
  orbit: Float64Array,
  options: InvariantOptions,
): Promise<InvariantSearch> {
  const {
    operators,
    seed,
    evaluations,
    maxComplexity = 12,
    exhaustive = 5,
    tolerance = 1.05,
    task,
  } = options;
  const guesses = exhaustive > 0 ? bestSmall(columns, orbit, { operators, most: exhaustive, task }) : [];
  const { front, evaluations: spent } = await searchExpressions(
    { columns, names, target: orbit, targetName: "orbit" },
    {
      ...{ operators, seed, evaluations, maxComplexity, task },
      objective: invarianceSource({ orbit }),
      rows: orbit.length,
      seeds: false,
      scaling: false,
      guesses: guesses.map(({ expression }) => expression),
    },
  );
  task.check();
  if (front.length === 0)
    throw new UserError("searchInvariant: no formula is finite on the data; take other operators");
  const least = Math.min(...front.map(({ loss }) => loss));
  const chosen = front.findIndex(({ loss }) => loss <= tolerance * least);
  return { front, chosen, expression: front[chosen]!.expression, evaluations: spent };
}

/** Of all expressions without constants the most conserved of each complexity. */
function bestSmall(
  columns: readonly Float64Array[],
  orbit: Float64Array,
  { operators, most, task }: { operators: OperatorSet; most: number; task: Task },
): { expression: Expression; loss: number }[] {
  const { expressions } = enumerateExpressions({
    ...{ operators, task },
    variables: columns.length,
    maxComplexity: most,
    constants: false,
  });
  const engine = evaluator(columns, { operators });
  const best = new Map<number, { expression: Expression; loss: number }>();
  for (const expression of expressions) {
    const { values, finite } = engine.evaluate(expression);
    if (!finite) continue;
    const loss = withinShare(values, { orbit });
    const cost = complexity(expression, { operators });
    if (loss < (best.get(cost)?.loss ?? Number.POSITIVE_INFINITY)) best.set(cost, { expression, loss });
  }
  return [...best.values()];
}
