import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { loadLandscape } from "../../optim/landscape/job.ts";
import type { AnyLandscape } from "../../optim/landscape/landscape.ts";
import type { Network } from "../../optim/landscape/network.ts";
import { type Search, solve } from "../../optim/landscape/search.ts";
import { modeSpectrum } from "../../optim/landscape/spectrum.ts";
import type { Heat, LandscapeAnalysis } from "./analysis.ts";
import { classifierAuc } from "./classifier-scores.ts";
import { chooseGroup } from "./conserved/choose-group.ts";
import { groupRefusal } from "./conserved/group-statistics.ts";
import { type GroupLook, lookAtGroup } from "./conserved/look-at-group.ts";
import { type Explorer, explorerOf } from "./explorer.ts";
import { completeness } from "./network/completeness.ts";
import { mergeTree } from "./network/merge-tree.ts";
import { monotonicBasins } from "./network/monotonic-basins.ts";
import { persistencePairs } from "./network/persistence.ts";
import { labelNull } from "./nulls/label-null.ts";
import { weightNull } from "./nulls/weight-null.ts";
import { growthOf, type LandscapeOptions } from "./options.ts";
import { checkSubject, type LandscapeSubject } from "./subject.ts";
import { heatCapacityPeaks } from "./thermodynamics/heat-capacity-peaks.ts";
import { superpositionLevels } from "./thermodynamics/superposition.ts";

/** Up to so many coordinates the spectra of all minima are shown. */
const spectraUpTo = 300;

/**
 * Explores the landscape unless it has been, reads off the network all there is to read, and, where it is a classifier's,
 * looks at the group's conserved weights and runs the null models.
 * @throws UserError for a subject that does not hold together; Cancelled.
 */
export async function analyseLandscape(
  subject: LandscapeSubject,
  options: LandscapeOptions,
  { task, random }: { task: Task; random: Random },
  tools: { explore?: Explorer } = {},
): Promise<LandscapeAnalysis> {
  task.check();
  const landscape = await loadLandscape(subject.source);
  try {
    checkSubject(subject, landscape);
    const { explore = explorerOf(options) } = tools;
    const seed = random.fork("exploration").int(2 ** 30);
    const explored = subject.network
      ? undefined
      : await explore(subject.source, { seed, label: subject.id, task: task.part(0, 0.5) });
    const network = subject.network ?? explored!.network;
    const group = chooseGroup(network, growthOf(options));
    const basins = monotonicBasins(network, { rule: options.rule });
    const tree = mergeTree(network);
    task.report(0.5, "reading the network");
    const base: LandscapeAnalysis = {
      ...{ landscape, network, group, basins, tree, persistence: persistencePairs(tree), nulls: [] },
      ...(network.walkers.length >= 2 && { completeness: completeness(network) }),
      ...heatOf(network, options),
      ...(landscape.n <= spectraUpTo && { spectra: await spectraOf(landscape, network, task) }),
    };
    if (explored) {
      const { network: _, group: __, ...work } = explored;
      base.exploration = work;
    }
    const { classifier } = subject;
    if (!classifier) return base;
    const score = classifierAuc(classifier.problem.shape, classifier.test);
    base.aucs = Float64Array.from(network.minima, ({ x }) => score(x));
    const part = task.part(0.55, 0.75, "conserved weights");
    const refusal = groupRefusal(group.minima.length, options.least);
    if (refusal !== undefined) return { ...base, refusal };
    base.look = await lookAtGroup(network, group, classifier, options, {
      random: random.fork("group"),
      task: part,
    });
    base.nulls = await nullsOf(subject, base.look, options, explore, { random, task: task.part(0.75, 1) });
    return base;
  } finally {
    await landscape.release?.();
  }
}

async function nullsOf(
  subject: LandscapeSubject,
  look: GroupLook,
  options: LandscapeOptions,
  explore: Explorer,
  { random, task }: { random: Random; task: Task },
): Promise<LandscapeAnalysis["nulls"]> {
  const classifier = subject.classifier!;
  const nulls: LandscapeAnalysis["nulls"] = [];
  if (options.weightNulls > 0) {
    nulls.push(
      await weightNull(classifier, look, {
        ...{
          rounds: options.weightNulls,
          options,
          random: random.fork("random weights"),
          task: task.part(0, 0.1),
        },
      }),
    );
  }
  if (options.labelNulls > 0) {
    nulls.push(
      await labelNull(subject, look, {
        ...{ rounds: options.labelNulls, options, explore },
        ...{ random: random.fork("labels"), task: task.part(0.1, 1) },
      }),
    );
  }
  return nulls;
}

/** Harmonic superposition between two temperatures; nothing for one minimum, or where flat directions differ. */
function heatOf(network: Network, options: LandscapeOptions): { heat?: Heat } {
  const values = network.minima.map(({ value }) => value);
  const range = Math.max(...values) - Math.min(...values);
  const modes = new Set(network.minima.map(({ zeroModes }) => zeroModes));
  if (!(range > 0) || modes.size > 1) return {};
  const levels = superpositionLevels(network.minima, network.n);
  const from = options.coldest || range / 300;
  const to = Math.max(options.hottest || range, 1.01 * from);
  return { heat: { levels, range: { from, to }, peaks: heatCapacityPeaks(levels, { from, to }) } };
}

async function spectraOf(landscape: AnyLandscape, network: Network, task: Task): Promise<Float64Array[]> {
  const out: Float64Array[] = [];
  for (const { x } of network.minima) out.push(await solve(landscape, spectrumAt(landscape, x), { task }));
  return out;
}

function* spectrumAt(landscape: AnyLandscape, x: Float64Array): Search<Float64Array> {
  const { hessian } = yield { hessianAt: x };
  return modeSpectrum(hessian!, landscape.zeroModes?.(x)).values;
}
