import type { NullTest } from "../../../claims/card.ts";
import { nullTest } from "../../../claims/nulls/null-test.ts";
import { permuted } from "../../../claims/nulls/permuted.ts";
import type { Random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { alignClassifier } from "../../../models/classifier/align.ts";
import { classifierAuc } from "../classifier-scores.ts";
import { alignGroup } from "../conserved/align-group.ts";
import { chooseGroup } from "../conserved/choose-group.ts";
import { chooseWeights } from "../conserved/choose-weights.ts";
import { disturb } from "../conserved/disturb.ts";
import { firstLayerWeights } from "../conserved/feature-scores.ts";
import { groupStatistics } from "../conserved/group-statistics.ts";
import type { GroupLook } from "../conserved/look-at-group.ts";
import type { Explorer } from "../explorer.ts";
import { growthOf, type LandscapeOptions } from "../options.ts";
import { classifierSource, firstLayerOf, type LandscapeSubject } from "../subject.ts";

/**
 * Everything again, from the exploration to the permutation test, on labels dealt out anew: how far does the held-out AUC
 * fall there when the conserved weights are shuffled? Groups of two minima are enough in a draw, and a group of one counts
 * as no fall, which favours nobody: the AUC is ½ there up to chance.
 */
export async function labelNull(
  subject: LandscapeSubject,
  look: GroupLook,
  given: { rounds: number; options: LandscapeOptions; explore: Explorer; random: Random; task: Task },
): Promise<NullTest> {
  const { rounds, options, explore, random, task } = given;
  const classifier = subject.classifier!;
  const { problem, test } = classifier;
  const { shape, data } = problem;
  const among = firstLayerWeights(firstLayerOf(shape));
  const score = classifierAuc(shape, test);
  const draws = new Float64Array(rounds);
  for (let b = 0; b < rounds; b++) {
    task.check();
    const stream = random.fork("draw", b);
    const labels = Int32Array.from(permuted(Array.from(data.labels), stream));
    const shuffled = { ...problem, name: `${subject.id}, labels shuffled ${b}`, data: { ...data, labels } };
    const found = await explore(classifierSource(shuffled), {
      seed: stream.int(2 ** 30),
      label: `${subject.id}-shuffled-${b}`,
      task: task.part(b / rounds, (b + 1) / rounds, `labels shuffled, ${b + 1} of ${rounds}`),
    });
    const { minima, bottom } = chooseGroup(found.network, growthOf(options));
    if (minima.length < 2) continue;
    const at = (id: number) => found.network.minima[id]!.x;
    const aligned = alignGroup(minima.map(at), at(bottom), {
      align(reference, x) {
        const { weights, distance } = alignClassifier(shape, reference, x);
        return { x: weights, distance };
      },
    });
    const { cv } = groupStatistics(aligned, { epsilon: options.epsilon, least: 2 });
    const set = chooseWeights(cv, { among, count: look.count, by: "smallest" });
    const weights = at(bottom);
    const { mean } = disturb(weights, set, score, {
      ...{ how: "shuffled", rounds: options.shuffles, random: stream.fork("shuffles") },
    });
    draws[b] = score(weights) - mean;
  }
  const { base, scores } = look.controls;
  return nullTest(base - scores.lowcv.shuffled.mean, draws, {
    name: "permuted labels",
    statistic: "fall of the held-out AUC when the conserved weights are shuffled",
    cost: `${rounds} explorations of the loss with labels dealt out anew`,
    reference: "docs/nulls/reruns.md",
  });
}
