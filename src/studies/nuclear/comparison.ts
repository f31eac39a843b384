import { usageError } from "../../core/errors.ts";
import type { TokenTraining } from "../../models/train-token-regressor.ts";
import type { NuclearOptions } from "./params.ts";
import type { LearnedTask } from "./tasks.ts";

/** How the compared networks are trained: the study's recipe at the comparison's size. */
export function comparisonTraining(options: NuclearOptions, tasks: readonly LearnedTask[]): TokenTraining {
  return {
    epochs: options.comparisonEpochs,
    learningRate: options.comparisonRate,
    schedule: options.schedule,
    warmup: options.warmup,
    weightDecay: options.weightDecay,
    batch: options.batch,
    taskWeights: tasks.map(({ weight }) => weight),
    dtype: options.dtype,
    device: options.device,
    threads: options.operationThreads,
    rows: "gather",
  };
}

/**
 * The options by which option 'multitask' trains: the comparison's recipe, with those of `multitaskWidth`,
 * `multitaskEpochs`, `multitaskRate` and `multitaskBatch` that are not 0.
 */
export function multitaskOptions(options: NuclearOptions): NuclearOptions {
  const { multitaskWidth, multitaskEpochs, multitaskRate, multitaskBatch } = options;
  return {
    ...options,
    ...(multitaskWidth > 0 && { comparisonWidth: multitaskWidth }),
    ...(multitaskEpochs > 0 && { comparisonEpochs: multitaskEpochs }),
    ...(multitaskRate > 0 && { comparisonRate: multitaskRate }),
    ...(multitaskBatch > 0 && { batch: multitaskBatch }),
  };
}

/**
 * The options by which option 'weightDecays' trains: the comparison's recipe, with those of `weightDecayWidth` and
 * `weightDecayEpochs` that are not 0.
 */
export function weightDecayOptions(options: NuclearOptions): NuclearOptions {
  const { weightDecayWidth, weightDecayEpochs } = options;
  return {
    ...options,
    ...(weightDecayWidth > 0 && { comparisonWidth: weightDecayWidth }),
    ...(weightDecayEpochs > 0 && { comparisonEpochs: weightDecayEpochs }),
  };
}

/** The shares of option 'fractions', least first; none for "none". @throws UserError (exit status 2). */
export function parseFractions(text: string): number[] {
  return parseList(text, {
    option: "fractions",
    accepts: (share) => share > 0 && share < 1,
    what: "share between 0 and 1; for example 0.1,0.5,0.9, or none",
  });
}

/** The values of option 'weightDecays', least first; none for "none". @throws UserError (exit status 2). */
export function parseWeightDecays(text: string): number[] {
  return parseList(text, {
    option: "weightDecays",
    accepts: (decay) => decay >= 0 && decay <= 10,
    what: "weight decay from 0 to 10; for example 0,0.03, or none",
  });
}

function parseList(
  text: string,
  { option, accepts, what }: { option: string; accepts: (value: number) => boolean; what: string },
): number[] {
  if (text.trim() === "none") return [];
  const values = text.split(",").map((part) => {
    const value = part.trim() === "" ? Number.NaN : Number(part);
    if (accepts(value)) return value;
    throw usageError(`option '${option}': ${JSON.stringify(part.trim())} is no ${what}`);
  });
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw usageError(`option '${option}': ${twice} is there twice`);
  return values.sort((a, b) => a - b);
}
