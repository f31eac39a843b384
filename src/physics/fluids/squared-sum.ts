import { demand } from "../../core/errors.ts";
import type { ForceField } from "./force-field.ts";
import { addCentralForces, fillStars, type Stars } from "./star.ts";

export interface SquaredSumOptions {
  /** Strength A of f, (kcal/mol)^½. */
  amplitude?: number;
  /** Å. */
  cutoff?: number;
}

/**
 * E = Σ_i (Σ_j f(r_ij))² with f(r) = A(1 − r²/r_c²)²: a sum inside a square, as one layer of a network forms it, and
 * yet exactly two- and three-body: Σ_{i<j} 2f² + Σ_i Σ_{j<k} 2 f_ij f_ik. The energy is evaluated as the square; the
 * split is counted beside it.
 * @throws UserError for a cutoff that is not above 0.
 */
export function squaredSum(options: SquaredSumOptions = {}): ForceField {
  const { amplitude = 1, cutoff = 5 } = options;
  demand(cutoff > 0, () => `squaredSum: cutoff is ${cutoff}; expected a length in Å above 0`);
  const f = (r: number) => (r < cutoff ? amplitude * (1 - (r / cutoff) ** 2) ** 2 : 0);
  let stars: Stars | undefined;
  return {
    name: "squared sum",
    cutoff,
    highestOrder: 3,
    pairTerm: (r) => 2 * f(r) ** 2,
    tripletTerm: (a, b, c) => 2 * (f(a) * f(b) + f(a) * f(c) + f(b) * f(c)),
    accumulate(positions, pairs, out) {
      stars = fillStars(positions, pairs, cutoff, stars);
      const { first, second, r } = stars;
      const sums = new Float64Array(positions.length / 3);
      let squares = 0;
      for (let p = 0; p < stars.pairs; p++) {
        const value = f(r[p]!);
        sums[first[p]!]! += value;
        sums[second[p]!]! += value;
        squares += value * value;
      }
      const slopes = Float64Array.from({ length: stars.pairs }, (_, p) => {
        const share = r[p]! / cutoff;
        const slope = (-4 * amplitude * (1 - share * share) * share) / cutoff;
        return 2 * (sums[first[p]!]! + sums[second[p]!]!) * slope;
      });
      const total = sums.reduce((sum, value) => sum + value * value, 0);
      out.pairEnergy += 2 * squares;
      out.tripletEnergy += total - 2 * squares;
      addCentralForces(stars, slopes, out);
    },
  };
}
