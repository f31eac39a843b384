import { UserError } from "../../../core/errors.ts";
import { curvatureOrder } from "./lees.ts";

/** How many directions count as curved, and what to know about that choice. */
export interface FlatSpaceChoice {
  m: number;
  warnings: readonly string[];
}

/**
 * Curvature that says nothing: the larger of the most negative eigenvalue's size (a minimum has none) and of the ridge
 * λ/n, which every dead direction has.
 */
export function noiseFloor(values: ArrayLike<number>, ridge: number): number {
  let least = Infinity;
  for (let k = 0; k < values.length; k++) least = Math.min(least, values[k]!);
  return Math.max(ridge, least < 0 ? -least : 0);
}

/**
 * m as the number of eigenvalues above the {@link noiseFloor}. A margin of 1 % keeps directions of the ridge alone out.
 * @throws UserError if there are no eigenvalues or the ridge is not a number of at least 0
 */
export function countAboveFloor(values: ArrayLike<number>, ridge: number): FlatSpaceChoice {
  demandValues("countAboveFloor", values, ridge);
  const floor = 1.01 * noiseFloor(values, ridge);
  let m = 0;
  for (let k = 0; k < values.length; k++) if (values[k]! > floor) m++;
  const warnings =
    m === 0 ? [`no eigenvalue is above the noise floor ${floor}: nothing counts as curved`] : [];
  return { m, warnings };
}

/**
 * m at the largest relative gap |λ_m|/|λ_{m+1}| of the spectrum ordered by size, among the eigenvalues above the
 * {@link noiseFloor}; the last of those may be followed by noise.
 * @throws UserError if there are no eigenvalues or the ridge is not a number of at least 0
 */
export function countAtGap(values: ArrayLike<number>, ridge: number): FlatSpaceChoice {
  demandValues("countAtGap", values, ridge);
  const floor = 1.01 * noiseFloor(values, ridge);
  const sizes = Float64Array.from(curvatureOrder(values), (k) => Math.abs(values[k]!));
  let m = 0;
  let widest = 1;
  for (let k = 0; k < sizes.length && sizes[k]! > floor; k++) {
    const next = sizes[k + 1];
    if (next === undefined) break;
    const gap = sizes[k]! / next;
    if (gap > widest) {
      widest = gap;
      m = k + 1;
    }
  }
  const warnings = m === 0 ? [`no gap above the noise floor ${floor}: nothing counts as curved`] : [];
  return { m, warnings };
}

/**
 * m for a threshold, as the Hessian-based toolbox of Dawid et al. (2022) has it: the signed eigenvalues above it, and
 * always at least the two largest. Warns where the threshold is below the noise floor, so that "curved" directions are
 * no better known than those of negative curvature.
 */
export function countAboveThreshold(
  values: ArrayLike<number>,
  threshold: number,
  ridge = 0,
): FlatSpaceChoice {
  demandValues("countAboveThreshold", values, ridge);
  let above = 0;
  for (let k = 0; k < values.length; k++) if (values[k]! > threshold) above++;
  const floor = noiseFloor(values, ridge);
  const warnings =
    threshold < floor
      ? [`the threshold ${threshold} is below the noise floor ${floor} (most negative eigenvalue, ridge)`]
      : [];
  return { m: Math.min(values.length, Math.max(2, above)), warnings };
}

function demandValues(where: string, values: ArrayLike<number>, ridge: number): void {
  if (values.length === 0) throw new UserError(`${where}: no eigenvalues`);
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k]!)) throw new UserError(`${where}: eigenvalue ${k} is ${values[k]}`);
  }
  if (!(ridge >= 0)) throw new UserError(`${where}: ridge ${ridge}; expected a number of at least 0`);
}
