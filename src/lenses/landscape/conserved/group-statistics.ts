import { UserError } from "../../../core/errors.ts";
import type { Matrix } from "../../../linalg/matrix.ts";

/** Fewer minima than this tell nothing: a group of four has been seen to rank a noise feature above a real one. */
export const leastMinima = 10;

/** How each coordinate varies over a group of minima, one number a coordinate. */
export interface GroupStatistics {
  members: number;
  /** μ. */
  mean: Float64Array;
  /** σ. */
  sd: Float64Array;
  /** σ/|μ|; Infinity where μ is 0 and σ is not. */
  cv: Float64Array;
  /** The weight of the members whose sign is that of μ, 0 to 1. */
  signs: Float64Array;
  /** r = |μ|/(σ + ε·max|μ|), signal over noise that stays finite. */
  ratio: Float64Array;
}

export interface GroupOptions {
  /** One for each member, such as Boltzmann's; they are normalised. Default: all alike. */
  weights?: ArrayLike<number>;
  /** ε of the stabilised ratio; default 0.05. */
  epsilon?: number;
  /** Smaller groups are refused; default {@link leastMinima}. */
  least?: number;
}

/**
 * Mean, standard deviation, coefficient of variation, sign consistency and stabilised signal over noise of each
 * coordinate over a group. With weights p: μ = Σpx and σ² = Σp(x − μ)²/(1 − Σp²), which for equal ones is the sample
 * variance. Shape of `aligned`: M × n, see {@link alignGroup}.
 * @throws UserError for fewer than `least` minima, and for weights that are none.
 */
export function groupStatistics(aligned: Matrix, options: GroupOptions = {}): GroupStatistics {
  const { epsilon = 0.05, least = leastMinima } = options;
  const { rows, cols, data } = aligned;
  requireGroup(rows, least);
  const p = normalised(options.weights, rows);
  const squares = p.reduce((sum, share) => sum + share * share, 0);
  const mean = new Float64Array(cols);
  const sd = new Float64Array(cols);
  const signs = new Float64Array(cols);
  for (let i = 0; i < cols; i++) {
    let centre = 0;
    for (let m = 0; m < rows; m++) centre += p[m]! * data[m * cols + i]!;
    let spread = 0;
    let same = 0;
    for (let m = 0; m < rows; m++) {
      const x = data[m * cols + i]!;
      spread += p[m]! * (x - centre) ** 2;
      if (Math.sign(x) === Math.sign(centre)) same += p[m]!;
    }
    mean[i] = centre;
    sd[i] = Math.sqrt(spread / (1 - squares));
    signs[i] = Math.min(1, same);
  }
  const top = mean.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return {
    ...{ members: rows, mean, sd, signs },
    cv: mean.map((mu, i) => (sd[i] === 0 ? 0 : sd[i]! / Math.abs(mu))),
    ratio: mean.map((mu, i) => (mu === 0 ? 0 : Math.abs(mu) / (sd[i]! + epsilon * top))),
  };
}

/** @throws UserError for a group of fewer than `least` minima, saying what to do. */
export function requireGroup(members: number, least: number): void {
  const refusal = groupRefusal(members, least);
  if (refusal !== undefined) throw new UserError(refusal);
}

/** Why nothing is said of a group of so few minima, and what to do; undefined for one that is large enough. */
export function groupRefusal(members: number, least: number): string | undefined {
  if (members >= least && members >= 2) return undefined;
  return `conserved weights: a group of ${members} ${members === 1 ? "minimum" : "minima"}; expected at least ${Math.max(2, least)}: explore further (more walkers or steps, less regularisation), or take a larger group`;
}

function normalised(weights: ArrayLike<number> | undefined, count: number): Float64Array {
  if (!weights) return new Float64Array(count).fill(1 / count);
  const p = Float64Array.from(weights);
  const total = p.reduce((sum, share) => sum + share, 0);
  const bad = p.findIndex((share) => !(share >= 0 && share < Infinity));
  if (p.length !== count || bad >= 0 || !(total > 0)) {
    throw new UserError(
      `groupStatistics: ${p.length} weights for ${count} minima, sum ${total}${bad >= 0 ? `, weight ${bad} is ${p[bad]}` : ""}; expected as many numbers from 0 with a sum above 0`,
    );
  }
  if (p.some((share) => share > (1 - 1e-12) * total)) {
    throw new UserError(
      "groupStatistics: one minimum has all the weight, so nothing varies; raise the temperature",
    );
  }
  return p.map((share) => share / total);
}
