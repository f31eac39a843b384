import { exceedancePValue } from "../../stats/exceedance.ts";
import { quantile } from "../../stats/quantile.ts";

/** What chance gives for a statistic, with the fields of an evidence card's null test. */
export interface NullEvidence {
  /** The null model. */
  name: string;
  /** What was computed, on the model and on every draw. */
  statistic: string;
  observed: number;
  /** B, the number of draws. */
  rounds: number;
  /** Draws that reached the observed value. */
  exceedances: number;
  /** (1 + exceedances)/(B + 1) */
  p: number;
  /** The smallest p that B draws can give. */
  floor: number;
  /** Median and 95 % quantile of the draws. */
  median: number;
  high: number;
  /** What one draw is made of. */
  cost: string;
  reference: string;
}

/** Taking away what a claim names beside taking away as much of something else: an evidence card's faithfulness. */
export interface AblationEvidence {
  /** What was ablated. */
  what: string;
  /** What should change. */
  quantity: string;
  unit: string;
  change: number;
  /** What was ablated instead. */
  control: string;
  /** The change under each control. */
  controls: number[];
}

/** The evidence that `draws` of a null model give on an observed statistic, large values speaking for the claim. */
export function nullEvidence(
  observed: number,
  draws: Float64Array,
  words: Pick<NullEvidence, "name" | "statistic" | "cost" | "reference">,
): NullEvidence {
  const rounds = draws.length;
  const p = exceedancePValue(observed, draws);
  return {
    ...words,
    observed,
    rounds,
    exceedances: Math.round(p * (rounds + 1)) - 1,
    p,
    floor: 1 / (rounds + 1),
    median: quantile(draws, 0.5),
    high: quantile(draws, 0.95),
  };
}
