import type { Random } from "../../../core/random.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import { constantsOf, type Expression, size, withConstants } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { toPostfix } from "../../../expressions/postfix.ts";
import type { FrontMember, SearchProblem } from "../search/contract.ts";
import { fitConstants } from "../search/fit.ts";
import { type Count, enumerateExpressions } from "./enumerate.ts";

export interface ExhaustiveOptions {
  operators: OperatorSet;
  /** Most nodes. Default 6. */
  maxComplexity?: number;
  maxConstants?: number;
  limit?: number;
  /** Starts of a fit beside the one with all constants 1. Default 6. */
  starts?: number;
  /** Steps of a fit. Default 30. */
  steps?: number;
  random: Random;
  task?: Task;
}

export interface Exhaustive {
  /** The most accurate expression of each complexity that is better than all shorter ones. */
  front: FrontMember[];
  /** Every expression with its loss, most accurate first; those that are not finite on the data are left out. */
  all: FrontMember[];
  counts: Count[];
  /** Evaluations of an expression over all rows, each step of a fit counted. */
  evaluations: number;
}

/**
 * Fits every small expression to the data: nothing can be missed that the operators can say in so many nodes, and the
 * number of distinct expressions tried is known exactly, which is what a look-elsewhere correction needs.
 * Source: exhaustive symbolic regression, Bartlett, Desmond & Ferreira, IEEE Trans. Evol. Comput. 28 (2024) 950.
 * The loss is Σ w(f − y)²/Σ w. @throws UserError as `enumerateExpressions`; Cancelled when the task is.
 */
export function exhaustiveSearch(problem: SearchProblem, options: ExhaustiveOptions): Exhaustive {
  const { operators, maxComplexity = 6, starts = 6, steps = 30, random, task = quietTask } = options;
  const { columns, target, weights } = problem;
  const { expressions, counts } = enumerateExpressions({
    operators,
    variables: columns.length,
    maxComplexity,
    task: task.part(0, 0.3),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(options.maxConstants === undefined ? {} : { maxConstants: options.maxConstants }),
  });
  const engine = evaluator(columns.length > 0 ? columns : [new Float64Array(target.length)], {
    operators,
    target,
    ...(weights ? { weights } : {}),
  });
  const total = weights ? weights.reduce((sum, w) => sum + w, 0) : target.length;
  const scale = Math.sqrt(target.reduce((sum, y) => sum + y * y, 0) / target.length) || 1;
  let evaluations = 0;
  const all: FrontMember[] = [];
  expressions.forEach((expression, e) => {
    if (e % 100 === 0) {
      task.check();
      task.report(0.3 + (0.7 * e) / expressions.length, "fitting all small expressions");
    }
    const count = constantsOf(expression).length;
    let best: { sum: number; expression: Expression } | undefined;
    if (count === 0) {
      evaluations++;
      const sum = engine.squaredError(expression);
      if (Number.isFinite(sum)) best = { sum, expression };
    } else {
      const form = toPostfix(expression, operators);
      for (let start = 0; start <= starts; start++) {
        const first = Float64Array.from({ length: count }, () =>
          start === 0 ? 1 : start % 2 === 1 ? Math.exp(random.normal()) : scale * random.normal(),
        );
        const fit = fitConstants({ evaluator: engine, target, weights }, form, { steps, start: first });
        if (!fit) {
          evaluations++;
          continue;
        }
        evaluations += fit.steps;
        if (!best || fit.sum < best.sum)
          best = { sum: fit.sum, expression: withConstants(expression, fit.constants) };
      }
    }
    if (best) all.push({ expression: best.expression, complexity: size(expression), loss: best.sum / total });
  });
  all.sort((a, b) => a.loss - b.loss || a.complexity - b.complexity);
  const front: FrontMember[] = [];
  for (let complexity = 1; complexity <= maxComplexity; complexity++) {
    const best = all.find((member) => member.complexity === complexity);
    if (best && (front.length === 0 || best.loss < front.at(-1)!.loss)) front.push(best);
  }
  return { front, all, counts, evaluations };
}
