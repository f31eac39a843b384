import { rowOf } from "../../linalg/rows.ts";
import { rms } from "../../stats/describe.ts";
import type { Decomposition } from "./decompose.ts";

/** The error of a readout that sees only the first k principal components, k from 0. */
export interface CumulativeError {
  /** truncation[k]: the model's own readout, the other components at their mean. Unit of the output. */
  truncation: Float64Array;
  /** leastSquares[k]: the target fitted on a constant and the first k scores. */
  leastSquares: Float64Array;
  /** The error of the untouched model. */
  full: number;
}

/**
 * RMS error against the target with the first k components: through the model's own readout (everything else at the
 * mean) and by refitting the readout, k = 0 … kept. With k = 0 the first is one constant, the output at the mean
 * activation; the second is the target's mean, its error the target's standard deviation. The refit is exact for the
 * samples it is judged on: it bounds the truncation from below and falls monotonically. Source: Kitouni et al. 2024,
 * Fig. 4 and appendix G.
 */
export function cumulativeError(
  { base, contributions, output }: Decomposition,
  target: ArrayLike<number>,
): CumulativeError {
  const n = target.length;
  const kept = contributions.rows;
  const missing = Float64Array.from({ length: n }, (_, i) => base - target[i]!);
  const mean = Array.prototype.reduce.call(
    target,
    (sum, value) => (sum as number) + (value as number) / n,
    0,
  ) as number;
  const rest = Float64Array.from({ length: n }, (_, i) => target[i]! - mean);
  const truncation = new Float64Array(kept + 1);
  const leastSquares = new Float64Array(kept + 1);
  truncation[0] = rms(missing);
  leastSquares[0] = rms(rest);
  for (let k = 0; k < kept; k++) {
    // Scores have mean zero and are orthogonal to each other, so the fit goes one component at a time.
    const own = rowOf(contributions, k);
    const square = own.reduce((sum, value) => sum + value * value, 0);
    const slope = square > 0 ? own.reduce((sum, value, i) => sum + value * rest[i]!, 0) / square : 0;
    for (let i = 0; i < n; i++) {
      missing[i]! += own[i]!;
      rest[i]! -= slope * own[i]!;
    }
    truncation[k + 1] = rms(missing);
    leastSquares[k + 1] = rms(rest);
  }
  return { truncation, leastSquares, full: rms(output.map((value, i) => value - target[i]!)) };
}

/** How far an error falls over its first three components, as factors. */
export interface FallOverThree {
  /** error(1)/error(3): what the second and third component bring. The claim "fivefold" is judged by this. */
  fall: number;
  /** min(error(1), error(2))/error(3): what the third brings over the best of fewer. Stricter. */
  drop: number;
  /** error(0)/error(3): over a constant. Large for any model that has learned the size of the target. */
  fromConstant: number;
}

/** {@link FallOverThree} of errors[k], k = 0 … 3 at least. */
export function fallOverThree(errors: ArrayLike<number>): FallOverThree {
  const third = errors[3]!;
  return {
    fall: errors[1]! / third,
    drop: Math.min(errors[1]!, errors[2]!) / third,
    fromConstant: errors[0]! / third,
  };
}
