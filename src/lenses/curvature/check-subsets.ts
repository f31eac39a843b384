import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import { rowOf } from "../../linalg/rows.ts";
import type { Samples } from "../../models/objective/contract.ts";
import { rowProducts } from "./answers/rows.ts";
import { datamodellingScore } from "./answers/validate.ts";
import type { Answers } from "./ask.ts";
import type { RetrainMany } from "./check-removal.ts";
import type { CurvatureOptions, Prepared } from "./prepare.ts";
import type { ModelSource } from "./subject.ts";

/** What training on random halves of the training set found. */
export interface SubsetCheck {
  /** Halves that were trained on. */
  subsets: number;
  /** Test points asked, positions in the test set. */
  tests: number[];
  /** "loss", or "prediction" for a regression with one output. */
  quantity: "loss" | "prediction";
  /** Linear datamodelling score of each asked test point, and their mean. */
  scores: Float64Array;
  mean: number;
  /** The same with the identity for the curvature: inner products of gradients. */
  identity: Float64Array;
  identityMean: number;
  /** Retrainings that did not reach the tolerance. */
  unconverged: number;
}

/** Weights of training on the mean loss of a part of the samples: n/|S| inside, 0 outside, so that the ridge keeps its share. */
export function subsetWeights(inside: Float64Array): Float64Array {
  const count = inside.reduce((sum, value) => sum + value, 0);
  return inside.map((value) => (value * inside.length) / count);
}

/**
 * Trains on random halves of the training set, from θ̂, and correlates what comes out with the sum of the influences of
 * the points left out: the linear datamodelling score (Park et al., ICML 2023). It asks about many points together, where
 * leaving out a single one moves less than training does. Of a regression with one output it takes the prediction,
 * since ½r² turns round where the residual passes through zero; of a classifier the loss, which ranks as the margin.
 * @throws UserError for one or two subsets, and for fewer than four training points.
 */
export async function checkSubsets(
  { objective, parameters }: ModelSource,
  answers: Answers,
  prepared: Prepared,
  options: Pick<CurvatureOptions, "subsets" | "labels">,
  { retrainMany, task, random }: { retrainMany: RetrainMany; task: Task; random: Random },
): Promise<SubsetCheck> {
  const { subsets: count } = options;
  const { samples: n, gradients } = prepared;
  if (count < 3 || n < 4) {
    throw new UserError(
      `curvature: option 'subsets' is ${count} with ${n} training points; expected 0, or at least 3 with at least 4 points`,
    );
  }
  const { set } = answers;
  const tests = Array.from(set.points.names, (_, t) => t).filter((t) => set.outside?.[t] !== true);
  const subsets = matrix(count, n);
  for (let s = 0; s < count; s++) {
    const half = random
      .fork("half", s)
      .permutation(n)
      .subarray(0, Math.floor(n / 2));
    for (const i of half) subsets.data[s * n + i] = 1;
  }
  task.report(0, `training on ${count} random halves`);
  const ends = await retrainMany(
    Array.from({ length: count }, (_, s) => subsetWeights(rowOf(subsets, s))),
    task,
  );
  const said = quantityOf(objective.loss.classes, objective.outputs, answers, options);
  const outputs = matrix(count, tests.length);
  for (const [s, end] of ends.entries()) {
    const values = await said.at((points) => objective.evaluate(end.parameters, points), objective.loss);
    tests.forEach((t, k) => {
      outputs.data[s * tests.length + k] = values[t]!;
    });
  }
  const before = said.slopes(await objective.evaluate(parameters, set.samples!));
  const scored = (influences: Matrix) => {
    const own = matrix(tests.length, n);
    tests.forEach((t, k) => {
      for (let i = 0; i < n; i++) own.data[k * n + i] = influences.data[t * n + i]! * before[t]!;
    });
    return datamodellingScore({ subsets, outputs, influences: own });
  };
  const own = scored(answers.influence);
  const plain = scored(rowProducts(answers.queries, gradients));
  return {
    subsets: count,
    tests,
    quantity: said.name,
    scores: own.scores,
    mean: own.mean,
    identity: plain.scores,
    identityMean: plain.mean,
    unconverged: ends.filter(({ converged }) => !converged).length,
  };
}

interface Quantity {
  name: SubsetCheck["quantity"];
  /** Its value for every test point. */
  at(
    evaluate: (points: Samples) => Promise<Matrix>,
    loss: ModelSource["objective"]["loss"],
  ): Promise<Float64Array>;
  /** Its change for one unit of change of the loss at θ̂, but for a positive factor: ranks are all that is compared. */
  slopes(outputs: Matrix): Float64Array;
}

function quantityOf(
  classes: boolean,
  width: number,
  { set, predictions }: Answers,
  options: Pick<CurvatureOptions, "labels">,
): Quantity {
  const points = set.samples!;
  if (!classes && width === 1) {
    return {
      name: "prediction",
      at: async (evaluate) => (await evaluate(points)).data,
      slopes: ({ data }) => data.map((value, t) => Math.sign(value - points.targets[t]!)),
    };
  }
  const predicted = options.labels === "predicted" || set.labelled === false;
  const targets = classes && predicted ? Float64Array.from(predictions!.classes!) : points.targets;
  return {
    name: "loss",
    at: async (evaluate, loss) => loss.values(await evaluate(points), targets),
    slopes: ({ rows }) => new Float64Array(rows).fill(1),
  };
}
