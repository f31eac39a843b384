import type { SearchProblem } from "./search/contract.ts";

/** The problem on `rows` (indices, in that order; a row may come twice). */
export function problemRows(problem: SearchProblem, rows: ArrayLike<number>): SearchProblem {
  const pick = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
  const { columns, target, weights, inputErrors, ...rest } = problem;
  return {
    ...rest,
    columns: columns.map(pick),
    target: pick(target),
    ...(weights === undefined ? {} : { weights: pick(weights) }),
    ...(inputErrors === undefined ? {} : { inputErrors: inputErrors.map((e) => (e ? pick(e) : undefined)) }),
  };
}

/** The problem with its targets, and their errors with them, dealt out anew: row i gets the target of `order[i]`. */
export function withTargets(problem: SearchProblem, order: ArrayLike<number>): SearchProblem {
  const pick = (values: Float64Array) => Float64Array.from(order, (i) => values[i]!);
  return {
    ...problem,
    target: pick(problem.target),
    ...(problem.weights === undefined ? {} : { weights: pick(problem.weights) }),
  };
}

/** The problem with columns behind its own. They have the dimension of the columns that they are made of. */
export function withColumns(
  problem: SearchProblem,
  more: readonly { name: string; values: Float64Array; like: number }[],
): SearchProblem {
  const { columns, names, inputErrors, dimensions } = problem;
  return {
    ...problem,
    columns: [...columns, ...more.map(({ values }) => values)],
    names: [...names, ...more.map(({ name }) => name)],
    ...(inputErrors === undefined ? {} : { inputErrors: [...inputErrors, ...more.map(() => undefined)] }),
    ...(dimensions === undefined
      ? {}
      : {
          dimensions: {
            ...dimensions,
            columns: [...dimensions.columns, ...more.map(({ like }) => dimensions.columns[like]!)],
          },
        }),
  };
}
