import type { Matrix } from "../../linalg/matrix.ts";
import type { Search } from "./search.ts";
import { modeSpectrum } from "./spectrum.ts";

/**
 * Where searches that follow the modes of a minimum start: along its softest modes numbered `from` to `to`, each way, by
 * each of `sizes`; with the direction to climb. Source: Tsai & Jordan, J. Phys. Chem. 97, 11227 (1993).
 */
export function* modeStarts(
  job: { x: Float64Array; modes: { from: number; to: number }; sizes: readonly number[] },
  zeroModes?: (x: Float64Array) => Matrix,
): Search<{ start: Float64Array; guess: Float64Array }[]> {
  const { x } = job;
  const n = x.length;
  const { hessian } = yield { hessianAt: x };
  const { values, vectors } = modeSpectrum(hessian!, zeroModes?.(x));
  const starts: { start: Float64Array; guess: Float64Array }[] = [];
  for (let m = job.modes.from; m < Math.min(job.modes.to, values.length); m++) {
    for (const size of job.sizes) {
      for (const sign of [1, -1]) {
        const guess = vectors.data.slice(m * n, (m + 1) * n).map((value) => sign * value);
        starts.push({ start: x.map((value, i) => value + size * guess[i]!), guess });
      }
    }
  }
  return starts;
}
