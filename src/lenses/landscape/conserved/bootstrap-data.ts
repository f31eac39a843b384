import { breathe } from "../../../core/breathe.ts";
import type { Random } from "../../../core/random.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { matrix } from "../../../linalg/matrix.ts";
import { takeRows } from "../../../linalg/rows.ts";
import { classifierLandscape } from "../../../models/classifier/landscape.ts";
import type { ClassifierProblem } from "../../../models/classifier/problem.ts";
import { quench } from "../../../optim/landscape/quench.ts";
import { runSearch } from "../../../optim/landscape/search.ts";
import { firstLayerOf } from "../subject.ts";
import { alignGroup } from "./align-group.ts";
import { featureScores, type ScoreIntervals, scoreIntervals } from "./feature-scores.ts";
import { type GroupOptions, groupStatistics } from "./group-statistics.ts";

/**
 * Feature scores on resamples of the training rows (with replacement, Efron 1979): every minimum of the group is followed
 * to the minimum of the new loss that a quench from it ends in, the group is aligned to its lowest, and the scores are
 * taken anew. How far they hang on the data. Several minima may end in one. Resamples that lack a class are drawn again.
 */
export async function bootstrapData(
  problem: ClassifierProblem,
  members: readonly Float64Array[],
  options: GroupOptions & { rounds: number; random: Random; rms?: number; task?: Task },
): Promise<ScoreIntervals> {
  const { rounds, random, rms = 1e-5, task = quietTask, ...statistics } = options;
  const { shape, data } = problem;
  const layer = firstLayerOf(shape);
  const features = matrix(data.rows, shape.inputs, data.features);
  const versions: Float64Array[] = [];
  for (let b = 0; versions.length < rounds; b++) {
    await breathe(task);
    const stream = random.fork("rows", b);
    const rows = Int32Array.from({ length: data.rows }, () => stream.int(data.rows));
    const labels = Int32Array.from(rows, (row) => data.labels[row]!);
    if (new Set(labels).size < new Set(data.labels).size) continue;
    const landscape = classifierLandscape({
      ...problem,
      data: { features: takeRows(features, rows).data, labels, rows: data.rows },
    });
    const followed = members.map((x) => runSearch(landscape, quench(x, { rms, maxIterations: 2000 })));
    const lowest = followed.reduce((best, one) => (one.value < best.value ? one : best));
    const aligned = alignGroup(
      followed.map(({ x }) => x),
      lowest.x,
      landscape.symmetry,
    );
    versions.push(featureScores(groupStatistics(aligned, statistics), layer));
    task.report(versions.length / rounds);
  }
  return scoreIntervals(versions);
}
