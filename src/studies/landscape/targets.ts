import type { Random } from "../../core/random.ts";
import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import { featureRecall } from "../../lenses/landscape/claims/relevance-claim.ts";
import type { GroupLook } from "../../lenses/landscape/conserved/look-at-group.ts";
import { weightChoices } from "../../lenses/landscape/conserved/permutation-controls.ts";
import { rankCorrelation } from "../../lenses/landscape/nulls/weight-null.ts";
import { bootstrapInterval } from "../../stats/bootstrap.ts";
import { mean, variance } from "../../stats/describe.ts";
import { exceedancePValue } from "../../stats/exceedance.ts";
import { median } from "../../stats/quantile.ts";
import { thresholds } from "./thresholds.ts";

/** One line of the reproduction targets. */
export interface Target {
  /** Row of the list, and what it asks. */
  row: number;
  asks: string;
  /** As it is compared: "at least", "below". */
  by: "at least" | "at most" | "above" | "below";
  threshold: number;
  measured: number;
  met: boolean;
}

const resamples = 2000;

/** Numbers over seeds, by name after "landscape.". */
export function overSeeds(looks: readonly GroupLook[], relevant?: readonly number[]): Record<string, number> {
  if (looks.length === 0) return {};
  const metrics: Record<string, number> = { "seeds.judged": looks.length };
  const put = (name: string, values: readonly number[]) => {
    metrics[name] = mean(values);
    if (values.length > 1) metrics[`${name}.sd_over_seeds`] = Math.sqrt(variance(values));
  };
  put(
    "auc.base",
    looks.map(({ controls }) => controls.base),
  );
  put(
    "auc.random",
    looks.map(({ controls }) => controls.random.shuffled.mean),
  );
  for (const choice of weightChoices) {
    put(
      `auc.${choice}`,
      looks.map(({ controls }) => controls.scores[choice].shuffled.mean),
    );
  }
  put(
    "sigma.ratio",
    looks.map(({ sigma }) => sigma.unaligned / sigma.aligned),
  );
  put("agreement.permutation", looks.map(agreement));
  if (relevant && relevant.length > 0) {
    put(
      "feature_recall",
      looks.map(({ scores }) => featureRecall(scores, relevant)),
    );
  }
  return metrics;
}

/** Rows 1 to 7 over the seeds whose groups are large enough. */
export function reproductionTargets(
  looks: readonly GroupLook[],
  relevant: readonly number[],
  random: Random,
): Target[] {
  if (looks.length === 0) return [];
  const n = looks.length;
  const of = (choice: (typeof weightChoices)[number]) =>
    looks.map(({ controls }) => controls.scores[choice].shuffled.mean);
  const chance = looks.map(({ controls }) => controls.random.shuffled);
  const low = of("lowcv");
  const share = (holds: (s: number) => boolean) => low.filter((_, s) => holds(s)).length / n;
  const least = (differences: readonly number[], name: string) =>
    bootstrapInterval(differences, mean, {
      ...{ rounds: resamples, level: thresholds.level, random: random.fork(name) },
    }).low;
  const lines: Omit<Target, "met">[] = [
    {
      row: 1,
      asks: "mean AUC of the untouched network",
      by: "at least",
      threshold: thresholds.base,
      measured: mean(looks.map(({ controls }) => controls.base)),
    },
    {
      row: 1,
      asks: "mean AUC, conserved weights shuffled",
      by: "at most",
      threshold: thresholds.conserved,
      measured: mean(low),
    },
    {
      row: 1,
      asks: "share of seeds below the random sets' mean",
      by: "at least",
      threshold: thresholds.belowRandom,
      measured: share((s) => low[s]! < chance[s]!.mean),
    },
    {
      row: 1,
      asks: "share of seeds below it by one deviation",
      by: "at least",
      threshold: thresholds.belowRandomByOne,
      measured: share((s) => low[s]! <= chance[s]!.mean - chance[s]!.sd),
    },
    {
      row: 2,
      asks: "random less conserved, lower end of the 95 % interval",
      by: "above",
      threshold: 0,
      measured: least(
        low.map((value, s) => chance[s]!.mean - value),
        "random",
      ),
    },
    {
      row: 3,
      asks: "largest |w·∂margin/∂w| less conserved, lower end of the 95 % interval",
      by: "above",
      threshold: 0,
      measured: least(
        of("gradient").map((value, s) => value - low[s]!),
        "gradient",
      ),
    },
    {
      row: 4,
      asks: "share of seeds whose top features are those that carry the label",
      by: "at least",
      threshold: thresholds.recalled,
      measured: looks.filter(({ scores }) => featureRecall(scores, relevant) === 1).length / n,
    },
    {
      row: 4,
      asks: "median rank correlation with permutation importance",
      by: "above",
      threshold: thresholds.correlation,
      measured: median(looks.map(agreement)),
    },
    {
      row: 5,
      asks: "p of the overlap of conserved sets within the group, over seeds",
      by: "below",
      threshold: thresholds.overlap,
      measured: pooledOverlap(looks),
    },
    {
      row: 6,
      asks: "share of seeds where the lowest raw σ matters less than random weights",
      by: "at least",
      threshold: thresholds.rawVariance,
      measured: share((s) => of("rawvariance")[s]! > chance[s]!.mean),
    },
    {
      row: 7,
      asks: "fall of the median σ by alignment",
      by: "at least",
      threshold: thresholds.sigma,
      measured: median(looks.map(({ sigma }) => sigma.unaligned / sigma.aligned)),
    },
    {
      row: 7,
      asks: "largest distance to a symmetric copy after alignment",
      by: "at most",
      threshold: thresholds.copies,
      measured: Math.max(...looks.map(({ copyDistance }) => copyDistance)),
    },
  ];
  return lines.map((line) => ({ ...line, met: holds(line) }));
}

function holds({ by, measured, threshold }: Omit<Target, "met">): boolean {
  if (by === "at least") return measured >= threshold - 1e-12;
  if (by === "at most") return measured <= threshold;
  return by === "above" ? measured > threshold : measured < threshold;
}

function agreement({ scores, attributions }: GroupLook): number {
  return rankCorrelation(scores, attributions.scores.permutation);
}

/** The mean over seeds of the overlap within the group against the same of a random group in every seed; 1 without any. */
function pooledOverlap(looks: readonly GroupLook[]): number {
  const found = looks.flatMap(({ overlap }) => (overlap ? [overlap] : []));
  if (found.length === 0) return 1;
  const draws = Math.min(...found.map(({ random }) => random.length));
  const nulls = Float64Array.from({ length: draws }, (_, b) => mean(found.map(({ random }) => random[b]!)));
  return exceedancePValue(mean(found.map(({ within }) => within)), nulls);
}

/** The targets as metrics: "row.1.2" is 1 where the second line of row 1 is met, and its value stands beside it. */
export function targetMetrics(targets: readonly Target[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  const counts = new Map<number, number>();
  for (const { row, measured, met } of targets) {
    const line = (counts.get(row) ?? 0) + 1;
    counts.set(row, line);
    metrics[`row.${row}.${line}`] = measured;
    metrics[`row.${row}.${line}.met`] = met ? 1 : 0;
  }
  for (const row of counts.keys()) {
    metrics[`row.${row}.met`] = targets.every((target) => target.row !== row || target.met) ? 1 : 0;
  }
  return metrics;
}

/** The targets as a table. */
export function targetTable(targets: readonly Target[], seeds: number): Table {
  return {
    name: "landscape-targets",
    title: `What was to be shown, fixed beforehand, over ${seeds} seed${seeds === 1 ? "" : "s"}`,
    rows: targets.length,
    columns: [
      numberColumn(
        "row",
        "",
        targets.map(({ row }) => row),
      ),
      textColumn(
        "criterion",
        targets.map(({ asks }) => asks),
      ),
      textColumn(
        "threshold",
        targets.map(({ by, threshold }) => `${by} ${threshold}`),
      ),
      numberColumn(
        "measured",
        "",
        targets.map(({ measured }) => measured),
      ),
      textColumn(
        "met",
        targets.map(({ met }) => (met ? "yes" : "no")),
      ),
    ],
    provenance: [],
  };
}
