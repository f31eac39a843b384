import type { Random } from "../../../core/random.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { takeRows } from "../../../linalg/rows.ts";
import { quantile } from "../../../stats/quantile.ts";
import { type GroupOptions, type GroupStatistics, groupStatistics } from "./group-statistics.ts";

/** Where the weights from inputs to first hidden units stand: weight of input k to unit j at j·inputs + k. */
export interface FirstLayer {
  inputs: number;
  hidden: number;
}

/** The coordinates of the weights from inputs to first hidden units. */
export function firstLayerWeights({ inputs, hidden }: FirstLayer): Int32Array {
  return Int32Array.from({ length: inputs * hidden }, (_, i) => i);
}

/**
 * F_k = Σ_j r_jk over the first hidden units j, optionally each times what leaves the unit, Σ_i |W1_ij|: how firmly a
 * group of minima holds the weights of feature k. One number for each feature. @param leaving one a hidden unit.
 */
export function featureScores(
  { ratio }: Pick<GroupStatistics, "ratio">,
  { inputs, hidden }: FirstLayer,
  leaving?: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(inputs);
  for (let j = 0; j < hidden; j++) {
    const factor = leaving ? leaving[j]! : 1;
    for (let k = 0; k < inputs; k++) out[k]! += factor * ratio[j * inputs + k]!;
  }
  return out;
}

/** An interval for each feature, and every version that it was made of. */
export interface ScoreIntervals {
  low: Float64Array;
  high: Float64Array;
  /** One row for each resample. */
  versions: Float64Array[];
}

/** 95 % percentile intervals of feature scores over versions of them. */
export function scoreIntervals(versions: Float64Array[]): ScoreIntervals {
  const features = versions[0]?.length ?? 0;
  const of = (share: number) =>
    Float64Array.from({ length: features }, (_, k) =>
      quantile(
        versions.map((version) => version[k]!),
        share,
      ),
    );
  return { low: of(0.025), high: of(0.975), versions };
}

/**
 * Feature scores of groups drawn again from the same group, minima with replacement (Efron 1979): how far the scores
 * hang on which minima were found. Draws in which all minima are one and the same are drawn again.
 */
export function bootstrapMinima(
  aligned: Matrix,
  layer: FirstLayer,
  options: GroupOptions & { leaving?: ArrayLike<number>; rounds: number; random: Random },
): ScoreIntervals {
  const { rounds, random, weights, leaving, ...rest } = options;
  const versions: Float64Array[] = [];
  while (versions.length < rounds) {
    const drawn = Int32Array.from({ length: aligned.rows }, () => random.int(aligned.rows));
    if (drawn.every((m) => m === drawn[0])) continue;
    const p = weights && { weights: Float64Array.from(drawn, (m) => weights[m]!) };
    versions.push(
      featureScores(groupStatistics(takeRows(aligned, drawn), { ...rest, ...p }), layer, leaving),
    );
  }
  return scoreIntervals(versions);
}
