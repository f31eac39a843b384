import type { NullTest } from "../../../claims/card.ts";
import { randomWeights } from "../../../claims/nulls/random-weights.ts";
import { runNull } from "../../../claims/nulls/run-null.ts";
import type { Random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { rowOf } from "../../../linalg/rows.ts";
import { alignClassifier } from "../../../models/classifier/align.ts";
import { layoutOf } from "../../../models/classifier/shape.ts";
import { spearman } from "../../../stats/correlation.ts";
import { mean } from "../../../stats/describe.ts";
import { alignGroup } from "../conserved/align-group.ts";
import { featureScores } from "../conserved/feature-scores.ts";
import { groupStatistics } from "../conserved/group-statistics.ts";
import type { GroupLook } from "../conserved/look-at-group.ts";
import type { LandscapeOptions } from "../options.ts";
import { type ClassifierPart, firstLayerOf } from "../subject.ts";

/** Rank correlation; 0 where one side is constant and has no ranks. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const value = spearman(a, b);
  return Number.isFinite(value) ? value : 0;
}

/**
 * How far feature scores set the features that matter apart from the others: the logarithm of the mean score of the upper
 * half of the features by `importance` over the mean score of the lower half. 0 for scores that know nothing.
 */
export function separation(scores: ArrayLike<number>, importance: ArrayLike<number>): number {
  const order = Array.from(importance)
    .map((value, k) => ({ value, k }))
    .sort((a, b) => b.value - a.value || a.k - b.k);
  const half = Math.ceil(order.length / 2);
  const meanOf = (part: typeof order) => mean(part.map(({ k }) => scores[k]!));
  const [upper, lower] = [meanOf(order.slice(0, half)), meanOf(order.slice(half))];
  return Math.log((upper + tiny) / (lower + tiny));
}

/** Keeps the logarithm finite where a score is 0. */
const tiny = 1e-12;

/**
 * Do weights that know nothing score the features alike? Each weight matrix and bias of each member is replaced by a random
 * direction of its own norm; the group is aligned to its bottom and scored as the real one; the statistic is
 * {@link separation} by the real network's permutation importance, which does not ask for an order among the features
 * that matter, nor among those that do not.
 */
export async function weightNull(
  { problem }: ClassifierPart,
  look: GroupLook,
  given: { rounds: number; options: LandscapeOptions; random: Random; task: Task },
): Promise<NullTest> {
  const { shape } = problem;
  const { rounds, options, random, task } = given;
  const { weightsAt, biasAt, count } = layoutOf(shape);
  const starts = [...weightsAt, ...biasAt];
  const blocks = starts.map((start, b) => ({ start, end: starts[b + 1] ?? count }));
  const importance = look.attributions.scores.permutation;
  const align = (reference: Float64Array, x: Float64Array) => {
    const { weights, distance } = alignClassifier(shape, reference, x);
    return { x: weights, distance };
  };
  const { test } = await runNull({
    name: "random weights",
    statistic:
      "ln of the mean feature score of the upper half by held-out permutation importance over that of the lower half",
    observed: separation(look.scores, importance),
    draw: (stream) => {
      const members = Array.from({ length: look.aligned.rows }, (_, m) =>
        randomWeights(rowOf(look.aligned, m), blocks, stream),
      );
      const aligned = alignGroup(members, members[0]!, { align });
      const { epsilon } = options;
      const scores = featureScores(groupStatistics(aligned, { epsilon, least: 2 }), firstLayerOf(shape));
      return separation(scores, importance);
    },
    ...{ rounds, random, task },
    reference: "docs/nulls/random-weights.md",
    cost: { each: `a group of ${look.aligned.rows} networks with random weights of the same norms` },
  });
  return test;
}
