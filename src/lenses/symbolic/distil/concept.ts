import { chanceAlignment } from "../../../claims/kinds/concept.ts";
import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { evaluator } from "../../../expressions/evaluator.ts";
import type { Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { spearman } from "../../../stats/correlation.ts";
import type { FrontMember } from "../search/contract.ts";
import { searchExpressions } from "../search/search.ts";
import { type Field, fieldRows } from "./field.ts";
import { gradientDisagreement, gradientSource } from "./gradient-agreement.ts";

export interface DistilOptions {
  operators: OperatorSet;
  seed: number;
  /** Default 50 000. */
  evaluations?: number;
  /** Default 15. */
  maxComplexity?: number;
  /** Share of the rows that the search does not see. Default 0.3. */
  heldOut?: number;
  /** The shortest formula is chosen whose disagreement is within this factor of the smallest, or below `enough`. Default 1.5. */
  tolerance?: number;
  /** A disagreement that counts as none. Default 1e-6. */
  enough?: number;
  threads?: number;
  task: Task;
}

export interface Distilled {
  /** Rising complexity; the loss is 1 − mean |cos| of the gradients on the rows that were searched on. */
  front: FrontMember[];
  chosen: number;
  expression: Expression;
  /** Mean |cos| on the rows that were held out. */
  agreement: number;
  /** What random directions would give in so many inputs. */
  chance: number;
  /** Rank correlation of the formula with the field on the held-out rows: ±1 where one is a monotone function of the other. */
  rank: number;
  evaluations: number;
}

/**
 * A formula for what a network or a neuron computes, up to a monotone function of it: a search by agreement of normalised
 * gradients (see `gradientDisagreement`). A neuron that holds log(E), E² or 1/E is read as E. Gradients of one input are
 * always parallel, so that at least two are needed.
 * @throws UserError for fewer than two inputs, a field without gradient, and where nothing is found.
 */
export async function distilConcept(field: Field, options: DistilOptions): Promise<Distilled> {
  const { operators, seed, evaluations = 50_000, maxComplexity = 15, heldOut = 0.3, task } = options;
  const { tolerance = 1.5, enough = 1e-6, threads = 0 } = options;
  const inputs = field.columns.length;
  if (inputs < 2) {
    throw new UserError(
      `distilConcept: ${inputs} input; expected at least two, since gradients by one input are always parallel`,
    );
  }
  if (field.gradients.every((column) => column.every((value) => value === 0))) {
    throw new UserError(
      "distilConcept: the field has no gradient anywhere; it does not depend on the inputs",
    );
  }
  const rows = field.values.length;
  const order = random(seed, "distil", "held out").permutation(rows);
  const count = Math.max(1, Math.round(heldOut * rows));
  const seen = fieldRows(field, order.subarray(count));
  const kept = fieldRows(field, order.subarray(0, count));
  const { front, evaluations: spent } = await searchExpressions(
    { columns: seen.columns, names: seen.names, target: seen.values },
    {
      ...{ operators, seed, evaluations, maxComplexity, task, threads },
      objective: gradientSource({ gradients: seen.gradients, scales: seen.scales }),
      stop: { loss: enough / 10 },
      scaling: false,
    },
  );
  task.check();
  if (front.length === 0) throw new UserError("distilConcept: no formula is finite on the data");
  const least = Math.min(...front.map(({ loss }) => loss));
  const chosen = front.findIndex(({ loss }) => loss <= Math.max(enough, tolerance * least));
  const { expression } = front[chosen]!;
  const engine = evaluator(kept.columns, { operators });
  const values = Array.from(engine.evaluate(expression).values);
  const { gradient, finite } = engine.variableGradient(expression);
  return {
    ...{ front, chosen, expression, evaluations: spent },
    agreement: finite ? 1 - gradientDisagreement(gradient, kept) : 0,
    chance: chanceAlignment(inputs),
    rank: finite ? spearman(values, Array.from(kept.values)) : 0,
  };
}
