import type { Random } from "../../core/random.ts";
import { centred } from "./centre.ts";

/** The radius of a ball that holds N Lennard-Jones atoms loosely: r_e(1 + (3N/4π√2)^⅓), r_e = 2^(1/6). */
export function containerRadius(atoms: number): number {
  return 2 ** (1 / 6) * (1 + ((3 * atoms) / (4 * Math.PI * Math.SQRT2)) ** (1 / 3));
}

/** Atoms at random in the ball of {@link containerRadius}, uniform by volume. */
export function clusterStart(atoms: number, random: Random): Float64Array {
  const radius = containerRadius(atoms);
  const x = new Float64Array(3 * atoms);
  for (let i = 0; i < x.length; i += 3) {
    for (;;) {
      let squares = 0;
      for (let c = 0; c < 3; c++) {
        x[i + c] = 2 * random.uniform() - 1;
        squares += x[i + c]! ** 2;
      }
      if (squares <= 1) break;
    }
    for (let c = 0; c < 3; c++) x[i + c]! *= radius;
  }
  return x;
}

/**
 * Every coordinate moved by a number uniform on ±step, about the centre; an atom that is outside of the ball of
 * {@link containerRadius} then is put back on its surface, so that no cluster evaporates.
 */
export function clusterStep(x: Float64Array, random: Random, step: number): Float64Array {
  const radius = containerRadius(x.length / 3);
  const out = centred(x);
  for (let i = 0; i < out.length; i++) out[i]! += step * (2 * random.uniform() - 1);
  for (let i = 0; i < out.length; i += 3) {
    const length = Math.hypot(out[i]!, out[i + 1]!, out[i + 2]!);
    if (length <= radius) continue;
    for (let c = 0; c < 3; c++) out[i + c]! *= radius / length;
  }
  return out;
}
