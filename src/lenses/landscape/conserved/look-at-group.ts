import type { Random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { alignClassifier } from "../../../models/classifier/align.ts";
import { marginGradient } from "../../../models/classifier/margin-gradient.ts";
import { layersOf } from "../../../models/classifier/shape.ts";
import type { Network } from "../../../optim/landscape/network.ts";
import { median } from "../../../stats/quantile.ts";
import { type Attributions, classifierAttributions } from "../attribution/attributions.ts";
import { classifierAuc } from "../classifier-scores.ts";
import type { LandscapeOptions } from "../options.ts";
import { type ClassifierPart, firstLayerOf } from "../subject.ts";
import { superpositionLevels, thermodynamics } from "../thermodynamics/superposition.ts";
import { alignGroup } from "./align-group.ts";
import { bootstrapData } from "./bootstrap-data.ts";
import type { MinimaGroup } from "./choose-group.ts";
import { bootstrapMinima, featureScores, firstLayerWeights, type ScoreIntervals } from "./feature-scores.ts";
import { type GroupStatistics, groupStatistics, requireGroup } from "./group-statistics.ts";
import { type GroupOverlap, groupOverlap } from "./overlap.ts";
import { type PermutationControls, permutationControls } from "./permutation-controls.ts";
import { randomCopy } from "./random-copy.ts";

/** Everything that is found about one group of a classifier's minima. */
export interface GroupLook {
  group: MinimaGroup;
  /** Members × weights, aligned to the bottom. */
  aligned: Matrix;
  statistics: GroupStatistics;
  /** The same with every minimum under a random symmetry operation, and as the search left it. */
  unaligned: GroupStatistics;
  asFound: GroupStatistics;
  /** Median over all weights of σ. */
  sigma: { aligned: number; unaligned: number; asFound: number };
  /** Largest distance after alignment between a minimum and its own random copy. */
  copyDistance: number;
  /** Of the members, where they are weighed by occupation. */
  occupation?: Float64Array;
  /** K, weights that count as conserved. */
  count: number;
  /** F, one a feature. */
  scores: Float64Array;
  overMinima: ScoreIntervals;
  overData?: ScoreIntervals;
  controls: PermutationControls;
  overlap?: GroupOverlap;
  attributions: Attributions;
}

/**
 * Looks at the conserved weights of a group of minima: statistics, feature scores with intervals over minima and over
 * data, the permutation test with its controls, the overlap of conserved sets, and every other attribution of the bottom.
 * @throws UserError for a group of fewer than `least` minima.
 */
export async function lookAtGroup(
  network: Network,
  group: MinimaGroup,
  classifier: ClassifierPart,
  options: LandscapeOptions,
  { random, task }: { random: Random; task: Task },
): Promise<GroupLook> {
  const { problem, test } = classifier;
  const { shape } = problem;
  const { epsilon, least, shuffles, randomSets } = options;
  requireGroup(group.minima.length, least);
  const at = (id: number) => network.minima[id]!.x;
  const bottom = at(group.bottom);
  const members = group.minima.map(at);
  const symmetry = {
    align(reference: Float64Array, x: Float64Array) {
      const { weights, distance } = alignClassifier(shape, reference, x);
      return { x: weights, distance };
    },
  };
  const occupation = occupationOf(network, group, options.boltzmann);
  const how = { epsilon, least, ...(occupation && { weights: occupation }) };
  const aligned = alignGroup(members, bottom, symmetry);
  const statistics = groupStatistics(aligned, how);
  const copies = members.map((x, m) => randomCopy(shape, x, random.fork("copy", m)));
  const unaligned = groupStatistics(alignGroup(copies, bottom), how);
  const asFound = groupStatistics(alignGroup(members, bottom), how);
  const copyDistance = Math.max(...members.map((x, m) => symmetry.align(x, copies[m]!).distance));

  const layer = firstLayerOf(shape);
  const among = firstLayerWeights(layer);
  const count = conservedCount(options.conserved, among.length);
  const leaving = options.leaving ? leavingSizes(classifier, bottom) : undefined;
  const more = leaving && { leaving };
  const scores = featureScores(statistics, layer, leaving);
  const overMinima = bootstrapMinima(aligned, layer, {
    ...{ ...how, ...more, least: 2, rounds: options.bootstraps, random: random.fork("minima") },
  });
  const controls = await permutationControls(bottom, classifierAuc(shape, test), {
    ...{ group: statistics, unaligned, among, count },
    margin: marginGradient(
      shape,
      bottom,
      matrix(problem.data.rows, shape.inputs, problem.data.features),
      Int32Array.from(problem.data.labels),
    ),
    ...{ rounds: shuffles, randomSets, random: random.fork("controls"), task: task.part(0, 0.3) },
  });
  const attributions = await classifierAttributions(
    shape,
    bottom,
    { train: matrix(problem.data.rows, shape.inputs, problem.data.features), test },
    {
      random: random.fork("attributions"),
      rows: options.attributionRows,
      steps: options.integralSteps,
      repeats: options.repeats,
      orders: options.orders,
      task: task.part(0.3, 0.5),
    },
  );
  const overlap =
    options.groupDraws > 0 && group.minima.length >= 4 && network.minima.length > group.minima.length
      ? await groupOverlap(
          group.minima,
          Array.from(network.minima.keys()),
          (minima) => alignGroup(minima.map(at), at(lowestOf(network, minima)), symmetry),
          {
            ...{ among, count, rounds: options.groupDraws },
            ...{ random: random.fork("overlap"), task: task.part(0.5, 0.7) },
          },
        )
      : undefined;
  const overData =
    options.dataResamples > 0
      ? await bootstrapData(problem, members, {
          ...{ ...how, least: 2, rounds: options.dataResamples },
          ...{ random: random.fork("data"), task: task.part(0.7, 1) },
        })
      : undefined;
  return {
    ...{ group, aligned, statistics, unaligned, asFound, copyDistance, count, scores, overMinima, controls },
    ...{ attributions },
    sigma: {
      aligned: median(statistics.sd),
      unaligned: median(unaligned.sd),
      asFound: median(asFound.sd),
    },
    ...(occupation && { occupation }),
    ...(overData && { overData }),
    ...(overlap && { overlap }),
  };
}

/** As many conserved weights as were asked for, at most half of those there are and at least two. */
export function conservedCount(asked: number, weights: number): number {
  return Math.max(2, Math.min(asked, Math.floor(weights / 2)));
}

function lowestOf(network: Network, minima: readonly number[]): number {
  return minima.reduce((best, id) => (network.minima[id]!.value < network.minima[best]!.value ? id : best));
}

function occupationOf(network: Network, group: MinimaGroup, temperature: number): Float64Array | undefined {
  if (temperature === 0) return undefined;
  const levels = superpositionLevels(
    group.minima.map((id) => network.minima[id]!),
    network.n,
  );
  return thermodynamics(levels, temperature).occupation;
}

/** Σ_i |W_ij| of what leaves each first hidden unit. */
function leavingSizes({ problem }: ClassifierPart, weights: Float64Array): Float64Array {
  const { rows, cols, data } = layersOf(problem.shape, weights)[1]!.weights;
  return Float64Array.from({ length: cols }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += Math.abs(data[i * cols + j]!);
    return sum;
  });
}
