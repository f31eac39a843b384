import { breathe } from "../../core/breathe.ts";
import type { Random } from "../../core/random.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { coverage } from "../../stats/coverage.ts";
import { median } from "../../stats/quantile.ts";
import { rmsError } from "./fits.ts";
import type { HoldOut } from "./hold-out.ts";
import type { MassBaseline, MassPrediction } from "./mass-baseline.ts";

/** How well one baseline predicts one set of held-out nuclei. */
export interface BaselineScore {
  /** Root mean square error, keV. */
  rms: number;
  /** Median of the absolute errors, keV. */
  median: number;
  nuclei: number;
  /** Shares of the nuclei within the stated 68 and 95 % intervals; NaN from a baseline that states none. */
  coverage68: number;
  coverage95: number;
}

/** Scores predictions against the binding energies of `test`. */
export function scorePrediction(
  prediction: Pick<MassPrediction, "binding" | "sigma">,
  actual: ArrayLike<number>,
): BaselineScore {
  const { binding, sigma } = prediction;
  const errors = binding.map((value, i) => Math.abs(value - actual[i]!));
  const stated = sigma.every((value) => !Number.isNaN(value));
  const [within68, within95] = stated ? coverage(binding, sigma, actual, [0.68, 0.95]) : [];
  return {
    rms: rmsError(binding, actual),
    median: median(errors),
    nuclei: errors.length,
    coverage68: within68?.share ?? Number.NaN,
    coverage95: within95?.share ?? Number.NaN,
  };
}

/** Fits every baseline to the training nuclei and scores it on the others, each with a random stream of its own. */
export async function scoreBaselines(
  baselines: readonly MassBaseline[],
  { train, test }: HoldOut,
  random: Random,
  task: Task = quietTask,
): Promise<{ baseline: MassBaseline; prediction: MassPrediction; score: BaselineScore }[]> {
  const out: { baseline: MassBaseline; prediction: MassPrediction; score: BaselineScore }[] = [];
  for (const [k, baseline] of baselines.entries()) {
    await breathe(task);
    const prediction = await baseline.predict({
      train,
      nuclei: test,
      random: random.fork(baseline.name),
      task: task.part(k / baselines.length, (k + 1) / baselines.length, baseline.title),
    });
    out.push({ baseline, prediction, score: scorePrediction(prediction, test.binding) });
  }
  return out;
}
