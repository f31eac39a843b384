import type { CutStudy } from "./cut-study.ts";
import type { PhasesOptions } from "./params.ts";

/** The study's headline numbers under fixed names, taken from the look at its main network. */
export function headMetrics(
  { look, networks, data }: CutStudy,
  _options: PhasesOptions,
): Record<string, number> {
  const { metrics } = look.section;
  const { name } = data.axis;
  const wanted: Record<string, number | undefined> = {
    [`phases.influence.ll_helpful_median_${name}`]: metrics[`net.influence.even.LL.helpful_median_${name}`],
    [`phases.influence.ll_harmful_median_${name}`]: metrics[`net.influence.even.LL.harmful_median_${name}`],
    [`phases.influence.cdw_helpful_median_${name}`]:
      metrics[`net.influence.even.CDWI.helpful_median_${name}`],
    [`phases.rue.peak_${name}`]: metrics[`net.rue.even.peak_${name}`],
    [`phases.lees.peak_${name}`]: metrics[`net.lees.even.peak_${name}`],
    "phases.lees.ood_auc": metrics["net.lees.mixed.ood_auc"],
    "phases.confidence.ood_auc": metrics["net.confidence.mixed.ood_auc"],
    "phases.gradient.ood_auc": metrics["net.gradient.mixed.ood_auc"],
    [`phases.boundary_${name}`]: networks[0]!.scan.boundaries[0],
    "phases.loo.pearson": metrics["net.loo.pearson"],
    "phases.loo.newton.pearson": metrics["net.loo.newton.pearson"],
    "phases.accuracy.even": networks[0]!.even.accuracy,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}
