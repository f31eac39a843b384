import type { ClassifierProblem } from "../../../models/classifier/index.ts";
import type { ArchetypeCase } from "./compare.ts";
import { twoLayersLike } from "./equal-weights.ts";

const units = (hidden: readonly number[]) => hidden.join("–");

/** The same data and λ with one hidden layer of each of these numbers of units. */
export function hiddenUnitCases(problem: ClassifierProblem, counts: readonly number[]): ArchetypeCase[] {
  return counts.map((count) => ({
    ...{
      label: `${count} hidden unit${count === 1 ? "" : "s"}, λ = ${problem.lambda}`,
      at: count,
      series: `λ = ${problem.lambda}`,
    },
    problem: { ...problem, shape: { ...problem.shape, hidden: [count] } },
  }));
}

/** The same network and data with each of these λ. */
export function regularisationCases(problem: ClassifierProblem, lambdas: readonly number[]): ArchetypeCase[] {
  const hidden = units(problem.shape.hidden);
  return lambdas.map((lambda) => ({
    ...{ label: `${hidden} hidden units, λ = ${lambda}`, at: lambda, series: `${hidden} hidden units` },
    problem: { ...problem, lambda },
  }));
}

/**
 * One hidden layer and two with the same number of weights, or as near as whole units allow, each on the first so many
 * rows of the data.
 */
export function depthCases(problem: ClassifierProblem, rows: readonly number[]): ArchetypeCase[] {
  const { shape, data } = problem;
  return [shape, twoLayersLike(shape)].flatMap((own) =>
    rows.map((count) => ({
      ...{ label: `${units(own.hidden)} hidden units, ${count} rows`, at: count },
      series: own.hidden.length === 1 ? "1 hidden layer" : "2 hidden layers",
      problem: {
        ...problem,
        shape: own,
        data: {
          rows: count,
          features: data.features.slice(0, count * shape.inputs),
          labels: data.labels.slice(0, count),
        },
      },
    })),
  );
}
