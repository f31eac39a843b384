import type { Random } from "../../../core/random.ts";
import type { Library } from "./library.ts";
import type { ThresholdOptions } from "./stlsq.ts";
import type { WeakFormOptions } from "./weak-form.ts";

/** How the rates of change are found: see `differences`, `savitzkyGolay`, `weakForm`. */
export type RateMethod = "given" | "differences" | "savitzky-golay" | "weak form";

export interface SparseOptions extends ThresholdOptions {
  /** Default: the given rates where the data have them, otherwise Savitzky–Golay. */
  rates?: RateMethod;
  /** Degree of the polynomial library. Default 2. */
  degree?: number;
  /** Frequencies of sines and cosines beside it. Default 0. */
  frequencies?: number;
  /** Terms in place of the polynomial and Fourier ones. */
  library?: Library;
  /** Window of Savitzky–Golay, points. Default 15. */
  window?: number;
  weak?: WeakFormOptions;
  /** Take the noise of the states (`sigma` of the data) out of the moments; needs given rates and a polynomial library. Default false. */
  correctNoise?: boolean;
  /** Resamples of the ensemble; 0 for none. Default 200. */
  rounds?: number;
  /** Stretches of rows that are drawn together, since neighbouring rows tell the same. Default 100 over all rows. */
  blocks?: number;
  /** Needed where there are rounds. */
  random?: Random;
  /** A term that fewer of the resamples choose is flagged. Default 0.95. */
  inclusion?: number;
}
