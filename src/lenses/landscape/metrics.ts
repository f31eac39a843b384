import type { LandscapeAnalysis } from "./analysis.ts";
import { attributionMethods } from "./attribution/attributions.ts";
import { featureRecall } from "./claims/relevance-claim.ts";
import { weightChoices } from "./conserved/permutation-controls.ts";
import { rankCorrelation } from "./nulls/weight-null.ts";
import type { LandscapeSubject } from "./subject.ts";

/** Names of the choices in metrics: the conserved ones are those of `auc.lowcv`. */
const hows = ["zeroed", "noise"] as const;

/** Every number of an analysis, by dotted name under the subject's id. */
export function landscapeMetrics(
  subject: LandscapeSubject,
  analysis: LandscapeAnalysis,
): Record<string, number> {
  const { network, basins, group, persistence, completeness, heat, exploration, aucs, nulls } = analysis;
  const metrics: Record<string, number> = {
    minima: network.minima.length,
    saddles: network.saddles.length,
    coordinates: network.n,
    lowest: Math.min(...network.minima.map(({ value }) => value)),
    "group.size": group.minima.length,
    basins: basins.groups.length,
    components: analysis.tree.roots.length,
    walkers: network.walkers.length,
  };
  const finite = persistence.filter((pair) => Number.isFinite(pair.persistence));
  if (finite.length > 0) metrics["persistence.largest"] = finite[0]!.persistence;
  if (completeness) {
    metrics["minima.estimate"] = completeness.estimate;
    metrics["minima.estimate.high"] = completeness.interval[1];
    metrics["coverage"] = completeness.coverage;
  }
  if (heat) {
    // A file of numbers has the same names whatever was found: the highest peak stands for all, 0 for none.
    const excess = heat.peaks.map(({ heatCapacity }) => heatCapacity - heat.levels.modes / 2);
    const top = excess.indexOf(Math.max(...excess));
    metrics["heat.peaks"] = heat.peaks.length;
    metrics["heat.peak.temperature"] = heat.peaks[top]?.temperature ?? 0;
    metrics["heat.peak.excess"] = excess[top] ?? 0;
  }
  if (exploration) {
    metrics["quenches"] = exploration.quenches;
    metrics["gradients"] = exploration.gradients;
    metrics["hessians"] = exploration.hessians;
    metrics["grown"] = exploration.grown;
  }
  if (aucs) {
    metrics["auc.best_minimum"] = Math.max(...aucs);
    metrics["auc.global_minimum"] = aucs[analysis.tree.nodes[analysis.tree.roots[0]!]!.lowest]!;
  }
  for (const test of nulls) metrics[`null.${test.name.replaceAll(" ", "_")}.p`] = test.p;
  Object.assign(metrics, groupMetrics(subject, analysis));
  const whole = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(whole.map(([name, value]) => [`${subject.id}.${name}`, value]));
}

function groupMetrics(subject: LandscapeSubject, { look }: LandscapeAnalysis): Record<string, number> {
  if (!look) return {};
  const { controls, scores, attributions, sigma, overlap } = look;
  const metrics: Record<string, number> = {
    "auc.base": controls.base,
    "auc.random": controls.random.shuffled.mean,
    "auc.random.sd": controls.random.shuffled.sd,
    "conserved.count": look.count,
    "sigma.aligned": sigma.aligned,
    "sigma.unaligned": sigma.unaligned,
    "sigma.as_found": sigma.asFound,
    "sigma.ratio": sigma.unaligned / sigma.aligned,
    copy_distance: look.copyDistance,
    "attribution.completeness": attributions.completeness,
    "attribution.efficiency": attributions.efficiency,
    "signs.conserved": Math.min(...Array.from(controls.sets.lowcv, (i) => look.statistics.signs[i]!)),
  };
  for (const choice of weightChoices) {
    const { shuffled } = controls.scores[choice];
    metrics[`auc.${choice}`] = shuffled.mean;
    metrics[`auc.${choice}.sd`] = shuffled.sd;
    for (const how of hows) metrics[`auc.${choice}.${how}`] = controls.scores[choice][how].mean;
  }
  for (const how of hows) metrics[`auc.random.${how}`] = controls.random[how].mean;
  if (overlap) {
    metrics["overlap"] = overlap.within;
    metrics["overlap.random"] = overlap.random.reduce((sum, x) => sum + x, 0) / overlap.random.length;
    metrics["overlap.p"] = overlap.p;
  }
  for (const method of attributionMethods) {
    metrics[`agreement.${method}`] = rankCorrelation(scores, attributions.scores[method]);
  }
  subject.classifier!.names.forEach((name, k) => {
    metrics[`score.${name}`] = scores[k]!;
    metrics[`score.${name}.low`] = look.overMinima.low[k]!;
    metrics[`score.${name}.high`] = look.overMinima.high[k]!;
  });
  const { relevant } = subject.classifier!;
  if (relevant && relevant.length > 0) metrics["feature_recall"] = featureRecall(scores, relevant);
  return metrics;
}
