import { type PathModel, randomWalk } from "../../claims/nulls/random-walk.ts";
import { smoothPath } from "../../claims/nulls/smooth-path.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { leadingScores, type Pca, pca } from "../../linalg/pca.ts";
import { columnOf } from "../../linalg/rows.ts";
import { exceedancePValue } from "../../stats/exceedance.ts";
import { fitHelix, type HelixFit } from "./helix.ts";
import { type Circling, helixStatistic } from "./helix-statistic.ts";
import type { HelixWindow } from "./helix-window.ts";

/** A helix fit to a window of tokens, with what chance would have given. */
export interface HelixTest {
  window: HelixWindow;
  /** Principal components fitted on the window's rows alone, three of them. */
  components: Pca;
  fit: HelixFit;
  statistic: Circling;
  /** p-values of q against each null model, and the values of q that the null model gave. */
  walk: NullResult;
  smooth: NullResult;
}

export interface NullResult {
  p: number;
  /** The smallest p-value that this many null models can give. */
  floor: number;
  values: Float64Array;
}

/**
 * Fits a helix to the first three principal components of a window's embeddings and tests it: q of the window against
 * q of `rounds` random walks and of `rounds` smooth Gaussian-process paths of the same shape, each through the same
 * principal component analysis. p = (1 + #{q_null ≥ q})/(rounds + 1).
 */
export async function testHelix(
  window: HelixWindow,
  options: { rounds: number; smoothLength: number },
  context: { task: Task; random: Random },
): Promise<HelixTest> {
  const components = pca(window.rows, { components: 3 });
  const fit = fitHelix(components.scores, window.t);
  const statistic = circling(components.scores, window.t);
  const against = async (model: PathModel, name: string, task: Task): Promise<NullResult> => {
    const values = await nullDistribution(model, window, options.rounds, {
      task,
      random: context.random.fork("helix", name),
    });
    return { p: exceedancePValue(statistic.q, values), floor: 1 / (options.rounds + 1), values };
  };
  return {
    window,
    components,
    fit,
    statistic,
    walk: await against(randomWalk, "walk", context.task.part(0, 0.5)),
    smooth: await against(smoothPath(options.smoothLength), "smooth", context.task.part(0.5, 1)),
  };
}

/** q of `rounds` draws of a null model with the window's shape. The thread is given up now and then. */
export async function nullDistribution(
  model: PathModel,
  { rows, t }: Pick<HelixWindow, "rows" | "t">,
  rounds: number,
  { task, random }: { task: Task; random: Random },
): Promise<Float64Array> {
  const values = new Float64Array(rounds);
  for (let b = 0; b < rounds; b++) {
    if (b % 20 === 0) {
      await new Promise((resume) => setImmediate(resume));
      task.check();
      task.report(b / rounds);
    }
    values[b] = circling(leadingScores(model(rows.rows, rows.cols, random), 3), t).q;
  }
  task.report(1);
  return values;
}

function circling(scores: Matrix, t: Float64Array): Circling {
  return helixStatistic(columnOf(scores, 1), columnOf(scores, 2), t);
}
