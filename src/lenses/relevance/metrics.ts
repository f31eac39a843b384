import type { RelevanceAnalysis } from "./analysis.ts";
import { bodyOrder } from "./claims/order-claim.ts";
import { type Curve, curveCorrelation } from "./curves.ts";
import { forceByOrder } from "./gradients-look.ts";
import type { RelevanceOptions } from "./options.ts";
import type { RelevanceSubject } from "./subject.ts";

/** The relevance of pairs near the cutoff over its largest size: what a cutoff leaves behind. */
export function cutoffResidue({ value }: Pick<Curve, "value">): number {
  const most = Math.max(...value.map(Math.abs));
  return most > 0 ? Math.abs(value.at(-1)!) / most : 0;
}

/** Every number of an analysis, by dotted name under the subject's id. */
export function relevanceMetrics(
  subject: RelevanceSubject,
  analysis: RelevanceAnalysis,
  options: RelevanceOptions,
): Record<string, number> {
  const { main, others, pairwise, random, sensitivity, cuts } = analysis;
  const metrics: Record<string, number> = {
    frames: main.terms.length,
    beads: main.terms[0]!.beads,
    edges: main.terms.reduce((sum, { edges }) => sum + edges, 0) / main.terms.length,
    "conservation.defect": Math.max(...main.terms.map(({ certificate }) => Math.abs(certificate.defect))),
    "conservation.relative": Math.max(
      ...main.terms.map(({ certificate: { defect, energy } }) => Math.abs(defect / (energy || 1))),
    ),
    "constant.per_bead":
      main.terms.reduce((sum, { certificate, beads }) => sum + certificate.constant / beads, 0) /
      main.terms.length,
    "energy.per_bead":
      main.terms.reduce((sum, { certificate, beads }) => sum + certificate.energy / beads, 0) /
      main.terms.length,
    R3_over_R2: main.ratios.relevance,
    V3_over_V2: main.ratios.vacuum,
    "order.relevance": bodyOrder(main.totals.relevance, options.significant),
    "order.expansion": bodyOrder(main.totals.vacuum, options.significant),
    "cutoff.residue": cutoffResidue(main.pair.relevance),
    "cuts.pairs": cuts.pairs.change,
    "cuts.pairs.random": Math.max(...cuts.pairs.controls),
  };
  const orders = ["1", "2", "3", "more"];
  for (const [name, totals] of [
    ["R", main.totals.relevance],
    ["V", main.totals.vacuum],
    ...(main.totals.branching ? ([["B", main.totals.branching]] as const) : []),
  ] as const) {
    orders.forEach((order, k) => {
      metrics[`${name}${order}.per_bead`] = totals.value[k]!;
      metrics[`${name}${order}.per_bead.error`] = totals.error[k]!;
    });
  }
  if (main.ratios.branching !== undefined) metrics["B3_over_B2"] = main.ratios.branching;
  if (main.totals.truth) {
    metrics["E2.per_bead"] = main.totals.truth.value[1]!;
    metrics["E3.per_bead"] = main.totals.truth.value[2]!;
    metrics["E3_over_E2"] = main.ratios.truth!;
    const right = (k: number, of: readonly number[]) =>
      Math.sign(of[k]!) === Math.sign(main.totals.truth!.value[k]!) ? 1 : 0;
    for (const n of [2, 3] as const) {
      if (main.totals.truth.value[n - 1] === 0) continue;
      metrics[`R${n}.sign_right`] = right(n - 1, main.totals.relevance.value);
      metrics[`V${n}.sign_right`] = right(n - 1, main.totals.vacuum.value);
    }
  }
  for (const [name, { value, low, high, count, slope }] of Object.entries(main.correlations)) {
    metrics[`${name}_corr`] = value;
    metrics[`${name}_corr.low`] = low;
    metrics[`${name}_corr.high`] = high;
    metrics[`${name}_corr.count`] = count;
    metrics[`${name}_slope`] = slope.value;
    metrics[`${name}_slope.low`] = slope.low;
    metrics[`${name}_slope.high`] = slope.high;
  }
  for (const part of ["pair", "angle"] as const) {
    const curves = main[part];
    if (!curves) continue;
    const letter = part === "pair" ? "2" : "3";
    const add = (name: string, a: Curve, b: Curve | undefined) => {
      if (b) metrics[`curve.${name}`] = curveCorrelation(a, b).value;
    };
    add(`R${letter}_V${letter}`, curves.relevance, curves.vacuum);
    add(`R${letter}_truth`, curves.relevance, curves.truth);
    if (curves.branching) add(`B${letter}_V${letter}`, curves.branching, curves.vacuum);
    if (curves.branching) add(`B${letter}_truth`, curves.branching, curves.truth);
    if (curves.truth) add(`V${letter}_truth`, curves.vacuum, curves.truth);
  }
  for (const { gamma, pair, angle } of sensitivity) {
    metrics[`gamma.${gamma}.pair`] = pair;
    metrics[`gamma.${gamma}.angle`] = angle;
  }
  for (const { seed, look } of others) {
    metrics[`seed.${seed}.R2_curve`] = curveCorrelation(look.pair.relevance, main.pair.relevance).value;
    metrics[`seed.${seed}.R3_over_R2`] = look.ratios.relevance;
    metrics[`seed.${seed}.V3_over_V2`] = look.ratios.vacuum;
    for (const name of ["R3_V3", "V3_truth", "R3_truth", "V2_truth"]) {
      const found = look.correlations[name];
      if (found) metrics[`seed.${seed}.${name}_corr`] = found.value;
    }
  }
  if (pairwise.length > 0) {
    metrics["pairwise.R3_over_R2"] =
      pairwise.reduce((sum, look) => sum + look.ratios.relevance, 0) / pairwise.length;
  }
  if (random.length > 0) {
    const ratios = random.map((look) => look.ratios.relevance).sort((a, b) => a - b);
    metrics["random.R3_over_R2.median"] = ratios[Math.floor(ratios.length / 2)]!;
  }
  const letters = { relevance: "R", vacuum: "V", truth: "E" } as const;
  for (const { by, gradients, pressure } of analysis.gradients.sources) {
    const name = (k: number) => `${letters[by]}${orders[k]!}`;
    pressure?.forEach((value, k) => {
      metrics[`pressure.${name(k)}`] = value;
    });
    if (analysis.gradients.beads.length === 0) continue;
    forceByOrder(gradients).forEach((value, k) => {
      metrics[`force_rms.${name(k)}`] = value;
    });
  }
  const whole = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(whole.map(([name, value]) => [`${subject.id}.${name}`, value]));
}
