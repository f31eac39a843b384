import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { rms } from "../../stats/describe.ts";
import type { BindingData } from "./fits.ts";
import { takeNuclei } from "./hold-out.ts";
import type { Nuclei } from "./nuclides.ts";

/** Binding energies as a baseline predicts them. */
export interface MassPrediction {
  /** keV */
  binding: Float64Array;
  /** One standard deviation of a new measurement, keV; NaN from a baseline that states none. */
  sigma: Float64Array;
  /** What was chosen on the way, by name: "noise", "ridge". */
  chosen: Readonly<Record<string, number>>;
}

/** A way to predict binding energies from others, which a model is to be measured against. */
export interface MassBaseline {
  name: string;
  title: string;
  help: string;
  citation: string;
  /**
   * Fits to `train` and predicts `nuclei`. Whatever has to be chosen is chosen on an inner split of `train`, drawn from
   * `random`; the nuclei to predict play no part in it.
   */
  predict(options: {
    train: BindingData;
    nuclei: Nuclei;
    random: Random;
    task?: Task;
  }): Promise<MassPrediction>;
}

/** Four fifths of `data` to fit and a fifth to choose by, drawn at random. @throws UserError for under five nuclei. */
export function innerSplit(data: BindingData, random: Random): { fit: BindingData; check: BindingData } {
  const count = data.z.length;
  if (count < 5)
    throw new UserError(`innerSplit: ${count} nuclei; expected at least 5 to choose anything on`);
  const order = random.permutation(count);
  const size = Math.round(0.8 * count);
  return { fit: takeNuclei(data, order.slice(0, size)), check: takeNuclei(data, order.slice(size)) };
}

/** The candidate whose errors have the least root mean square. @throws UserError where none is finite. */
export async function leastError<T>(
  candidates: readonly T[],
  errors: (candidate: T) => ArrayLike<number> | Promise<ArrayLike<number>>,
): Promise<{ candidate: T; rms: number }> {
  let best: { candidate: T; rms: number } | undefined;
  for (const candidate of candidates) {
    const error = rms(await errors(candidate));
    if (Number.isFinite(error) && !(best && best.rms <= error)) best = { candidate, rms: error };
  }
  if (best) return best;
  throw new UserError(`leastError: none of ${candidates.length} candidates has a finite error`);
}
