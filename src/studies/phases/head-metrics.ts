import { groupsOf } from "../../lenses/curvature/analyse.ts";
import { groupInfluence, largest } from "../../lenses/curvature/claims/influence-claim.ts";
import { median } from "../../stats/quantile.ts";
import type { CutStudy } from "./cut-study.ts";

/**
 * The study's headline numbers under fixed names, taken from the look at its main network. For each phase: the control
 * value of the training states that help its test states most, by mean influence (`helpful_median`), the median over
 * the lists of single test states (`per_point`), over the same phase's training states only (`same_phase`), and the
 * share of that phase's training states that lie nearer a label boundary than the first of these (`nearer_share`).
 */
export function headMetrics({ look, networks, data }: CutStudy, top: number): Record<string, number> {
  const { metrics } = look.section;
  const { name } = data.axis;
  const found: Record<string, number | undefined> = {
    [`phases.rue.peak_${name}`]: metrics[`net.rue.even.peak_${name}`],
    [`phases.lees.peak_${name}`]: metrics[`net.lees.even.peak_${name}`],
    "phases.lees.ood_auc": metrics["net.lees.mixed.ood_auc"],
    "phases.lees.share.ood_auc": metrics["net.lees.mixed.share.ood_auc"],
    "phases.confidence.ood_auc": metrics["net.confidence.mixed.ood_auc"],
    "phases.gradient.ood_auc": metrics["net.gradient.mixed.ood_auc"],
    [`phases.boundary_${name}`]: networks[0]!.scan.boundaries[0],
    "phases.loo.pearson": metrics["net.loo.pearson"],
    "phases.loo.newton.pearson": metrics["net.loo.newton.pearson"],
    "phases.accuracy.even": networks[0]!.even.accuracy,
  };
  const answers = look.analysis.answers[0]!;
  const { control } = data.train.set;
  const { phase, labels } = data.train;
  const changes = Array.from(labels, (_, i) => i - 0.5).filter(
    (at) => at > 0 && labels[at - 0.5] !== labels[at + 0.5],
  );
  const distance = (i: number) => Math.min(...changes.map((at) => Math.abs(i - at)));
  for (const group of groupsOf(answers)) {
    const key = `phases.influence.${group.name
      .toLowerCase()
      .replace(/-i$/, "")
      .replace(/[^a-z0-9]/g, "")}`;
    const values = groupInfluence(answers, group.tests);
    const helpful = largest(values, top);
    const harmful = largest(
      values.map((value) => -value),
      top,
    );
    const at = (members: readonly number[]) => median(members.map((i) => control[i]!));
    const own = Array.from(phase, (_, i) => i).filter((i) => phase[i] === group.name);
    const samePhase = group.tests.flatMap((t) => {
      const row = own.map((i) => answers.influence.data[t * answers.influence.cols + i]!);
      return largest(row, top).map((k) => own[k]!);
    });
    const far = median(helpful.map(distance));
    Object.assign(found, {
      [`${key}_helpful_median_${name}`]: at(helpful),
      [`${key}_harmful_median_${name}`]: at(harmful),
      [`${key}_helpful_per_point_${name}`]:
        metrics[`net.influence.even.${group.name.replace(/[^A-Za-z0-9]/g, "")}.helpful_median_${name}`],
      [`${key}_helpful_same_phase_${name}`]: samePhase.length > 0 ? at(samePhase) : undefined,
      [`${key}_helpful_nearer_share`]: own.filter((i) => distance(i) < far).length / own.length,
    });
  }
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}
